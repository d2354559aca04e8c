"""The assumption registers: each number with its unit, source, owner and dates, in the bank's currency."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from linewise.core.errors import AssumptionExpired
from linewise.core.yaml_lines import line_in
from linewise.decisioning.affordability import AffordabilityPolicy
from linewise.decisioning.arbitration import ArbitrationPolicy
from linewise.decisioning.economics import Economics
from linewise.decisioning.hardship import HardshipPolicy
from linewise.decisioning.limits import LimitPolicy
from linewise.decisioning.plans import PlanPolicy, annuity_factor
from linewise.policy.amounts import MajorAmounts, amount_in
from linewise.policy.yaml_source import Strict, load_checked

__all__ = [
    "WARNED_BEFORE",
    "Assumption",
    "EconomicsFile",
    "Parameter",
    "ParametersFile",
    "load_economics",
    "load_parameters",
    "read_economics",
]

Value = TypeVar("Value")

WARNED_BEFORE = 31
"""Days before an assumption expires from which on it is told: time for its owner to look at it."""

Ratio = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=0.5)]
CardPlanKind = Literal["purchase", "statement", "balance"]
HoldoutName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]


class Parameter(Strict, Generic[Value]):
    """One number of the register, which the bank may set as it likes."""

    value: Value
    unit: str
    source: str
    owner: str
    effective_from: date


class IncomeClassShares(Strict):
    """What counts of an income by the class of its evidence: a worse class never counts more."""

    A: Ratio
    B: Ratio
    C: Ratio
    D: Ratio
    E: Ratio

    @model_validator(mode="after")
    def _never_rises(self) -> "IncomeClassShares":
        if list(self.shares) != sorted(self.shares, reverse=True):
            raise ValueError("the shares of A, B, C, D and E must never rise from one class to the next")
        return self

    @property
    def shares(self) -> tuple[float, float, float, float, float]:
        """In the order of the classes."""
        return self.A, self.B, self.C, self.D, self.E


class Assumption(Parameter[Value], Generic[Value]):
    """One number that the world may prove wrong: it is looked at again by the day it expires."""

    expires_on: date

    @model_validator(mode="after")
    def _expires_after_it_begins(self) -> "Assumption[Value]":
        if self.expires_on <= self.effective_from:
            raise ValueError(f"expires_on must be after effective_from, {self.effective_from.isoformat()}")
        return self


def _rise(bands: list[tuple[float, float]]) -> list[tuple[float, float]]:
    for before, after in pairwise(bands):
        if not (before[0] < after[0] and before[1] <= after[1]):
            raise ValueError(f"both numbers must rise from band to band: {before} is followed by {after}")
        if after[1] * before[0] > before[1] * after[0]:
            raise ValueError(f"a higher limit would owe less at default: {after} lies too high beside {before}")
    return bands


Rate = Assumption[Ratio]
Weight = Assumption[Annotated[float, Field(ge=0, le=12.5)]]
Years = Assumption[Annotated[float, Field(ge=0, le=30)]]
Slope = Assumption[Annotated[float, Field(ge=0, le=5)]]
Bands = Assumption[
    Annotated[
        list[tuple[Annotated[float, Field(ge=0, le=5)], Annotated[float, Field(ge=0, le=1.5)]]],
        Field(min_length=2),
        AfterValidator(_rise),
    ]
]


class EconomicsFile(Strict):
    """The shape of economics.yaml; a field of `Economics` each, an amount without its `_amt`."""

    card_rate_ratio: Rate
    loan_rate_ratio: Rate
    funding_rate_ratio: Rate
    interchange_ratio: Rate
    reward_ratio: Rate
    tax_ratio: Rate
    revolver_risk_weight_ratio: Weight
    transactor_risk_weight_ratio: Weight
    revolver_undrawn_ratio: Rate
    transactor_undrawn_ratio: Rate
    capital_requirement_ratio: Rate
    capital_cost_ratio: Rate
    loss_given_default_ratio: Rate
    collection_cost_ratio: Rate
    defaulter_interest_ratio: Rate
    exposure_bands: Bands
    added_exposure_bands: Bands
    stage_move_factor: Assumption[Annotated[float, Field(ge=0, le=20)]]
    behavioural_life_years: Assumption[Annotated[float, Field(ge=1, le=30)]]
    balance_ramp_ratio: Rate
    terminal_years: Years
    revolver_prior_ratio: Rate
    revolver_conversion_ratio: Rate
    cycle_demand_spread_ratio: Assumption[Annotated[float, Field(gt=0, le=3)]]
    decline_attrition_ratio: Rate
    decline_attrition_error_ratio: Rate
    relationship_margin: Assumption[MajorAmounts]
    limit_change_cost: Assumption[MajorAmounts]
    loan_operating_cost: Assumption[MajorAmounts]
    unmodelled_borrowing_ratio: Rate
    unmodelled_borrowing_error_ratio: Rate
    first_line_borrowing_ratio: Rate
    first_line_borrowing_error_ratio: Rate
    unmodelled_spend_ratio: Assumption[Annotated[float, Field(ge=0, le=12)]]
    unmodelled_spend_error_ratio: Assumption[Annotated[float, Field(ge=0, le=12)]]
    unmodelled_default_slope: Slope
    unmodelled_default_slope_error: Slope

    @property
    def assumptions(self) -> dict[str, Assumption[Any]]:
        """Every assumption by its name, in the order of the register."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def expired(self, on: date) -> list[str]:
        """The names of those that no longer hold on that day: an assumption holds through the day it expires on."""
        return [name for name, one in self.assumptions.items() if one.expires_on < on]


class ParametersFile(Strict):
    """The shape of parameters.yaml."""

    disposable_share_ratio: Parameter[Ratio]
    income_spread_haircut_ratio: Parameter[Ratio]
    minimum_income_months_count: Parameter[Annotated[int, Field(ge=1, le=6)]]
    income_class_share_ratios: Parameter[IncomeClassShares]
    income_class_days: Parameter[Annotated[int, Field(ge=30, le=3_650)]]
    essential_floor: Parameter[MajorAmounts]
    essential_least_share_ratio: Parameter[Ratio]
    limit_step: Parameter[MajorAmounts]
    limit_minimum: Parameter[MajorAmounts]
    new_line_most: Parameter[MajorAmounts]
    raise_most_ratio: Parameter[Annotated[float, Field(gt=0, le=4)]]
    # Above a quarter a higher risk could raise a limit: see suggest_limits.
    pd_ceiling_ratio: Parameter[Annotated[float, Field(gt=0, le=0.25)]]
    caution_errors: Parameter[Annotated[float, Field(ge=0, le=4)]]
    requested_loss_most: Parameter[MajorAmounts]
    temporary_days_most: Parameter[Annotated[int, Field(ge=1, le=93)]]
    temporary_income_months: Parameter[Annotated[float, Field(ge=0, le=6)]]
    # A folder of before a second of an agent had a price does not name it.
    raise_say_seconds: Parameter[Annotated[float, Field(ge=0, le=600)]] | None = None
    grid_count: Parameter[Annotated[int, Field(ge=5, le=200)]]
    # A personal plan may run for five years at most: CN-CC-70b, CN-13-11.
    term_months: Parameter[Annotated[list[Annotated[int, Field(ge=1, le=60)]], Field(min_length=1)]]
    reference_term_months: Parameter[Annotated[int, Field(ge=1, le=60)]]
    plans_shown_count: Parameter[Count]
    plan_rate_ratios: Parameter[dict[CardPlanKind, Ratio]]
    plan_fee_forms: Parameter[dict[CardPlanKind, Literal["reducing", "flat"]]]
    plan_flat_fee_ratios: Parameter[dict[Annotated[int, Field(ge=1, le=60)], Annotated[float, Field(ge=0, le=0.05)]]]
    plan_settlement: Parameter[dict[Literal["reducing", "flat"], Literal["nothing", "penalty", "remaining_fees"]]]
    plan_settlement_penalty_ratio: Parameter[Annotated[float, Field(ge=0, le=0.2)]]
    plan_minimum: Parameter[MajorAmounts]
    plan_maximum: Parameter[MajorAmounts]
    plan_take_up_ratio: Parameter[Annotated[float, Field(gt=0, lt=1)]]
    plan_take_up_comfort: Parameter[Annotated[float, Field(ge=0, le=10)]]
    plan_take_up_saving: Parameter[Annotated[float, Field(ge=0, le=20)]]
    hardship_fee_waiver: Parameter[MajorAmounts]
    hardship_relief_months: Parameter[Annotated[int, Field(ge=1, le=6)]]
    hardship_rate_ratios: Parameter[Annotated[list[Ratio], Field(min_length=1)]]
    hardship_rate_term_months: Parameter[Annotated[list[Annotated[int, Field(ge=1, le=60)]], Field(min_length=1)]]
    hardship_personal_term_months: Parameter[Annotated[list[Annotated[int, Field(ge=1, le=60)]], Field(min_length=1)]]
    # Above 1 a mere stretch of the term would seem to help, which it does not (Dobbie and Song, AER 2020).
    hardship_burden_hazard: Parameter[Annotated[float, Field(ge=0, le=1)]]
    hardship_overhang_hazard: Parameter[Annotated[float, Field(ge=0, le=2)]]
    # A half or less would let off what is more likely paid; registers from before it was asked for name none.
    hardship_deep_cut_pd_ratio: Parameter[Annotated[float, Field(gt=0.5, le=1)]] | None = None
    offers_shown_count: Parameter[Annotated[int, Field(ge=1, le=3)]]
    help_shown_count: Parameter[Annotated[int, Field(ge=1, le=5)]]
    exploration_ratio: Parameter[Annotated[float, Field(ge=0, le=0.1)]]
    raise_take_up_ratio: Parameter[Ratio]
    # Read by linewise.policy.terms: who is left out, caps from income, grace, holidays.
    business_as_usual_share_ratio: Parameter[Share]
    exploration_cell_share_ratio: Parameter[Share]
    holdout_share_ratios: Parameter[dict[HoldoutName, Share]]
    # A policy of before there was one has none.
    global_holdout_share_ratio: Parameter[Share] | None = None
    own_total_cap_income_months: Parameter[Annotated[float, Field(ge=0, le=60)]]
    all_credit_cap_income_months: Parameter[Annotated[float, Field(ge=0, le=240)]]
    grace_days: Parameter[Annotated[float, Field(ge=0, le=30)]]
    grace: Parameter[MajorAmounts]
    public_holidays: Parameter[dict[str, list[date]]]

    @model_validator(mode="after")
    def _reference_is_on_offer(self) -> "ParametersFile":
        if self.reference_term_months.value not in self.term_months.value:
            raise ValueError("reference_term_months must be one of term_months")
        return self


def read_economics(folder: Path) -> EconomicsFile:
    """The register of a policy folder, as it stands in the file."""
    return load_checked(folder / "economics.yaml", EconomicsFile)


def load_economics(folder: Path, currency: str, on: date) -> Economics:
    """The assumptions of value in the bank's currency, as they hold on a day.

    Raises AssumptionExpired, naming the first that expired before that day and its line, and PolicyInvalid
    where an amount is not given in the currency.
    """
    path, file = folder / "economics.yaml", read_economics(folder)
    for name in file.expired(on):
        raise _expired(path, name, file.assumptions[name])
    values = {name: one.value for name, one in file.assumptions.items() if not isinstance(one.value, dict)}
    amounts = {
        f"{name}_amt": amount_in(one.value, currency, name, path)
        for name, one in file.assumptions.items()
        if isinstance(one.value, dict)
    }
    bands = {
        name: tuple((used, share) for used, share in getattr(file, name).value)
        for name in ("exposure_bands", "added_exposure_bands")
    }
    return Economics(**(values | amounts | bands))


def _expired(path: Path, name: str, assumption: Assumption[Any]) -> AssumptionExpired:
    line = line_in(path, (name, "expires_on"))
    return AssumptionExpired(
        f"{path} line {line}: the assumption {name} expired on {assumption.expires_on.isoformat()}.",
        "Nothing is decided on an assumption that nobody answers for any more.",
        f"Let its owner ({assumption.owner}) look at it, then give it a new value or a later expires_on.",
        line=line,
        problem=f"the assumption {name} expired on {assumption.expires_on.isoformat()}.",
    )


def load_parameters(
    folder: Path, currency: str, economics: Economics
) -> tuple[AffordabilityPolicy, LimitPolicy, PlanPolicy, HardshipPolicy, ArbitrationPolicy]:
    """The parameters of budget, limit, plans, hardship and arbitration in the bank's currency."""
    path, loan_rate = folder / "parameters.yaml", economics.loan_rate_ratio
    file = load_checked(path, ParametersFile)
    affordability = AffordabilityPolicy(
        disposable_share_ratio=file.disposable_share_ratio.value,
        income_spread_haircut_ratio=file.income_spread_haircut_ratio.value,
        minimum_income_months_count=file.minimum_income_months_count.value,
        income_class_share_ratios=file.income_class_share_ratios.value.shares,
        income_class_days=file.income_class_days.value,
        essential_floor_amt=amount_in(file.essential_floor.value, currency, "essential_floor", path),
        essential_least_share_ratio=file.essential_least_share_ratio.value,
        loan_payment_ratio=float(annuity_factor(loan_rate, np.array([file.reference_term_months.value]))[0]),
    )
    limit = LimitPolicy(
        step_amt=amount_in(file.limit_step.value, currency, "limit_step", path),
        minimum_amt=amount_in(file.limit_minimum.value, currency, "limit_minimum", path),
        new_line_most_amt=amount_in(file.new_line_most.value, currency, "new_line_most", path),
        raise_most_ratio=file.raise_most_ratio.value,
        pd_ceiling_ratio=file.pd_ceiling_ratio.value,
        grid_count=file.grid_count.value,
        caution_errors=file.caution_errors.value,
        requested_loss_most_amt=amount_in(file.requested_loss_most.value, currency, "requested_loss_most", path),
        temporary_days_most=file.temporary_days_most.value,
        temporary_income_months=file.temporary_income_months.value,
        raise_say_seconds=file.raise_say_seconds.value if file.raise_say_seconds else 0.0,
    )
    plan = PlanPolicy(
        term_months=tuple(sorted(file.term_months.value)),
        annual_rate_ratio=loan_rate,
        shown_count=file.plans_shown_count.value,
        rate_ratios=dict(file.plan_rate_ratios.value.items()),
        fee_forms=dict(file.plan_fee_forms.value.items()),
        flat_fee_ratios=file.plan_flat_fee_ratios.value,
        card_rate_ratio=economics.card_rate_ratio,
        minimum_amt=amount_in(file.plan_minimum.value, currency, "plan_minimum", path),
        maximum_amt=amount_in(file.plan_maximum.value, currency, "plan_maximum", path),
        settlement=dict(file.plan_settlement.value.items()),
        settlement_penalty_ratio=file.plan_settlement_penalty_ratio.value,
        burden_hazard=file.hardship_burden_hazard.value,
        take_up_ratio=file.plan_take_up_ratio.value,
        take_up_comfort=file.plan_take_up_comfort.value,
        take_up_saving=file.plan_take_up_saving.value,
    )
    hardship = HardshipPolicy(
        fee_waiver_amt=amount_in(file.hardship_fee_waiver.value, currency, "hardship_fee_waiver", path),
        relief_months=file.hardship_relief_months.value,
        rate_ratios=tuple(sorted(file.hardship_rate_ratios.value, reverse=True)),
        rate_term_months=tuple(sorted(file.hardship_rate_term_months.value)),
        personal_term_months=tuple(sorted(file.hardship_personal_term_months.value)),
        burden_hazard=file.hardship_burden_hazard.value,
        overhang_hazard=file.hardship_overhang_hazard.value,
        deep_cut_pd_ratio=1.0 if file.hardship_deep_cut_pd_ratio is None else file.hardship_deep_cut_pd_ratio.value,
    )
    arbitration = ArbitrationPolicy(
        shown_count=file.offers_shown_count.value,
        exploration_ratio=file.exploration_ratio.value,
        help_shown_count=file.help_shown_count.value,
        raise_take_up_ratio=file.raise_take_up_ratio.value,
    )
    return affordability, limit, plan, hardship, arbitration

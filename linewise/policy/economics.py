"""The assumption registers: each number with its unit, source, owner and date, in the bank's currency."""

from datetime import date
from pathlib import Path
from typing import Annotated, Generic, TypeVar

import numpy as np
from pydantic import Field, model_validator

from linewise.decisioning.affordability import AffordabilityPolicy
from linewise.decisioning.arbitration import ArbitrationPolicy
from linewise.decisioning.limits import LimitPolicy
from linewise.decisioning.plans import PlanPolicy, annuity_factor
from linewise.decisioning.value import Economics
from linewise.policy.amounts import MajorAmounts, amount_in
from linewise.policy.yaml_source import Strict, load_checked

__all__ = ["EconomicsFile", "ParametersFile", "load_economics", "load_parameters"]

Value = TypeVar("Value")
Ratio = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=0.5)]
HoldoutName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]


class Assumption(Strict, Generic[Value]):
    """One number of the register."""

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


class EconomicsFile(Strict):
    """The shape of economics.yaml."""

    loan_rate_ratio: Assumption[Ratio]
    funding_rate_ratio: Assumption[Ratio]
    risk_weight_ratio: Assumption[Annotated[float, Field(ge=0, le=12.5)]]
    capital_requirement_ratio: Assumption[Ratio]
    capital_cost_ratio: Assumption[Ratio]
    loss_given_default_ratio: Assumption[Ratio]
    loan_operating_cost: Assumption[MajorAmounts]
    interchange_ratio: Assumption[Ratio]
    reward_ratio: Assumption[Ratio]
    tax_ratio: Assumption[Ratio]
    unmodelled_borrowing_ratio: Assumption[Ratio]
    unmodelled_borrowing_error_ratio: Assumption[Ratio]
    unmodelled_spend_ratio: Assumption[Ratio]
    unmodelled_spend_error_ratio: Assumption[Ratio]


class ParametersFile(Strict):
    """The shape of parameters.yaml."""

    disposable_share_ratio: Assumption[Ratio]
    income_spread_haircut_ratio: Assumption[Ratio]
    minimum_income_months_count: Assumption[Annotated[int, Field(ge=1, le=6)]]
    income_class_share_ratios: Assumption[IncomeClassShares]
    income_class_days: Assumption[Annotated[int, Field(ge=30, le=3_650)]]
    essential_floor: Assumption[MajorAmounts]
    essential_least_share_ratio: Assumption[Ratio]
    limit_step: Assumption[MajorAmounts]
    limit_minimum: Assumption[MajorAmounts]
    curve_floor: Assumption[MajorAmounts]
    pd_ceiling_ratio: Assumption[Ratio]
    grid_count: Assumption[Annotated[int, Field(ge=5, le=200)]]
    # A personal plan may run for five years at most: CN-CC-70b, CN-13-11.
    term_months: Assumption[Annotated[list[Annotated[int, Field(ge=1, le=60)]], Field(min_length=1)]]
    reference_term_months: Assumption[Annotated[int, Field(ge=1, le=60)]]
    plans_shown_count: Assumption[Count]
    offers_shown_count: Assumption[Annotated[int, Field(ge=1, le=3)]]
    help_shown_count: Assumption[Annotated[int, Field(ge=1, le=5)]]
    exploration_ratio: Assumption[Annotated[float, Field(ge=0, le=0.1)]]
    # Read by linewise.policy.terms: who is left out, caps from income, grace, holidays.
    business_as_usual_share_ratio: Assumption[Share]
    exploration_cell_share_ratio: Assumption[Share]
    holdout_share_ratios: Assumption[dict[HoldoutName, Share]]
    own_total_cap_income_months: Assumption[Annotated[float, Field(ge=0, le=60)]]
    all_credit_cap_income_months: Assumption[Annotated[float, Field(ge=0, le=240)]]
    grace_days: Assumption[Annotated[float, Field(ge=0, le=30)]]
    grace: Assumption[MajorAmounts]
    public_holidays: Assumption[dict[str, list[date]]]

    @model_validator(mode="after")
    def _reference_is_on_offer(self) -> "ParametersFile":
        if self.reference_term_months.value not in self.term_months.value:
            raise ValueError("reference_term_months must be one of term_months")
        return self


def load_economics(folder: Path, currency: str) -> Economics:
    """The assumptions of value in the bank's currency."""
    path = folder / "economics.yaml"
    file = load_checked(path, EconomicsFile)
    cost = amount_in(file.loan_operating_cost.value, currency, "loan_operating_cost", path)
    ratios = {name: getattr(file, name).value for name in EconomicsFile.model_fields if name.endswith("_ratio")}
    return Economics(**ratios, loan_operating_cost_amt=cost)


def load_parameters(
    folder: Path, currency: str, annual_rate_ratio: float
) -> tuple[AffordabilityPolicy, LimitPolicy, PlanPolicy, ArbitrationPolicy]:
    """The parameters of budget, limit, plans and arbitration in the bank's currency."""
    path = folder / "parameters.yaml"
    file = load_checked(path, ParametersFile)
    affordability = AffordabilityPolicy(
        disposable_share_ratio=file.disposable_share_ratio.value,
        income_spread_haircut_ratio=file.income_spread_haircut_ratio.value,
        minimum_income_months_count=file.minimum_income_months_count.value,
        income_class_share_ratios=file.income_class_share_ratios.value.shares,
        income_class_days=file.income_class_days.value,
        essential_floor_amt=amount_in(file.essential_floor.value, currency, "essential_floor", path),
        essential_least_share_ratio=file.essential_least_share_ratio.value,
        loan_payment_ratio=float(annuity_factor(annual_rate_ratio, np.array([file.reference_term_months.value]))[0]),
    )
    limit = LimitPolicy(
        step_amt=amount_in(file.limit_step.value, currency, "limit_step", path),
        minimum_amt=amount_in(file.limit_minimum.value, currency, "limit_minimum", path),
        curve_floor_amt=amount_in(file.curve_floor.value, currency, "curve_floor", path),
        pd_ceiling_ratio=file.pd_ceiling_ratio.value,
        grid_count=file.grid_count.value,
    )
    plan = PlanPolicy(
        term_months=tuple(sorted(file.term_months.value)),
        reference_term_months=file.reference_term_months.value,
        annual_rate_ratio=annual_rate_ratio,
        shown_count=file.plans_shown_count.value,
    )
    arbitration = ArbitrationPolicy(
        shown_count=file.offers_shown_count.value,
        exploration_ratio=file.exploration_ratio.value,
        help_shown_count=file.help_shown_count.value,
    )
    return affordability, limit, plan, arbitration

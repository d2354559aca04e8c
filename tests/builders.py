"""Short builders of what a decision takes, each with sensible defaults that a test overrides by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import numpy as np

from features.catalogue import FEATURE_NAMES
from linewise.decisioning.decide import DecisionPolicy, decide
from linewise.decisioning.offers import Offers
from linewise.decisioning.prices import NO_PRICES, Prices
from linewise.decisioning.scorers import AmountCoefficients, Contributions, DefaultCoefficients, Dose, LimitResponse
from linewise.decisioning.types import Context, Customers, Decisions, Floats, Ints, State
from linewise.policy.policy import Policy, load_policy

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

ORDINARY = {
    "age_years": 40.0,
    "history_days": 400.0,
    "income_mean_amt_6m": 1_000_000.0,
    "income_p25_amt_6m": 950_000.0,
    "income_spread_ratio_6m": 0.1,
    "income_months_count_6m": 6.0,
    "income_amt_12m": 12_000_000.0,
    "essential_mean_amt_6m": 300_000.0,
    "obligation_mean_amt_6m": 0.0,
    "debit_sum_amt_90d": 2_400_000.0,
    "negative_balance_days_180d": 0.0,
    "penalty_interest_count_180d": 0.0,
}
"""A customer with an ordinary income, in minor units, to whom everything may be offered."""

NOTHING_AGAINST: Mapping[str, float | str] = {
    # What a bank knows of the ordinary customer beside the features. Consents, evidence and other lenders:
    "has_stable_income": 1.0,
    "has_independent_income": 1.0,
    "has_marketing_consent": 1.0,
    "has_sensitive_data_consent": 1.0,
    "has_limit_raise_consent": 1.0,
    "has_credit_record": 1.0,
    "income_evidence_class": "A",
    "income_evidence_age_days": 100.0,
    "income_evidence_amt": np.nan,
    "income_class": "A",
    "residual_income_amt": 600_000.0,
    "obligation_payment_amt": 0.0,
    "other_bank_card_limit_amt": 0.0,
    "other_own_limit_amt": 0.0,
    "own_loan_balance_amt": 0.0,
    "card_balance_amt": np.nan,
    "total_card_debt_amt": np.nan,
    "overdue_amt": 0.0,
    "repayment_ability_amt": np.nan,
    "other_debt_payment_amt": 0.0,
    "loan_payment_amt": 0.0,
    "card_plan_payment_amt": 0.0,
    "card_plan_left_amt": 0.0,
    "minimum_payment_ratio": np.nan,
    "minimum_payment_floor_amt": np.nan,
    "own_total_cap_amt": 1e9,
    "all_credit_cap_amt": 1e9,
    "minimum_payment_full_line_amt": 0.0,
    "bureau_age_days": 30.0,
    "bureau_is_authorised": 1.0,
    "bureau_has_purpose": 1.0,
    "issuing_bank_count": 1.0,
    "card_count": 1.0,
    "dormant_share_ratio": 0.1,
    "contact_point_changed_days": np.nan,
    "feature_age_days": 0.0,
    "days_since_limit_declined": np.nan,
    **dict.fromkeys(
        (
            *("is_student", "is_staff", "is_related_party", "is_vulnerable", "is_aml_flagged"),
            *("is_late", "is_within_grace", "is_in_early_difficulty", "is_in_art70_plan", "is_restructured"),
            *("has_guarantor_consent", "has_refused_automation", "has_asked_for_human", "has_withdrawn_profiling"),
            *("is_on_do_not_call", "is_personalisation_off", "is_prescreen_opted_out", "is_cash_out_suspected"),
            *("over_limit_cycles_count", "impression_count_30d", "decline_count_call", "debt_action_count_call"),
            *("is_outbound", "is_third_person_calling", "has_voiced_complaint", "has_signalled_hardship"),
            *("is_held_out", "instalment_pitch_count_cycle", "has_open_counter_offer", "is_holiday_morning"),
        ),
        0.0,
    ),
}
"""And nothing of it stands against an offer or a raise."""


@cache
def a_policy(currency: str = "CNY") -> Policy:
    """The standard policy, all of it."""
    return load_policy(None, currency, FEATURE_NAMES, TODAY)


def some_customers(*overrides: Mapping[str, float], currency: str = "CNY", **everywhere: float) -> Customers:
    """One ordinary customer for each mapping of overrides, or a single one; C0, C1, …"""
    rows = [ORDINARY | everywhere | dict(one) for one in (overrides or ({},))]
    features = np.array([[row.get(name, np.nan) for name in FEATURE_NAMES] for row in rows])
    return Customers(
        customer_id=np.array([f"C{i}" for i in range(len(rows))]),
        as_of=np.array(["2026-11-23"] * len(rows), dtype="datetime64[us]"),
        currency=currency,
        feature_names=FEATURE_NAMES,
        features=features,
        current_limit_amt=np.array([int(row.get("current_limit_amt", 0)) for row in rows]),
        facts={name: np.array([row.get(name, known) for row in rows]) for name, known in NOTHING_AGAINST.items()},
    )


def a_state(customers: Customers, offers: Offers, **changes: Any) -> State:
    """Nothing held, nothing declined, nothing open; each change is one value for all customers."""
    shape = (len(customers), len(offers))
    numbers = {"held_tier", "days_since_declined", "days_since_group_declined", "postponed_until_days"}
    numbers |= {"granted_amt_365d"}
    wide = numbers | {"has_said_already_has", "is_grant_budget_spent", "is_contact_budget_spent"}
    wide |= {"is_campaign_control"}
    values: dict[str, Any] = dict.fromkeys(numbers, np.nan) | dict.fromkeys(set(State.__slots__) - numbers, False)
    values["granted_amt_365d"] = 0.0
    values |= changes
    return State(
        **{
            name: np.broadcast_to(
                np.asarray(value, dtype=float if name in numbers else bool), shape if name in wide else shape[:1]
            ).copy()
            for name, value in values.items()
        }
    )


def a_context(**changes: Any) -> Context:
    """A verified caller on the phone, in English."""
    return replace(Context(channel="voice", decided_at=NOW, language="en"), **changes)


@dataclass(frozen=True)
class FixedScorers:
    """Scorers whose answers a test chooses: take-up by offer, one curve of each kind for all."""

    propensity: tuple[float, ...] = (0.3, 0.2, 0.1)
    offset: float = -4.0
    slope: float = 0.5
    slope_error: float = 0.0
    balance_amt: float = 0.0
    borrowing_amt: float = 12e6
    borrowing_error_amt: float = 0.0
    spend_amt: float = 0.0
    spending_amt: float = 1.5e6
    spending_error_amt: float = 0.0
    horizon_months: float = 24.0
    versions: Mapping[str, str] = field(default_factory=lambda: {"default": "1", "card_take_up": "1"})
    has_control_group: bool = False

    def take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Floats:
        return np.array(self.propensity)[columns]

    def uplift(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints, taken_if_shown: Floats) -> Floats:
        return taken_if_shown / 2.0

    def default(self, customers: Customers) -> DefaultCoefficients:
        every = np.ones(len(customers))
        lent = Dose(np.zeros(len(customers), dtype=np.int64), 12e6 * every)
        return DefaultCoefficients(
            self.offset * every, self.slope * every, self.slope_error * every, lent, self.horizon_months
        )

    def limit_response(self, customers: Customers) -> LimitResponse:
        every = np.ones(len(customers))
        raised = Dose(customers.current_limit_amt, np.maximum(customers.current_limit_amt, 12e6))
        return LimitResponse(
            self.default(customers),
            AmountCoefficients(
                self.balance_amt * every, self.borrowing_amt * every, self.borrowing_error_amt * every, raised
            ),
            AmountCoefficients(
                self.spend_amt * every, self.spending_amt * every, self.spending_error_amt * every, raised
            ),
            np.zeros(len(customers), dtype=np.bool_),
            {name: np.full(len(customers), f"{name}:1") for name in ("default", "balance", "spend")},
        )

    def explain_take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Contributions:
        names = ("income_mean_amt_6m", "income_p25_amt_6m", "balance_amt", "age_years")
        return Contributions(names, np.tile([0.2, 0.3, 0.4, 9.0], (len(rows), 1)))

    def explain_default(self, customers: Customers, rows: Ints) -> Contributions:
        names = ("income_mean_amt_6m", "balance_amt", "negative_balance_days_180d", "age_years")
        return Contributions(names, np.tile([-0.5, -0.2, 0.7, -9.0], (len(rows), 1)))


def decided(
    customers: Customers | None = None,
    scorers: FixedScorers | None = None,
    policy: DecisionPolicy | None = None,
    context: Context | None = None,
    seed: int = 1,
    prices: Prices = NO_PRICES,
    **state: Any,
) -> Decisions:
    """One decision of the standard policy with whatever the test changes."""
    policy = policy or a_policy().decision
    customers = customers if customers is not None else some_customers()
    return decide(
        customers,
        a_state(customers, policy.offers, **state),
        context or a_context(),
        policy,
        scorers or FixedScorers(),
        prices,
        seed,
    )

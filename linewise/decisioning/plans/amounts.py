"""What is put into a plan: of which kind, how much, and why nothing can be where nothing can."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.arrays import first_match, or_zero
from linewise.decisioning.plans.policy import KINDS, LOAN, PlanPolicy
from linewise.decisioning.types import Bools, Context, Customers, Floats, Ints, Texts

__all__ = [
    "ABOVE_OWED",
    "IN_INSTALMENTS",
    "NOTHING_OWED",
    "NOT_POSITIVE",
    "TOO_LARGE",
    "TOO_SMALL",
    "PlanAmounts",
    "amounts_to_plan",
]

NOT_POSITIVE, ABOVE_OWED, NOTHING_OWED = "PLAN_NOT_POSITIVE", "PLAN_ABOVE_OWED", "PLAN_NOTHING_OWED"
IN_INSTALMENTS, TOO_SMALL, TOO_LARGE = "PLAN_IN_INSTALMENTS", "PLAN_TOO_SMALL", "PLAN_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class PlanAmounts:
    """kind, amount_amt (minor units), is_of_instalment, problem: (n_customers,).

    is_of_instalment: some of the amount is in an instalment plan already. problem: the code of what is wrong
    with the amount, empty where nothing is; plans are priced for the amount all the same, where it is one.
    """

    kind: Texts
    amount_amt: Ints
    is_of_instalment: Bools
    problem: Texts


def _kinds(customers: Customers, asked_kind: str) -> Texts:
    """What was asked for; else the statement of who has a card, and a loan within the raise for who has none."""
    if asked_kind:
        return np.full(len(customers), asked_kind)
    has_card = (or_zero(customers.feature("statement_count_365d")) > 0) | (customers.current_limit_amt > 0)
    return np.where(has_card, "statement", LOAN)


def _owed(customers: Customers, kind: Texts) -> Ints:
    """What is owed of each customer's kind, (n_customers,), a running plan on a card included; 0 for a loan."""
    last = customers.fact("card_balance_amt")
    statement = np.maximum(np.where(np.isnan(last), or_zero(customers.feature("statement_balance_amt")), last), 0.0)
    every_card = or_zero(customers.fact("total_card_debt_amt"))
    bought = or_zero(customers.feature("purchase_sum_amt_30d"))
    of_kind: dict[str, Floats] = {
        # A purchase is spread before its statement closed, so it need not be on the last one.
        "purchase": bought,
        "statement": statement,
        "balance": np.maximum(every_card, statement),
        LOAN: np.zeros(len(customers)),
    }
    return first_match([kind == name for name in KINDS], [of_kind[name] for name in KINDS], 0.0).astype(np.int64)


def amounts_to_plan(customers: Customers, raise_amt: Ints, context: Context, policy: PlanPolicy) -> PlanAmounts:
    """What each customer's plan would be for.

    raise_amt (n_customers,): the suggested limit less the one in force, which a loan is for; of a loan the
    customer may ask for a part within the suggested line. Without a request the plan is for all that is owed
    and in no plan yet. What is in a plan already is not put into another one (银保监规〔2022〕13号).
    """
    asks = context.asked_for == "plan"
    kind = _kinds(customers, context.asked_plan_kind if asks else "")
    asked_amt = context.asked_amt if asks else None
    is_loan = kind == LOAN
    owed = _owed(customers, kind)
    in_plans = or_zero(customers.fact("card_plan_left_amt")).astype(np.int64)
    # Purchases of the last days are new; what stands on statements holds what runs in plans.
    free = np.where(kind == "purchase", owed, np.maximum(owed - in_plans, 0))
    most = np.where(is_loan, customers.current_limit_amt + raise_amt, owed)
    if asked_amt is None:
        amount = np.where(is_loan, raise_amt, free)
    else:
        amount = np.where(is_loan, np.minimum(asked_amt, most), asked_amt)
    is_of_instalment = ~is_loan & (amount > free) & (amount <= owed)
    all_in_plans = ~is_loan & (owed > 0) & (free == 0)
    problem = first_match(
        [
            np.full(len(customers), asked_amt is not None and asked_amt <= 0),
            ~is_loan & (owed == 0),
            all_in_plans | is_of_instalment,
            ~is_loan & (amount > owed),
            (amount > 0) & (amount < policy.minimum_amt),
            amount > policy.maximum_amt,
        ],
        [NOT_POSITIVE, NOTHING_OWED, IN_INSTALMENTS, ABOVE_OWED, TOO_SMALL, TOO_LARGE],
        "",
    )
    usable = np.where((amount > owed) & ~is_loan, 0, np.clip(amount, 0, policy.maximum_amt))
    return PlanAmounts(kind, usable.astype(np.int64), is_of_instalment | all_in_plans, problem)

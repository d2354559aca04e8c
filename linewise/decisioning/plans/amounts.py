"""What is put into a plan: of which kind, how much, and why nothing can be where nothing can."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.plans.planned import SEEN, TOLD, planned
from linewise.decisioning.plans.policy import KINDS, LOAN, PlanPolicy
from linewise.decisioning.types import Bools, Context, Customers, Ints, Texts

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

_PROBLEMS = np.array(["", NOT_POSITIVE, NOTHING_OWED, IN_INSTALMENTS, ABOVE_OWED, TOO_SMALL, TOO_LARGE])
"""By the places that `planned` gives."""


@dataclass(frozen=True, slots=True)
class PlanAmounts:
    """kind, place, amount_amt (minor units), is_of_instalment, problem: (n_customers,).

    place: that of the kind in KINDS, behind them that of any other. is_of_instalment: some of the amount is in an
    instalment plan already. problem: the code of what is wrong with the amount, empty where nothing is; plans are
    priced for the amount all the same, where it is one.
    """

    kind: Texts
    place: Ints
    amount_amt: Ints
    is_of_instalment: Bools
    problem: Texts

    @property
    def is_loan(self) -> Bools:
        """Whose plan is a loan within the raise, (n_customers,)."""
        return np.asarray(self.place == KINDS.index(LOAN))


def amounts_to_plan(customers: Customers, raise_amt: Ints, context: Context, policy: PlanPolicy) -> PlanAmounts:
    """What each customer's plan would be for.

    raise_amt (n_customers,): the suggested limit less the one in force, which a loan is for; of a loan the
    customer may ask for a part within the suggested line. Without a request the plan is for all that is owed
    and in no plan yet, a loan within the raise for who has no card. What is in a plan already is not put into another
    one (银保监规〔2022〕13号).
    """
    asks = context.asked_for == "plan"
    kind, asked_amt = (context.asked_plan_kind, context.asked_amt) if asks else ("", None)
    names = _names(kind)
    place, amount, is_of_instalment, problem = planned(
        customers.features_of(SEEN),
        customers.facts_of(TOLD),
        customers.current_limit_amt,
        raise_amt,
        (names.index(kind) if kind else -1, asked_amt is not None, asked_amt or 0),
        (policy.minimum_amt, policy.maximum_amt),
    )
    return PlanAmounts(np.array(names)[place], place, amount, is_of_instalment, _PROBLEMS[problem])


def _names(kind: str) -> tuple[str, ...]:
    return KINDS if kind in KINDS else (*KINDS, kind)

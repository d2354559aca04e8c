"""A plan that was decided, line by line: its schedule, and what it costs to settle it early."""

from collections.abc import Sequence
from datetime import date

from linewise.decisioning.plans.policy import FLAT, PlanPolicy
from linewise.decisioning.plans.schedule import Instalment, flat_schedule_of, schedule_of
from linewise.decisioning.plans.settlement import NOTHING, Settlement, settlements_of
from linewise.decisioning.types import PlanDecisions

__all__ = ["schedule_of_plan", "settlements_of_plan"]


def schedule_of_plan(
    plans: PlanDecisions, row: int, column: int, policy: PlanPolicy, first_day: date
) -> Sequence[Instalment]:
    """The lines of the plan of one customer and term, as it was priced."""
    kind, amount = str(plans.kind[row]), int(plans.amount_amt[row])
    term = int(plans.term_months[column])
    if policy.form_of(kind) == FLAT:
        return flat_schedule_of(amount, float(policy.fees()[column]), term, first_day)
    return schedule_of(amount, int(plans.payment_amt[row, column]), policy.rate_of(kind), term, first_day)


def settlements_of_plan(
    plans: PlanDecisions, row: int, lines: Sequence[Instalment], policy: PlanPolicy
) -> Sequence[Settlement]:
    """That plan settled after 1, 3 and 6 months, by the terms of its form."""
    terms = policy.settlement.get(policy.form_of(str(plans.kind[row])), NOTHING)
    return settlements_of(int(plans.amount_amt[row]), lines, terms, policy.settlement_penalty_ratio)

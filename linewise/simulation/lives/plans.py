"""Instalment plans on the card: what is put into them, and what each month bills of them."""

from typing import Any

from linewise.simulation.lives.book import note
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import uniform
from linewise.simulation.lives.parameters import Equations, Surroundings
from linewise.simulation.lives.record import PLAN
from linewise.simulation.lives.state import PLANS_AT_ONCE, Book, Cycle

__all__ = ["billed_parts", "end_plans", "in_plans", "open_plan"]

_TERM = 900
_HARDSHIP = 5
_RUNNING, _SETTLED = 0, 1


@compiled
def in_plans(st: Any) -> int:
    """Principal in plans that is not billed yet, minor units."""
    total = 0
    for j in range(PLANS_AT_ONCE):
        total += st.plan_left_amt[j]
    return int(total)


@compiled
def open_plan(
    st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, kind: int, amount: int, at_s: int, index: int
) -> bool:
    """Put an amount that is owed already into a plan; False where the customer has too many.

    What is agreed in hardship runs over 36 to 60 months (银监会令2011年第2号, Art. 70), the others up to 24.
    """
    for j in range(PLANS_AT_ONCE):
        if st.plan_months_left[j] == 0:
            at = int(4.0 * uniform(cycle.key, _TERM, index))
            scheme = 1 if kind == _HARDSHIP else 0
            term = int(e.plan_terms[scheme, at])
            fee = int(amount * e.plan_fee_ratios[scheme] + 0.5)
            st.plan_left_amt[j] = amount
            st.plan_part_amt[j] = amount // term
            st.plan_fee_amt[j] = fee
            st.plan_months_left[j] = term
            rate = e.plan_rates[scheme, at]
            st.plan_event[j] = note(
                book, s, cycle.person, PLAN, at_s, kind, amount, term, amount // term + fee, amount, _RUNNING,
                s.data_until_s, rate,
            )  # fmt: skip
            return True
    return False


@compiled
def end_plans(st: Any, s: Surroundings, book: Book, at_s: int, status: int) -> None:
    """All plans end with that status of record.STATUSES; what remained of them is owed otherwise, or lost."""
    for j in range(PLANS_AT_ONCE):
        if st.plan_months_left[j] > 0 and st.plan_event[j] >= 0 and at_s <= s.data_until_s:
            one = book.events[st.plan_event[j]]
            one.f = status
            one.g = max(at_s, one.at_s)
            if status == _SETTLED:
                one.e = 0
        st.plan_months_left[j] = 0
        st.plan_left_amt[j] = 0


@compiled
def billed_parts(st: Any, s: Surroundings, book: Book, cycle: Cycle, at_s: int) -> tuple[int, int]:
    """What the statement of this cycle bills of the plans: principal and fees, minor units."""
    principal, fees = 0, 0
    for j in range(PLANS_AT_ONCE):
        if st.plan_months_left[j] == 0:
            continue
        st.plan_months_left[j] -= 1
        part = st.plan_left_amt[j] if st.plan_months_left[j] == 0 else st.plan_part_amt[j]
        st.plan_left_amt[j] -= part
        principal += part
        fees += st.plan_fee_amt[j]
        if st.plan_event[j] >= 0 and at_s <= s.data_until_s:
            one = book.events[st.plan_event[j]]
            one.e = st.plan_left_amt[j]
            if st.plan_months_left[j] == 0:
                one.f = _SETTLED
                one.g = at_s
    return principal, fees

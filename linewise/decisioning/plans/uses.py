"""How a balance is used with a plan and without one, compiled: one after the other, whatever their shapes."""

from math import exp, expm1
from typing import Any

from linewise.core.compiling import broadcast_kept
from linewise.decisioning.formulas import hazard_of, owed_months

__all__ = ["with_plan", "without_plan"]

YEAR = 12.0
FOLLOWED_MONTHS = 48.0
"""A balance without a plan is followed for as long as the longest plan."""


def _shapes(given: int, found: int) -> tuple[list[str], str]:
    return (
        [f"void({'float64, ' * given}{', '.join(['float64[:]'] * found)})"],
        f"{', '.join(['()'] * given)} -> {', '.join(['()'] * found)}",
    )


@broadcast_kept(*_shapes(8, 5))
def with_plan(
    amount: Any, term: Any, rate: Any, payment: Any, due_now: Any, room: Any, pd_12m: Any, burden_hazard: Any,
    owed: Any, later: Any, later_years: Any, at_default: Any, breaks: Any,
) -> None:  # fmt: skip
    """Fill what is owed on average within a year and after it, for how many years more, and by who defaults.

    breaks: the probability that the plan is broken within the year, while it lasts and no longer. The hazard of a
    month is the customer's own, by how the burden of the payment differs from that of what is due now.
    """
    bears, first = max(room, 1.0), min(term, YEAR)
    eased = min(payment / bears, 1.0) - min(due_now / bears, 1.0)
    hazard = hazard_of(pd_12m) * exp(burden_hazard * eased)
    within = owed_months(rate, term, first)
    owed[0] = amount * within / YEAR
    later[0], later_years[0] = owed[0], 0.0
    if term > YEAR:
        later[0] = amount * (owed_months(rate, term, term) - within) / (term - YEAR)
        later_years[0] = (term - YEAR) / YEAR * exp(-hazard * (term + YEAR) / 2.0)
    at_default[0] = (amount * within / first + later_years[0] * later[0]) / (1.0 + later_years[0])
    breaks[0] = -expm1(-hazard * first)


@broadcast_kept(*_shapes(4, 4))
def without_plan(
    amount: Any, share_ratio: Any, card_rate: Any, pd_12m: Any,
    owed: Any, later: Any, later_years: Any, at_default: Any,
) -> None:  # fmt: skip
    """Fill the same of a balance that shrinks by the share of each bill that is paid; nothing where all of it is."""
    share = min(max(share_ratio, 0.0), 1.0)
    balance = amount if share < 1.0 else 0.0
    kept = min((1.0 + card_rate / YEAR) * (1.0 - share), 0.999)
    after_year = kept**YEAR
    owed[0] = balance * (1.0 - after_year) / (YEAR * (1.0 - kept))
    later[0] = balance * after_year
    stays = kept * exp(-hazard_of(pd_12m))
    later_years[0] = (1.0 - stays**FOLLOWED_MONTHS) / (YEAR * (1.0 - stays)) if balance > 0.0 else 0.0
    at_default[0] = (owed[0] + later_years[0] * later[0]) / (1.0 + later_years[0])

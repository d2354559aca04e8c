"""Whether somebody still answers for the assumptions of value."""

from collections.abc import Iterator
from datetime import timedelta

from linewise.policy.checking.draft import Draft
from linewise.policy.checking.finding import Finding, Grade
from linewise.policy.economics import WARNED_BEFORE

__all__ = ["assumption_dates"]

FILE = "economics.yaml"


def assumption_dates(draft: Draft) -> Iterator[Finding]:
    """An assumption that has expired is an error, one that soon will is told."""
    if draft.economics is None:
        return
    on = draft.bank.on
    expired = draft.economics.expired(on)
    for name in draft.economics.expired(on + timedelta(days=WARNED_BEFORE)):
        assumption = draft.economics.assumptions[name]
        grade: Grade = "error" if name in expired else "warning"
        problem = f"it {'expired' if name in expired else 'expires'} on {assumption.expires_on}."
        next_step = f"Let its owner ({assumption.owner}) look at it, then give it a new value or a later date."
        yield draft.finding("assumptions", grade, FILE, (name, "expires_on"), name, problem, next_step)

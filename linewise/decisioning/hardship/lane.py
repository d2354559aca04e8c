"""Who is helped rather than sold to, and why: hardship, established or told, arrears, or difficulty that begins."""

import numpy as np

from linewise.decisioning.arrays import first_match, some
from linewise.decisioning.types import Context, Customers, State, Texts

__all__ = ["CAUSES", "HARDSHIP_FIRST", "cause_of"]

HARDSHIP, OVERDUE, EARLY = "hardship", "overdue", "early_difficulty"
CAUSES = (HARDSHIP, OVERDUE, EARLY)

_NO_CAUSE = np.array([*CAUSES, ""])[-1:]
"""As wide a text as any cause."""

HARDSHIP_FIRST = "HARDSHIP_FIRST"
"""The code of what is not for sale because help comes first."""


def cause_of(customers: Customers, state: State, context: Context) -> Texts:
    """Why the customer is in the lane, (n_customers,), the gravest cause; empty for who is not.

    A day late within grace is no hardship. Where it is not known whether somebody is late or in difficulty,
    rules that guard credit close the sale; nobody is treated as in need for want of data.
    """
    late, within_grace, early = customers.facts_of(("is_late", "is_within_grace", "is_in_early_difficulty"))
    is_late, is_early = (late == 1.0) & (within_grace != 1.0), early == 1.0
    is_told = state.is_in_hardship | context.has_signalled_hardship
    if not some(is_told | is_late | is_early):
        return _NO_CAUSE.repeat(len(customers))
    return first_match([is_told, is_late, is_early], CAUSES, "")

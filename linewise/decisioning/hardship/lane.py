"""Who is helped rather than sold to, and why: hardship, established or told, arrears, or difficulty that begins."""

from linewise.decisioning.arrays import first_match
from linewise.decisioning.types import Context, Customers, State, Texts

__all__ = ["CAUSES", "HARDSHIP_FIRST", "cause_of"]

HARDSHIP, OVERDUE, EARLY = "hardship", "overdue", "early_difficulty"
CAUSES = (HARDSHIP, OVERDUE, EARLY)

HARDSHIP_FIRST = "HARDSHIP_FIRST"
"""The code of what is not for sale because help comes first."""


def cause_of(customers: Customers, state: State, context: Context) -> Texts:
    """Why the customer is in the lane, (n_customers,), the gravest cause; empty for who is not.

    A day late within grace is no hardship. Where it is not known whether somebody is late or in difficulty,
    rules that guard credit close the sale; nobody is treated as in need for want of data.
    """
    is_late = (customers.fact("is_late") == 1.0) & (customers.fact("is_within_grace") != 1.0)
    is_early = customers.fact("is_in_early_difficulty") == 1.0
    is_told = state.is_in_hardship | context.has_signalled_hardship
    return first_match([is_told, is_late, is_early], CAUSES, "")

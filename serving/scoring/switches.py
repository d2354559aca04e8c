"""The kill switches on their way into a decision: columns that the bank's rules read."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from linewise.core.actions import ACTION_KINDS
from linewise.core.errors import PolicyInvalid
from linewise.decisioning.types import Customers
from linewise.policy.policy import Policy
from linewise.policy.stoppable import switch_column, unstoppable_kinds

__all__ = ["enforce_stoppable", "with_switches"]


def with_switches(customers: Customers, stopped: Collection[str]) -> Customers:
    """The customers with a column for each kind of action, 1 where it is switched off."""
    flags = {switch_column(kind): np.full(len(customers), float(kind in stopped)) for kind in ACTION_KINDS}
    return replace(customers, facts={**customers.facts, **flags})


def enforce_stoppable(policy: Policy) -> None:
    """Raise PolicyInvalid where a kind of action could not be switched off: no rule in force blocks on its switch."""
    unheard = unstoppable_kinds(policy.rules.entries)
    if unheard:
        raise PolicyInvalid(
            f"No rule in force would stop {', '.join(unheard)}: the kill switch would do nothing.",
            "The rules BANK-STOP-OFFER, BANK-STOP-LIMIT and BANK-STOP-PLAN of the pack 'bank' were expected.",
            "Copy rules/bank_stops.yaml of the standard policy, and name the pack 'bank' in the setting 'packs'.",
        )

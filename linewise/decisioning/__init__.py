"""The decision itself: pure, vectorised functions from what is known to what is suggested, and why."""

from linewise.decisioning.decide import decide
from linewise.decisioning.types import Context, Customers, Decisions, State

__all__ = ["Context", "Customers", "Decisions", "State", "decide"]

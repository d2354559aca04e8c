"""Whether the kill switches reach the rules: each kind of action needs a rule in force that blocks on its switch."""

from collections.abc import Iterable

from linewise.core.actions import ACTION_KINDS
from linewise.policy.rules import RuleEntry

__all__ = ["switch_column", "unstoppable_kinds"]


def switch_column(kind: str) -> str:
    """The column that is 1 while that kind of action is switched off."""
    return f"is_{kind}_stopped"


def unstoppable_kinds(in_force: Iterable[RuleEntry]) -> list[str]:
    """The kinds of action whose kill switch would do nothing under these rules."""
    blocking = [entry.when for entry in in_force if entry.effect == "BLOCK"]
    return [kind for kind in ACTION_KINDS if not any(switch_column(kind) in when for when in blocking)]

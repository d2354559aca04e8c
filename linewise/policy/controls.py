"""Whether controls of campaigns reach the rules: one in force has to keep what is held back from whoever is held."""

from collections.abc import Iterable

from linewise.decisioning.rule import TAKING_EFFECTS
from linewise.policy.rules import RuleEntry

__all__ = ["keeps_controls"]

COLUMN = "is_campaign_control"


def keeps_controls(in_force: Iterable[RuleEntry]) -> bool:
    """Whether a campaign's offers would be kept from its control under these rules."""
    return any(COLUMN in one.when and one.effect in TAKING_EFFECTS for one in in_force)

"""The right limit: candidates, caps, what each is worth at its cautious end, and the customer's own request."""

from linewise.decisioning.limits.codes import (
    AFFORDABILITY,
    ASKED,
    DEFAULT_RISK,
    PAYDOWN,
    PRICE,
    STANDING_QUOTE,
    VALUE,
)
from linewise.decisioning.limits.policy import LimitPolicy
from linewise.decisioning.limits.suggest import LimitTerms, suggest_limits

__all__ = [
    "AFFORDABILITY",
    "ASKED",
    "DEFAULT_RISK",
    "PAYDOWN",
    "PRICE",
    "STANDING_QUOTE",
    "VALUE",
    "LimitPolicy",
    "LimitTerms",
    "suggest_limits",
]

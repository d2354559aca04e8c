"""What a campaign and its people are measured by: worth, or mere volume."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from linewise.policy.yaml_source import Strict

__all__ = ["VOLUME_METRICS", "WORTH_METRICS", "Objective"]

Metric = Literal[
    "incremental_value",
    "incremental_profit",
    "risk_adjusted_value",
    "retention",
    "satisfaction",
    "cards_issued",
    "customers",
    "market_share",
    "rank",
    "contacts",
    "responses",
    "credit_granted",
]
VOLUME_METRICS: frozenset[str] = frozenset(
    {"cards_issued", "customers", "market_share", "rank", "contacts", "responses", "credit_granted"}
)
"""Objectives that count how many or how much, whatever becomes of it."""
WORTH_METRICS: frozenset[str] = frozenset(get_args(Metric)) - VOLUME_METRICS


class Objective(Strict):
    """What the campaign and its people are measured by, and how much of the measure it is.

    The list itself is ranked by incremental value whatever stands here.
    """

    metric: Metric
    weight: Annotated[float, Field(gt=0, le=1)] = 1.0

    @property
    def is_volume(self) -> bool:
        """Whether it only counts how many or how much."""
        return self.metric in VOLUME_METRICS

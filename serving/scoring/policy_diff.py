"""Two policies on one bank: who gains and loses what, and what that is worth."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from linewise.core.money import minor_units
from linewise.decisioning.types import Decisions
from serving.scoring.batch import CHUNK
from serving.scoring.deciding import Decider
from serving.scoring.shown import absences_of, segments_of, shown_of

__all__ = ["DIMENSIONS", "PolicyDiff", "compare_policies"]

KEY = ["customer_id", "thing", "item"]
MEASURES = ("amt", "value_amt", "expected_loss_amt")
DIMENSIONS = ("thing", "kind", "item", "limit_band", "age_band", "tenure_band", "because")
"""By what the swap set is broken down; `because` is the rule or word that makes the difference."""


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """The swap set, one row a customer and thing that changed, and the sums of both sides.

    swapped: customer_id, thing, item, kind, change (gains, loses, more, less), old_… and new_… of amt,
    value_amt and expected_loss_amt (minor units), because, and the customer's bands. totals: by thing, what
    each side shows, to how many customers, and its sums.
    """

    currency: str
    customers: int
    changed_customers: int
    swapped: pl.DataFrame
    totals: pl.DataFrame

    def by(self, dimension: str) -> pl.DataFrame:
        """The swap set by segment, the largest first: counts of each change, and changes of the sums."""
        changes = {
            f"{name}_change": pl.col(f"new_{name}").fill_null(0).sum() - pl.col(f"old_{name}").fill_null(0).sum()
            for name in ("value_amt", "expected_loss_amt")
        }
        is_limit = pl.col("thing") == "limit"
        new, old = (pl.col(f"{side}_amt").filter(is_limit).fill_null(0).sum() for side in ("new", "old"))
        counts = {change: (pl.col("change") == change).sum() for change in ("gains", "loses", "more", "less")}
        grouped = self.swapped.group_by(dimension).agg(
            customers=pl.col("customer_id").n_unique(), **counts, **changes, exposure_amt_change=new - old
        )
        return grouped.sort(
            [pl.col("gains") + pl.col("loses") + pl.col("more") + pl.col("less"), dimension], descending=[True, False]
        )

    def as_json(self) -> dict[str, Any]:
        """Everything but the single rows."""
        return {
            "currency": self.currency,
            "customers": self.customers,
            "changed_customers": self.changed_customers,
            "totals": self.totals.to_dicts(),
            "by": {dimension: self.by(dimension).to_dicts() for dimension in DIMENSIONS},
        }


def compare_policies(
    old: Decider,
    new: Decider,
    channel: str = "voice",
    advance: Callable[[int], None] = lambda steps: None,
) -> PolicyDiff:
    """Decide for every customer of the loaded bank under both, by the same decision as a call and a batch.

    Both look at the same features and the same moment. `advance` is called with the customers done.
    """
    customer_ids = old.customer_ids()
    context, generation = old.context(channel, explain=False), old.generation()
    swapped: list[pl.DataFrame] = []
    totals: list[pl.DataFrame] = []
    for start in range(0, len(customer_ids), CHUNK):
        chunk = customer_ids[start : start + CHUNK]
        before, after = (side.decide(chunk, context, generation) for side in (old, new))
        joined = _joined(before, after, old, new)
        totals.append(_sums(joined))
        swapped.append(_swapped(joined, before, after, old, new))
        advance(len(chunk))
    found = pl.concat(swapped).sort(KEY)
    sums = pl.concat(totals).group_by("thing", maintain_order=True).sum()
    return PolicyDiff(
        currency=old.bank.manifest.currency,
        customers=len(customer_ids),
        changed_customers=found["customer_id"].n_unique(),
        swapped=found,
        totals=sums,
    )


def _joined(before: Decisions, after: Decisions, old: Decider, new: Decider) -> pl.DataFrame:
    """What either side shows, with the measures of both; null where a side does not show it."""
    sides = {"old": shown_of(before, old.policy), "new": shown_of(after, new.policy)}
    named = [frame.rename({name: f"{side}_{name}" for name in (*MEASURES, "kind")}) for side, frame in sides.items()]
    joined = named[0].join(named[1], on=KEY, how="full", coalesce=True)
    return joined.with_columns(kind=pl.coalesce("new_kind", "old_kind")).drop("old_kind", "new_kind")


def _sums(joined: pl.DataFrame) -> pl.DataFrame:
    """By thing: how many are shown, to how many customers, and the sums of the measures, on each side."""
    columns: dict[str, pl.Expr] = {}
    for side in ("old", "new"):
        is_there = pl.col(f"{side}_amt").is_not_null()
        columns[f"{side}_count"] = is_there.sum()
        columns[f"{side}_customers"] = pl.col("customer_id").filter(is_there).n_unique()
        columns |= {f"{side}_{name}": pl.col(f"{side}_{name}").sum() for name in MEASURES}
    things = pl.DataFrame({"thing": ["offer", "help", "limit", "plan"]})
    return things.join(
        joined.group_by("thing").agg(**columns), on="thing", how="left", maintain_order="left"
    ).fill_null(0)


def _swapped(joined: pl.DataFrame, before: Decisions, after: Decisions, old: Decider, new: Decider) -> pl.DataFrame:
    """The rows that differ, with their change, the cause and the customer's segments."""
    grew, shrank = pl.col("new_amt") > pl.col("old_amt"), pl.col("new_amt") < pl.col("old_amt")
    change = (
        pl.when(pl.col("old_amt").is_null())
        .then(pl.lit("gains"))
        .when(pl.col("new_amt").is_null())
        .then(pl.lit("loses"))
        .when(grew)
        .then(pl.lit("more"))
        .when(shrank)
        .then(pl.lit("less"))
    )
    moved = joined.with_columns(change=change).filter(pl.col("change").is_not_null())
    # Who gains was held back under the old policy, who loses is under the new one; a limit moves with its bound.
    causes = [
        absences_of(decisions, side.policy).rename({"because": name})
        for decisions, side, name in ((before, old, "old_because"), (after, new, "new_because"))
    ]
    for cause in causes:
        moved = moved.join(cause, on=KEY, how="left")
    bound = pl.DataFrame(
        {"customer_id": after.customers.customer_id.tolist(), "bound": after.limit.binding.tolist()},
        schema={"customer_id": pl.String, "bound": pl.String},
    )
    because = (
        pl.when(pl.col("change") == "gains")
        .then("old_because")
        .when(pl.col("change") == "loses")
        .then("new_because")
        .when(pl.col("thing") == "limit")
        .then("bound")
    )
    is_new = pl.when(pl.col("thing") == "plan").then(pl.lit("LIMIT")).otherwise(pl.lit("NOT_IN_CATALOGUE"))
    moved = moved.join(bound, on="customer_id", how="left").with_columns(because=pl.coalesce(because, is_new))
    segments = segments_of(before, 10 ** minor_units(before.customers.currency))
    kept = [*KEY, "kind", "change", *(f"{side}_{name}" for name in MEASURES for side in ("old", "new")), "because"]
    return moved.select(kept).join(segments, on="customer_id", how="left")

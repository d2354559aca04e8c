"""Arrears: what stands overdue, how accounts roll from bucket to bucket, who defaults, what is written off."""

import numpy as np

from linewise.simulation.lives.record import CHARGED_OFF
from linewise.simulation.report.sample import Sample, whole_months
from linewise.simulation.report.sums import Floats, Sums, Totals, ratio
from linewise.simulation.world import World

__all__ = [
    "account_roll", "balance_roll", "collect", "default_ratio", "later_balance_roll", "overdue_stock",
    "written_off_a_year",
]  # fmt: skip

_BUCKETS = CHARGED_OFF + 1
_SQUARE = _BUCKETS * _BUCKETS


def collect(sample: Sample, sums: Sums) -> None:
    """Add stocks, moves between buckets, defaults and losses of the whole months."""
    last = whole_months(sample.world)
    group, months = sample.group[:, None], sample.months
    now, then = months[:, :last], months[:, 1 : last + 1]
    is_open, is_active = sample.is_open[:, :last], sample.is_active[:, :last]
    bucket, owed = now["bucket"], np.maximum(now["balance_amt"], 0)
    sums.add("stock_amt", group, owed, at=bucket, size=_BUCKETS, where=is_open)
    sums.add("written_off_amt", group, now["charged_off_amt"])
    sums.add("statements_count", group, where=np.ones_like(is_open))
    move = bucket.astype(np.int64) * _BUCKETS + then["bucket"]
    # Where nothing is due no payment can be missed.
    is_due = is_open & (now["minimum_amt"] > 0)
    kept = np.maximum(then["balance_amt"], 0) + then["charged_off_amt"]
    sums.add("moves_count", group, at=move, size=_SQUARE, where=is_due)
    sums.add("moves_to_amt", group, kept, at=move, size=_SQUARE, where=is_open)
    sums.add("watched_count", group, at=bucket, size=_BUCKETS, where=is_active)
    defaults = is_active & sample.defaults_within[:, :last]
    sums.add("defaulted_count", group, at=bucket, size=_BUCKETS, where=defaults)


def overdue_stock(totals: Totals, _: World, bucket: int) -> float:
    """Balances of accounts in this bucket or a later one, as a share of all balances.

    An account of bucket b is (b - 1) * 30 + 1 days overdue: 2 and later are 30 days, 7 and later half a year.
    """
    stock = totals["stock_amt"]
    return ratio(stock[bucket:], stock)


def account_roll(totals: Totals, _: World, bucket: int, to: int) -> float:
    """Accounts of this bucket with something due that are in bucket `to` a month later.

    A roll forward counts whoever went further still, as the last bucket is written off from.
    """
    moves = _square(totals, "moves_count")[bucket]
    return ratio(moves[to:] if to > bucket else moves[to], moves)


def balance_roll(totals: Totals, _: World, bucket: int) -> float:
    """Balance that comes into the next bucket, as a share of what stood in this one a month before.

    For bucket 1 and below: what becomes 30 days overdue, by all that is not.
    """
    arrived = _square(totals, "moves_to_amt")[:, bucket + 1]
    stock = totals["stock_amt"]
    if bucket <= 1:
        return ratio(arrived[: bucket + 1], stock[: bucket + 1])
    return ratio(arrived[bucket], stock[bucket])


def later_balance_roll(totals: Totals, _: World, bucket: int, last: int) -> float:
    """The same for the buckets from this one to the last together."""
    moved = _square(totals, "moves_to_amt")
    arrived = [moved[at, at + 1] for at in range(bucket, last + 1)]
    return ratio(arrived, totals["stock_amt"][bucket : last + 1])


def default_ratio(totals: Totals, _: World, bucket: int) -> float:
    """Active accounts of this bucket that are 90 days overdue in any of the next twelve months."""
    return ratio(totals["defaulted_count"][bucket], totals["watched_count"][bucket])


def written_off_a_year(totals: Totals, _: World) -> float:
    """Balances written off in a year, before recoveries, by the balances that stand."""
    return 12.0 * ratio(totals["written_off_amt"], totals["stock_amt"])


def _square(totals: Totals, name: str) -> Floats:
    return totals[name].reshape(_BUCKETS, _BUCKETS)

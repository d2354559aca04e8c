"""Dirt that is valid and odd: purchases that a bank must keep and count, each taken back, so that nothing is owed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.clock_changes import clock_changes
from linewise.simulation.chance import Ints
from linewise.simulation.dirt.faults import DAY_US
from linewise.simulation.dirt.labels import labelled
from linewise.simulation.dirt.owned import OwnedRows, with_columns
from linewise.simulation.dirt.rates import second_currency
from linewise.simulation.dirt.surroundings import Surroundings
from linewise.simulation.dirt.valid import card_purchases, suffixed

__all__ = ["BUSY_COUNT", "ODD_RATIO", "odd_rows", "silent_labels"]

ODD_RATIO = 0.001
"""The share of card purchases that are copied for each kind of oddity."""
BUSY_COUNT = 10_000
"""The transactions on the one day of a busy customer."""

UNKNOWN_CATEGORY, UNKNOWN_MCC = "loyalty_points", "0000"

# One customer in so many has a busy day; a fixed place among them, so that the smallest dirty bank has some.
_BUSY_EVERY, _BUSY_NUMBER = 2_000, 17
_AT_CLOCK_CHANGE_RATIO = 0.05
_HALF_HOUR_US = 1_800_000_000

_Labelled = tuple[pa.Table, pa.Table]


def odd_rows(owned: OwnedRows, bank: Surroundings) -> Iterator[_Labelled]:
    """Transactions to add to these, with their labels: for each kind of oddity purchases and their refunds."""
    yield from _unknown_words(owned)
    yield from _in_second_currency(owned, bank)
    yield from _at_clock_changes(owned, bank)
    yield from _busy_days(owned, bank)


def silent_labels(customers: OwnedRows, transactions: pa.Table) -> pa.Table:
    """The labels of the customers that have no transaction at all; no row is changed for them."""
    seen = pc.unique(transactions["customer_id"].cast(pa.string()))
    is_silent = pc.invert(pc.is_in(customers.rows["customer_id"].cast(pa.string()), value_set=seen))
    rows = customers.copies(np.flatnonzero(np.asarray(is_silent, dtype=np.bool_)))
    reasons = pa.repeat("has no transaction", rows.num_rows)
    return labelled(customers.table, rows, "customers.customer_id.silent", reasons, is_bad=False)


def _unknown_words(owned: OwnedRows) -> Iterator[_Labelled]:
    for name, suffix, word, reason in (
        ("category", "C", UNKNOWN_CATEGORY, "is for a purpose that is unknown"),
        ("mcc", "M", UNKNOWN_MCC, "is at a merchant of an unknown category"),
    ):
        bought = owned.copies(_chosen(owned, f"unknown {name}", ODD_RATIO))
        odd = with_columns(bought, **{name: pa.repeat(word, bought.num_rows)})
        yield from _and_back(owned, odd, suffix, f"{name}.unknown", reason)


def _in_second_currency(owned: OwnedRows, bank: Surroundings) -> Iterator[_Labelled]:
    bought = owned.copies(_chosen(owned, "second currency", ODD_RATIO))
    count, code = bought.num_rows, second_currency(bank.home_currency)
    odd = with_columns(
        bought,
        currency=pa.repeat(code, count),
        original_amt=pa.nulls(count, pa.int64()),
        original_currency=pa.nulls(count, pa.string()),
    )
    yield from _and_back(owned, odd, "F", "currency.second", f"is billed in {code}, of which a rate is known")


def _at_clock_changes(owned: OwnedRows, bank: Surroundings) -> Iterator[_Labelled]:
    """Purchases half an hour before the clocks are changed, taken back half an hour after it."""
    posted_us = _us(owned.rows["posted_at"])
    if not len(posted_us):
        return
    first = _moment(int(posted_us.min()))
    chosen = _chosen(owned, "clock change", _AT_CLOCK_CHANGE_RATIO)
    for number, change in enumerate(clock_changes(bank.time_zone, first, bank.until - timedelta(hours=1))):
        change_us = int(change.at.timestamp()) * 1_000_000
        before_us = change_us - posted_us[chosen]
        bought = owned.copies(chosen[(before_us > _HALF_HOUR_US) & (before_us <= DAY_US)])
        after = _moments(np.full(bought.num_rows, change_us + _HALF_HOUR_US))
        odd = with_columns(
            bought,
            posted_at=_moments(np.full(bought.num_rows, change_us - _HALF_HOUR_US)),
            recorded_at=pc.if_else(pc.greater(bought["recorded_at"], after), bought["recorded_at"], after),
        )
        reason = "is posted within half an hour of a change of the clocks"
        yield from _and_back(owned, odd, f"K{number}", "posted_at.clock_change", reason, posted_at=after)


def _busy_days(owned: OwnedRows, bank: Surroundings) -> Iterator[_Labelled]:
    """The first purchase of a customer again and again on its day, until there are BUSY_COUNT transactions more."""
    places = card_purchases(owned)
    places = places[owned.customer[places] % _BUSY_EVERY == _BUSY_NUMBER]
    _, firsts = np.unique(owned.customer[places], return_index=True)
    pairs = BUSY_COUNT // 2
    for place in places[firsts]:
        bought = owned.copies(np.repeat(place, pairs))
        begin_us, end_us = _begin_of_day_us(bought["posted_at"][0].as_py(), bank.time_zone), _us(bought["posted_at"])[0]
        # Spread over the day up to the purchase itself, which was recorded after all of them.
        at_us = np.linspace(begin_us, end_us, BUSY_COUNT).astype(np.int64)
        numbered = pa.array([f"B{number:04}" for number in range(pairs)])
        odd = with_columns(bought, posted_at=_moments(at_us[::2]), billing_amt=pa.array(1 + np.arange(pairs) % 997))
        reason = f"is one of {BUSY_COUNT:,} transactions more of one day"
        yield from _and_back(owned, odd, numbered, "posted_at.busy", reason, posted_at=_moments(at_us[1::2]))


def _chosen(owned: OwnedRows, purpose: str, share_ratio: float) -> Ints:
    """The places of some card purchases, that share of them all."""
    places = card_purchases(owned)
    return places[owned.uniform(purpose)[places] < share_ratio]


def _and_back(
    owned: OwnedRows, bought: pa.Table, suffix: str | pa.Array, what: str, reason: str, **of_refund: pa.Array
) -> Iterator[_Labelled]:
    """The purchases under keys of their own, and their refunds, which differ from them in these columns."""
    bought = with_columns(bought, transaction_id=suffixed(bought["transaction_id"], suffix))
    refunds = with_columns(
        bought,
        transaction_id=suffixed(bought["transaction_id"], "R"),
        kind=pa.repeat("refund", bought.num_rows),
        direction=pa.repeat("credit", bought.num_rows),
        **of_refund,
    )
    for rows in (bought, refunds):
        rule_id, reasons = f"{owned.table.name}.{what}", pa.repeat(reason, rows.num_rows)
        yield rows, labelled(owned.table, rows, rule_id, reasons, is_bad=False)


def _begin_of_day_us(moment: datetime, time_zone: str) -> int:
    local = moment.astimezone(ZoneInfo(time_zone))
    return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()) * 1_000_000


def _us(moments: pa.ChunkedArray) -> Ints:
    return np.asarray(moments.cast(pa.int64()), dtype=np.int64)


def _moment(us: int) -> datetime:
    return datetime.fromtimestamp(us // 1_000_000, UTC)


def _moments(us: Ints) -> pa.Array:
    return pa.array(us).cast(pa.timestamp("us", tz="UTC"))

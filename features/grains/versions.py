"""Rows as they were known from one moment up to another: an observation date finds them by two comparisons.

What a row tells may change when another becomes known: a statement is an account's last until a later one is. Each
such state of a row is a version. They are made once, and not once an observation date.
"""

from typing import TYPE_CHECKING

import ibis

from features.grains.sources import age_days

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["VERSION_COLUMNS", "as_known", "cut", "until_later", "versions_of"]

VERSION_COLUMNS = ("customer_id", "event_at", "known_from", "known_until")
_MOMENT = "timestamp('UTC', 6)"


def versions_of(table: "Table", event_time: str, *columns: str) -> "Table":
    """A version for each event, with these columns: known from when it had happened and had been recorded, for ever.

    This is where nothing may leak: all that has versions is read through here.
    """
    return table.select(
        "customer_id",
        *dict.fromkeys(columns),
        event_at=table[event_time],
        known_from=ibis.greatest(table[event_time], table.recorded_at),
        known_until=ibis.null(_MOMENT),
    )


def cut(versions: "Table", flag: str, moment: str) -> "Table":
    """Each version cut in two at a moment of its own: `flag` is true before it, and false from then on.

    Where the moment is missing it never comes.
    """
    both = versions.mutate(**{flag: ibis.array([True, False]).unnest()})
    parts = both.mutate(
        known_from=both[flag].ifelse(both.known_from, ibis.greatest(both.known_from, both[moment])),
        known_until=both[flag].ifelse(ibis.least(both.known_until, both[moment]), both.known_until),
    )
    comes = parts[flag] | parts[moment].notnull()
    return parts.filter(comes & (parts.known_until.isnull() | (parts.known_from < parts.known_until)))


def until_later(versions: "Table", name: str, by: tuple[str, ...], order: tuple[str, ...]) -> "Table":
    """The versions with the moment from which on a later one of the same `by` is known, as `name`; never cut before."""
    later = ibis.window(group_by=list(by), order_by=list(order), rows=(1, None))
    return versions.mutate(**{name: versions.known_from.min().over(later)})


def as_known(pairs: "Table", versions: "Table") -> "Table":
    """Every version once for each pair at whose `as_of` it was the known one, with the KEYS and its age."""
    v = versions
    rows = pairs.inner_join(v, [pairs.customer_id == v.customer_id, v.known_from <= pairs.as_of])
    rows = rows.filter(rows.known_until.isnull() | (rows.known_until > rows.as_of))
    rows = rows.select(pairs.customer_id, pairs.as_of, *(v[name] for name in v.columns if name != "customer_id"))
    return rows.mutate(age_days=age_days(rows, "event_at")).drop("event_at", "known_from", "known_until")

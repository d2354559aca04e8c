"""Filling the online store through Feast: beside the live one, then in its place when it is whole."""

from dataclasses import dataclass
from datetime import datetime

from features.catalogue import definitions_hash
from features.packed_rows import count_rows
from features.rows import BUILD_COMMAND, observed_span
from features.store import applied_store, online_path, quietly
from features.view import VIEW
from linewise.core.clock import as_utc
from linewise.core.errors import FeaturesMissing
from linewise.core.files import written_whole
from linewise.core.home import Home

__all__ = ["MaterialiseReport", "materialise"]


@dataclass(frozen=True, slots=True)
class MaterialiseReport:
    """What the online store now holds: a row a customer, from observation dates between the two."""

    rows: int
    as_of_from: datetime
    as_of_until: datetime
    definitions_hash: str


def materialise(home: Home, now: datetime) -> MaterialiseReport:
    """Fill the online store with each customer's latest row up to `now`.

    Feast reports success even where its window held no row, so the rows are counted before the new store
    takes the old one's place. Raises FeaturesMissing where there is no row to write.
    """
    first, last = observed_span(home)
    until = min(as_utc(now), last)
    if first > until:
        raise FeaturesMissing(
            f"Every feature row is of a date after the bank's present moment {as_utc(now):%Y-%m-%d %H:%M}",
            BUILD_COMMAND,
        )
    with written_whole(online_path(home)) as draft:
        with quietly():
            applied_store(home, draft).materialize(first, until)
        rows = count_rows(draft, VIEW)
        if rows == 0:
            raise FeaturesMissing(f"Feast wrote no row between {first:%Y-%m-%d} and {until:%Y-%m-%d}", BUILD_COMMAND)
    return MaterialiseReport(rows, first, until, definitions_hash())

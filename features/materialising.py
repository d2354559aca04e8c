"""Filling the online store through Feast: a generation beside the live one, then in its place when it is whole."""

from dataclasses import dataclass
from datetime import UTC, datetime

from features.card_use.keeping import KeptReport, keep_card_use
from features.online import OnlineStore
from features.rows import BUILD_COMMAND, observed_span
from features.store import applied_store, quietly
from linewise.bank.tables import open_bank
from linewise.core.clock import as_utc
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home

__all__ = ["MaterialiseReport", "materialise"]

# Rows of the live generation from before a window stay, so a window from the beginning leaves out who is built no more.
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MaterialiseReport:
    """What the online store now holds: a row a customer, from observation dates between the two.

    card_use: what was summed of card postings beside it.
    """

    generation_id: str
    rows: int
    as_of_from: datetime
    as_of_until: datetime
    filled_at: datetime
    definitions_hash: str
    card_use: KeptReport


def materialise(home: Home, now: datetime) -> MaterialiseReport:
    """Fill a generation of the online store with each customer's latest row up to `now`, and make it the live one.

    Then what card postings come to is summed and kept beside it (features.card_use); `feast materialize` does not, and
    whoever decides sums by themselves until this is run. Where it fails or is interrupted the live one stays, and so
    do the sums. Raises BankMissing, FeaturesMissing where there is no row to write, Conflict where another process
    fills, StorageFull where the disk is full.
    """
    first, last = observed_span(home)
    until = min(as_utc(now), last)
    if first > until:
        raise FeaturesMissing(
            f"Every feature row is of a date after the bank's present moment {as_utc(now):%Y-%m-%d %H:%M}",
            BUILD_COMMAND,
        )
    with quietly():
        applied_store(home).materialize(_EVER, until)
    generation = OnlineStore(home).generation()
    filled = generation.filled
    return MaterialiseReport(
        generation.id,
        filled.rows,
        first,
        filled.window[1],
        filled.filled_at,
        filled.view.definitions_hash,
        keep_card_use(open_bank(home), now),
    )

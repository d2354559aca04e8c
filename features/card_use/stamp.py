"""Of which bank, definition and moment kept sums are, and whom they serve."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from features.card_use.definition import definition_hash
from linewise.bank.tables import Bank
from linewise.core.clock import as_utc

__all__ = ["SERVES_FOR", "Stamp", "stamp_of", "stamp_on"]

SERVES_FOR = timedelta(days=2)
"""Windows move on with the hours: a nightly filling may fail once, and older sums are of other windows."""

_KEY = b"linewise.card_use"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands in each file of kept sums: as_of (ISO, UTC), the bank's data and currency, the definition."""

    as_of: str
    data_hash: str
    currency: str
    definition_hash: str

    @property
    def moment(self) -> datetime:
        """Up to when postings were looked at."""
        return datetime.fromisoformat(self.as_of)

    def serves(self, bank: Bank, now: datetime) -> bool:
        """Whether a walk through this bank's postings at that moment would go through the very same.

        So it is of sums of the same moment, and of somewhat earlier ones where nothing in the tables can have happened
        since.
        """
        at = as_utc(now)
        if self != stamp_of(bank, self.moment):
            return False
        return self.moment == at or (bank.manifest.horizon <= self.moment < at and at - self.moment <= SERVES_FOR)

    def on(self, schema: pa.Schema) -> pa.Schema:
        """The schema of a file that bears it."""
        return schema.with_metadata({_KEY: json.dumps(asdict(self))})


def stamp_of(bank: Bank, now: datetime) -> Stamp:
    """The stamp of what is summed now from this bank."""
    said = bank.manifest
    return Stamp(as_utc(now).isoformat(), said.data_hash, said.currency, definition_hash())


def stamp_on(schema: pa.Schema) -> Stamp | None:
    """The stamp that a file bears; None where it bears none of today's form."""
    try:
        return Stamp(**json.loads((schema.metadata or {})[_KEY]))
    except (KeyError, TypeError, ValueError):
        return None

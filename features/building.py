"""Building features: pairs of customer and observation date in, rows of the offline store out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from features.catalogue import definitions_hash
from features.compute import feature_computer
from features.observation import checked_pairs, observation_pairs
from features.rows import merge_rows
from linewise.bank.tables import open_bank
from linewise.core.clock import as_utc
from linewise.core.errors import UsageError
from linewise.core.home import Home

__all__ = ["BuildReport", "build_features", "observation_pairs"]

_PAIRS_AT_A_TIME = 50_000


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build wrote: rows of this build, rows kept from earlier ones, foreign rows dropped."""

    rows: int
    customers: int
    as_of_from: datetime
    as_of_until: datetime
    kept_rows: int
    dropped_rows: int
    definitions_hash: str


def build_features(home: Home, pairs: pa.Table, progress: Callable[[int], None] | None = None) -> BuildReport:
    """Compute all features of the pairs and merge them into the offline store, whole or not at all.

    `pairs` holds customer_id and as_of. An event counts where it had happened and had been recorded by
    `as_of`. `progress` is told how many more pairs are done. Raises BankMissing, UsageError where there is
    no pair or a bad one, UnknownCustomer.
    """
    bank = open_bank(home)
    wanted = checked_pairs(pairs, bank.read("customers", ["customer_id"])["customer_id"])
    if wanted.num_rows == 0:
        raise UsageError("No pair of customer and observation date was given.", "At least one was expected.")
    parts = []
    with feature_computer(bank.files("transactions"), bank.files("customers")) as computer:
        for start in range(0, wanted.num_rows, _PAIRS_AT_A_TIME):
            part = wanted.slice(start, _PAIRS_AT_A_TIME)
            parts.append(computer.rows(part))
            if progress is not None:
                progress(part.num_rows)
    merged = merge_rows(home, pa.concat_tables(parts), bank.manifest.name, bank.manifest.data_hash)
    ends = pc.min_max(wanted["as_of"]).as_py()
    return BuildReport(
        rows=wanted.num_rows,
        customers=pc.count_distinct(wanted["customer_id"]).as_py(),
        as_of_from=as_utc(ends["min"]),
        as_of_until=as_utc(ends["max"]),
        kept_rows=merged.kept,
        dropped_rows=merged.dropped,
        definitions_hash=definitions_hash(),
    )

"""Sums of card postings on disk, a file for each part of the bank, so that a frame of its customers reads its own.

card_use/
├── part-00000.parquet    the customers of the bank's part of that number, in order, each file with its stamp
├── part-00000.footer     by which is known that its footer is the one that was written
├── part-00001.parquet
└── part-00001.footer
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.card_use.footers import note_footer, opened
from features.card_use.stamp import Stamp, stamp_of, stamp_on
from features.card_use.summing import summed_card_use
from features.card_use.use import CardUse
from linewise.bank.tables import Bank, groups_among
from linewise.core.clock import as_utc
from linewise.core.files import folder_written_whole
from linewise.core.moments import NEVER

__all__ = ["KeptReport", "keep_card_use", "kept_card_use", "serving_stamp"]

CUSTOMERS_AT_ONCE = 10_000
"""So many are summed together, and are a group of rows: as many as a part of a simulated bank has, or a frame."""

log = logging.getLogger("linewise.features")

_MOMENTS, _NUMBERS = ("opened_at", "used_at"), ("cost_amt", "repaid_amt", "carousel_ratio")
VALUES = (*_MOMENTS, *_NUMBERS)
_SCHEMA = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        *(pa.field(name, pa.int64(), nullable=False) for name in _MOMENTS),
        *(pa.field(name, pa.float64(), nullable=False) for name in _NUMBERS),
    ]
)


@dataclass(frozen=True, slots=True)
class KeptReport:
    """Of how many customers postings were summed, and as they were known when."""

    customers: int
    as_of: datetime


def keep_card_use(bank: Bank, now: datetime) -> KeptReport:
    """Sum the postings of the bank's customers as they are known at that moment, and lay the sums into its home.

    In place of the former ones when all are whole; whoever reads those meanwhile reads them to the end or sums by
    themselves. Of CUSTOMERS_AT_ONCE at a time, so memory does not grow with the bank. Raises StorageFull where the
    disk is.
    """
    schema, count = stamp_of(bank, now).on(_SCHEMA), 0
    with folder_written_whole(bank.home.card_use_dir) as folder:
        for path in bank.files("customers"):
            with pq.ParquetWriter(
                folder / path.name,
                schema,
                compression="snappy",
                use_dictionary=False,
                write_statistics=["customer_id"],
                # What a disk has altered is found, and summed anew.
                write_page_checksum=True,
            ) as file:
                for rows in _summed(bank, path, now):
                    file.write_table(rows)
                    count += rows.num_rows
            note_footer(folder / path.name)
    return KeptReport(count, as_utc(now))


def _summed(bank: Bank, path: Path, now: datetime) -> Iterator[pa.Table]:
    """The rows of a part's customers, some at a time."""
    with pq.ParquetFile(path) as file:
        people = file.read(columns=["customer_id", "observed_until"]).sort_by("customer_id")
    until = pc.fill_null(people["observed_until"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()), NEVER)
    for start in range(0, people.num_rows, CUSTOMERS_AT_ONCE):
        ids = people["customer_id"].slice(start, CUSTOMERS_AT_ONCE).combine_chunks()
        use = summed_card_use(bank, ids, np.asarray(until.slice(start, CUSTOMERS_AT_ONCE), dtype=np.int64), now)
        yield pa.table([ids, *(pa.array(getattr(use, name)) for name in VALUES)], schema=_SCHEMA)


def kept_card_use(bank: Bank, ids: pa.Array, now: datetime) -> CardUse | None:
    """The kept sums of these customers (n_customers,), ascending and at least one; None where none serve now.

    A file that cannot be read is told of and serves nobody: what is summed anew is the same.
    """
    try:
        return _read(bank, ids, now)
    except FileNotFoundError:
        return None
    except (OSError, pa.ArrowException) as err:
        log.warning(
            "The kept sums of card postings in %s cannot be read, and postings are summed anew: %s. "
            "Run: linewise features materialize",
            bank.home.card_use_dir,
            err,
        )
        return None


def serving_stamp(bank: Bank, now: datetime) -> Stamp | None:
    """The stamp of the kept sums that serve now, by their first file; None where none do."""
    try:
        with opened(bank.home.card_use_dir / bank.files("customers")[0].name) as file:
            return _stamp(file, bank, now)
    except (OSError, pa.ArrowException):
        return None


def _read(bank: Bank, ids: pa.Array, now: datetime) -> CardUse | None:
    among = (ids[0].as_py(), ids[-1].as_py())
    known, found = None, []
    for path in bank.files_among("customers", among):
        with opened(bank.home.card_use_dir / path.name) as file:
            stamp = _stamp(file, bank, now)
            # Two files are of two fillings where one came meanwhile.
            if stamp is None or stamp != (known or stamp):
                return None
            known = stamp
            found.append(file.read_row_groups(groups_among(file, among)))
    rows = pa.concat_tables(found).combine_chunks()
    rows = rows.slice(max(pc.index(rows["customer_id"], ids[0]).as_py(), 0), len(ids))
    if known is None or not rows["customer_id"].equals(pa.chunked_array([ids])):
        return None
    return CardUse(known.moment, *(np.asarray(rows[name]) for name in VALUES))


def _stamp(file: pq.ParquetFile, bank: Bank, now: datetime) -> Stamp | None:
    """The file's stamp where it serves now."""
    stamp = stamp_on(file.schema_arrow)
    return stamp if stamp is not None and stamp.serves(bank, now) and file.schema_arrow.equals(_SCHEMA) else None

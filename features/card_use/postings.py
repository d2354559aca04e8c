"""The postings of one file of a bank as arrays; of a word it is kept where it stands among those of the file."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.card_use.kernel import Postings
from linewise.bank.coded import Coded, coded, in_microseconds
from linewise.bank.tables import groups_among

__all__ = ["read_postings"]

_WORDS = ("customer_id", "account_id", "kind", "direction", "currency", "merchant_id")
_VALUES = ("is_declined", "posted_at", "recorded_at", "billing_amt")


def read_postings(path: Path, among: tuple[str, str]) -> Iterator[tuple[Postings, dict[str, Coded]]]:
    """The postings of a file with its columns of words, a group of its rows at a time.

    Groups without a row of the customers from the first of these ids to the last are passed over. Each has words of its
    own: to make those of a file one costs more than to read them.
    """
    with pq.ParquetFile(path, read_dictionary=list(_WORDS)) as file:
        for group in groups_among(file, among):
            yield _as_arrays(file.read_row_group(group, columns=[*_WORDS, *_VALUES]))


def _as_arrays(rows: pa.Table) -> tuple[Postings, dict[str, Coded]]:
    words = {name: coded(rows[name]) for name in _WORDS}
    return Postings(
        customer=words["customer_id"].place,
        account=words["account_id"].place,
        kind=words["kind"].place,
        direction=words["direction"].place,
        merchant=words["merchant_id"].place,
        is_declined=np.asarray(rows["is_declined"], dtype=np.bool_),
        posted_at=in_microseconds(rows["posted_at"]),
        recorded_at=in_microseconds(rows["recorded_at"]),
        billing_amt=np.asarray(rows["billing_amt"], dtype=np.int64),
    ), words

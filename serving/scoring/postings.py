"""The postings of one file of a bank as arrays; of a word it is kept where it stands among those of the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linewise.decisioning.types import Bools, Ints

__all__ = ["Coded", "Postings", "coded", "in_microseconds", "read_postings"]

_WORDS = ("customer_id", "account_id", "kind", "direction", "currency", "merchant_id")
_VALUES = ("is_declined", "posted_at", "recorded_at", "billing_amt")


@dataclass(frozen=True, slots=True)
class Coded:
    """Words by their place (n_rows,) in `words`, -1 where there is none."""

    place: Ints
    words: pa.Array

    def is_one_of(self, words: Sequence[str]) -> Bools:
        """Whether each row holds one of these words, (n_rows,)."""
        return np.append(np.asarray(pc.is_in(self.words, value_set=pa.array(words))), False)[self.place]

    def among(self, words: pa.Array) -> Ints:
        """The place of each row's word among these, (n_rows,), -1 where it is not one of them."""
        found = pc.fill_null(pc.index_in(self.words, value_set=words), -1)
        return np.append(np.asarray(found, dtype=np.int64), -1)[self.place]

    def of(self, rows: Any) -> "Coded":
        """The same of some of the rows."""
        return Coded(self.place[rows], self.words)


@dataclass(frozen=True, slots=True)
class Postings:
    """Postings (n_rows,) in order of customer.

    owner, account: places of customer and account, -1 where they are none of those asked for; posted_at, recorded_at:
    microseconds; billing_amt: minor units of `currency`.
    """

    owner: Ints
    account: Ints
    posted_at: Ints
    recorded_at: Ints
    billing_amt: Ints
    is_declined: Bools
    kind: Coded
    direction: Coded
    currency: Coded
    merchant: Coded


def read_postings(path: Path, customer_ids: pa.Array, account_ids: pa.Array) -> Postings:
    """All postings of a file, with the places of these customers and accounts."""
    with pq.ParquetFile(path, read_dictionary=list(_WORDS)) as file:
        rows = file.read(columns=[*_WORDS, *_VALUES])
    customer, account, kind, direction, currency, merchant = (coded(rows[name]) for name in _WORDS)
    return Postings(
        owner=customer.among(customer_ids),
        account=account.among(account_ids),
        posted_at=in_microseconds(rows["posted_at"]),
        recorded_at=in_microseconds(rows["recorded_at"]),
        billing_amt=np.asarray(rows["billing_amt"], dtype=np.int64),
        is_declined=np.asarray(rows["is_declined"], dtype=np.bool_),
        kind=kind,
        direction=direction,
        currency=currency,
        merchant=merchant,
    )


def coded(column: pa.ChunkedArray) -> Coded:
    """A column of words."""
    whole = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = whole.unify_dictionaries().combine_chunks()
    return Coded(np.asarray(pc.fill_null(whole.indices, -1)), whole.dictionary)


def in_microseconds(column: pa.ChunkedArray) -> Ints:
    """A column of moments without a gap, as microseconds since 1970, UTC."""
    return np.asarray(column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()), dtype=np.int64)

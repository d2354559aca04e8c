"""The postings of one file of a bank as arrays; of a word it is kept where it stands among those of the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from linewise.decisioning.types import Bools, Ints
from serving.scoring.postings.kernel import Postings

__all__ = ["Coded", "coded", "in_microseconds", "read_postings"]

_WORDS = ("customer_id", "account_id", "kind", "direction", "currency", "merchant_id")
_VALUES = ("is_declined", "posted_at", "recorded_at", "billing_amt")


@dataclass(frozen=True, slots=True)
class Coded:
    """Words by their place (n_rows,) in `words`, -1 where there is none."""

    place: NDArray[np.int32]
    words: pa.Array

    def is_one_of(self, words: Sequence[str]) -> Bools:
        """Whether each row holds one of these words, (n_rows,)."""
        return np.append(np.asarray(pc.is_in(self.words, value_set=pa.array(words))), False)[self.place]

    def among(self, words: pa.Array) -> Ints:
        """The place of each row's word among these, (n_rows,), -1 where it is not one of them."""
        return self.places_among(words)[self.place]

    def places_among(self, words: pa.Array) -> Ints:
        """The place of each of the file's words among these, -1 where it is not one of them, and -1 for no word."""
        found = pc.fill_null(pc.index_in(self.words, value_set=words), -1)
        return np.append(np.asarray(found, dtype=np.int64), -1)

    def of(self, rows: Ints) -> "Coded":
        """The same of some of the rows."""
        return Coded(self.place[rows], self.words)


def read_postings(path: Path) -> tuple[Postings, dict[str, Coded]]:
    """All postings of a file, and its columns of words."""
    with pq.ParquetFile(path, read_dictionary=list(_WORDS)) as file:
        rows = file.read(columns=[*_WORDS, *_VALUES])
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


def coded(column: pa.ChunkedArray) -> Coded:
    """A column of words."""
    whole = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    whole = whole.unify_dictionaries().combine_chunks()
    return Coded(np.asarray(pc.fill_null(whole.indices, -1), dtype=np.int32), whole.dictionary)


def in_microseconds(column: pa.ChunkedArray) -> Ints:
    """A column of moments without a gap, as microseconds since 1970, UTC."""
    return np.asarray(column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()), dtype=np.int64)

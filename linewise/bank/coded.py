"""Columns of tables as arrays: of a word it is kept where it stands among the words, of a moment its microseconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["Coded", "coded", "in_microseconds"]

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Coded:
    """Words by their place (n_rows,) in `words`, -1 where there is none."""

    place: NDArray[np.int32]
    words: pa.Array

    def is_one_of(self, words: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each row holds one of these words, (n_rows,)."""
        return np.append(np.asarray(pc.is_in(self.words, value_set=pa.array(words, self.words.type))), False)[
            self.place
        ]

    def among(self, words: pa.Array) -> Ints:
        """The place of each row's word among these, (n_rows,), -1 where it is not one of them."""
        return self.places_among(words)[self.place]

    def places_among(self, words: pa.Array) -> Ints:
        """The place of each of the column's words among these, -1 where it is not one of them, and -1 for no word."""
        # Tables that tell of everybody name the very ids, in their order, and no hash of them is needed.
        if self.words.equals(words):
            return np.append(np.arange(len(words)), -1)
        found = pc.fill_null(pc.index_in(self.words, value_set=words), -1)
        return np.append(np.asarray(found, dtype=np.int64), -1)

    def of(self, rows: Ints) -> "Coded":
        """The same of some of the rows."""
        return Coded(self.place[rows], self.words)

    def as_arrow(self) -> pa.DictionaryArray:
        """The same as a column of a table; every row holds a word."""
        return pa.DictionaryArray.from_arrays(self.place, self.words)


def coded(column: pa.ChunkedArray) -> Coded:
    """A column of words."""
    whole = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    # To make the words of several pieces one takes a copy of all, and most columns are of one piece.
    one = whole.chunk(0) if whole.num_chunks == 1 else whole.unify_dictionaries().combine_chunks()
    place = pc.fill_null(one.indices, -1) if one.indices.null_count else one.indices
    return Coded(np.asarray(place, dtype=np.int32), one.dictionary)


def in_microseconds(column: pa.ChunkedArray) -> Ints:
    """A column of moments without a gap, as microseconds since 1970, UTC."""
    return np.asarray(column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()), dtype=np.int64)

"""Texts as whole numbers that a float holds, by which rules compare them."""

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.types import Floats

__all__ = ["CODES", "codes_of"]

MOST_TEXTS = 100_000
"""So many different texts are remembered with their numbers."""


class _Codes(dict[Any, float]):
    """The number of a text, the same everywhere; whatever is no text is NULL."""

    def __missing__(self, text: Any) -> float:
        code = float("nan")
        if isinstance(text, str):
            # Fifty-three bits of a hash: two texts of a bank never meet in one.
            code = float(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 11)
        elif text is not None:
            # No NaN is found again under another.
            return code
        if len(self) >= MOST_TEXTS:
            self.clear()
        self[text] = code
        return code


CODES = _Codes()


def codes_of(texts: NDArray[Any]) -> Floats:
    """The numbers of texts (n_texts,)."""
    return np.fromiter(map(CODES.__getitem__, texts.tolist()), np.float64, len(texts))

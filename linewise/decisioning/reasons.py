"""From what each input added to a score to a few reason codes that a sentence exists for."""

from collections.abc import Mapping, Sequence

import numpy as np

from linewise.decisioning.scorers import Contributions
from linewise.decisioning.types import Floats, Ints
from linewise.decisioning.weighing import heaviest

__all__ = ["Coded", "reason_codes"]

Coded = tuple[tuple[str, float], ...]
"""Reason codes with their weight in log-odds."""

_ByCode = tuple[tuple[str, ...], Ints, Ints]


def reason_codes(
    contributions: Contributions, code_of: Mapping[str, str], *, sign: Floats, most: int
) -> tuple[Coded, ...]:
    """The weightiest codes per row with their weight in log-odds, heaviest first.

    Contributions of inputs that share a code are summed before they are ranked; inputs without a code
    (protected traits among them) are never a reason. sign (n_rows,): +1 looks for what raised the score,
    -1 for what lowered it; `most` bounds the reasons of a row (more than four do not help a person:
    commentary on Regulation B, 12 CFR 1002.9(b)(2)).
    """
    codes, columns, places = _coded(contributions.names, code_of)
    ranked, weight = heaviest(contributions.values, columns, places, sign, len(codes), most)
    return tuple(
        tuple((codes[code], heavy) for code, heavy in zip(*row, strict=True) if heavy > 0)
        for row in zip(ranked.tolist(), weight.tolist(), strict=True)
    )


_CODED: dict[tuple[int, int], tuple[tuple[str, ...], Mapping[str, str], _ByCode]] = {}
MOST_KEPT = 64


def _coded(names: tuple[str, ...], code_of: Mapping[str, str]) -> _ByCode:
    """The same inputs and the same codes come with every decision: what follows from them is kept while they live."""
    known = _CODED.get((id(names), id(code_of)))
    if known is None:
        if len(_CODED) >= MOST_KEPT:
            _CODED.clear()
        known = _CODED[id(names), id(code_of)] = (names, code_of, _by_code([code_of.get(name) for name in names]))
    return known[2]


def _by_code(code_of_input: Sequence[str | None]) -> _ByCode:
    """The codes in order, the inputs that have one, and the place of each one's code."""
    codes = tuple(sorted({code for code in code_of_input if code is not None}))
    coded = [column for column, code in enumerate(code_of_input) if code is not None]
    place = {code: i for i, code in enumerate(codes)}
    places = [place[code] for code in code_of_input if code is not None]
    return codes, np.array(coded, dtype=np.int64), np.array(places, dtype=np.int64)

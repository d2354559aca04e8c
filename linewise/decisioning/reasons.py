"""From what each input added to a score to a few reason codes that a sentence exists for."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from linewise.decisioning.scorers import Contributions
from linewise.decisioning.types import Floats, Ints
from linewise.decisioning.weighing import heaviest

__all__ = ["reason_codes"]

Coded = tuple[tuple[str, float], ...]


def reason_codes(
    contributions: Contributions, code_of: Mapping[str, str], *, sign: Floats, most: int
) -> tuple[Coded, ...]:
    """The weightiest codes per row with their weight in log-odds, heaviest first.

    Contributions of inputs that share a code are summed before they are ranked; inputs without a code
    (protected traits among them) are never a reason. sign (n_rows,): +1 looks for what raised the score,
    -1 for what lowered it; `most` bounds the reasons of a row (more than four do not help a person:
    commentary on Regulation B, 12 CFR 1002.9(b)(2)).
    """
    codes, columns, places = _by_code(tuple(map(code_of.get, contributions.names)))
    ranked, weight = heaviest(contributions.values, columns, places, sign, len(codes), most)
    return tuple(
        tuple((codes[code], heavy) for code, heavy in zip(*row, strict=True) if heavy > 0)
        for row in zip(ranked.tolist(), weight.tolist(), strict=True)
    )


@lru_cache(maxsize=64)
def _by_code(code_of_input: tuple[str | None, ...]) -> tuple[tuple[str, ...], Ints, Ints]:
    """The codes in order, the inputs that have one, and the place of each one's code; kept, for it costs as much."""
    codes = tuple(sorted({code for code in code_of_input if code is not None}))
    coded = [column for column, code in enumerate(code_of_input) if code is not None]
    place = {code: i for i, code in enumerate(codes)}
    places = [place[code] for code in code_of_input if code is not None]
    return codes, np.array(coded, dtype=np.int64), np.array(places, dtype=np.int64)

"""From what each input added to a score to a few reason codes that a sentence exists for."""

from collections.abc import Mapping

import numpy as np

from linewise.decisioning.scorers import Contributions
from linewise.decisioning.types import Floats

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
    coded = [column for column, name in enumerate(contributions.names) if name in code_of]
    code = [code_of[contributions.names[column]] for column in coded]
    codes = sorted({*code})
    place = {name: i for i, name in enumerate(codes)}
    weight = np.zeros((len(contributions.values), len(codes)))
    # Added one after the other, not as a matrix product: the sum must not depend on how many rows stand beside it.
    added = contributions.values[:, coded] * sign[:, None]
    np.add.at(weight.T, np.array([place[one] for one in code], dtype=np.int64), added.T)
    ranked = np.argsort(-weight, axis=1, kind="stable")[:, :most]
    return tuple(
        tuple((codes[j], float(weight[i, j])) for j in ranked[i] if weight[i, j] > 0) for i in range(len(weight))
    )

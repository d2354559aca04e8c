"""Trees of the judge's own, for oracles and rivals: the same rows give the same trees. None is the product's."""

from collections.abc import Mapping, Sequence

import lightgbm as lgb
import numpy as np

from linewise.decisioning.types import Floats

__all__ = ["grown", "grown_each", "told"]

STEADY: Mapping[str, object] = {
    "num_threads": 1, "verbosity": -1, "seed": 1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip


def grown(
    x: Floats, answer: Floats, tree_count: int, parameters: Mapping[str, object], weight: Floats | None = None
) -> lgb.Booster:
    """Trees that tell answers (n_rows,) from inputs (n_rows, n_inputs)."""
    (booster,) = grown_each(x, answer[:, None], tree_count, parameters, weight)
    return booster


def grown_each(
    x: Floats, answers: Floats, tree_count: int, parameters: Mapping[str, object], weight: Floats | None = None
) -> list[lgb.Booster]:
    """For each column of answers (n_rows, n_answers) trees of its own; the inputs are put into bins once."""
    given = {**STEADY, **parameters}
    rows = lgb.Dataset(x, np.zeros(len(x)), weight=weight, params=given, free_raw_data=False).construct()
    found = []
    for place in range(answers.shape[1]):
        rows.set_label(answers[:, place])
        found.append(lgb.train(given, rows, tree_count))
    return found


def told(boosters: Sequence[lgb.Booster], x: Floats) -> Floats:
    """What each tells of inputs (n_rows, n_inputs), (n_rows, n_boosters)."""
    return np.column_stack([booster.predict(x, num_threads=1) for booster in boosters])

"""What exact reasons cost: of what is shown, beside contributions of everything that was scored."""

from collections.abc import Iterator

import lightgbm as lgb
import numpy as np

from benchmarks.rows import Row, beside
from linewise.decisioning.explaining import LIMIT_REASONS
from linewise.decisioning.reasons import reason_codes
from linewise.decisioning.scorers import Contributions
from linewise.decisioning.types import Floats

__all__ = ["rows"]

INPUTS, LEARNT, CALLS, RUNS = 60, 20_000, 50, 7
OFFERS, SHOWN, RAISES = 17, 3, 5
SIZES = ((100, 6), (100, 15), (300, 31))
"""Trees and leaves: the standing specs, their bound, and LightGBM's habit."""

CODES = 20


def rows() -> Iterator[Row]:
    """One call: the score of default once and three offers explained, beside every raise and every offer."""
    draw = np.random.default_rng(1)
    x = draw.normal(size=(LEARNT, INPUTS))
    y = draw.random(LEARNT) < 1.0 / (1.0 + np.exp(2.5 - x[:, :12].sum(axis=1) / 2.0))
    calls = draw.normal(size=(CALLS, OFFERS, INPUTS))
    names = tuple(f"input_{place}" for place in range(INPUTS))
    code_of = {name: f"CODE_{place % CODES}" for place, name in enumerate(names)}
    for trees, leaves in SIZES:
        booster = _grown(x, y, trees, leaves)

        def coded(inputs: Floats, of: lgb.Booster = booster) -> None:
            added = np.asarray(of.predict(inputs, pred_contrib=True, num_threads=1))
            contributions = Contributions(names, added[:, :-1])
            reason_codes(contributions, code_of, sign=np.ones(len(inputs)), most=LIMIT_REASONS)

        def shown(of: lgb.Booster = booster) -> None:
            for one in calls:
                coded(one[:1], of)
                coded(one[:SHOWN], of)

        def everything(of: lgb.Booster = booster) -> None:
            for one in calls:
                coded(one[:RAISES], of)
                coded(one, of)

        yield beside(
            f"reasons of a call, {trees} trees of {leaves} leaves",
            shown,
            everything,
            bar=">=3",
            note=f"seconds a call on one thread: exact contributions and reason codes of the default score and of "
            f"{SHOWN} offers shown, beside those of {RAISES} raises and all {OFFERS} offers",
            runs=RUNS,
            units=(CALLS, CALLS),
        )


def _grown(x: Floats, y: object, trees: int, leaves: int) -> lgb.Booster:
    parameters = {"objective": "binary", "num_leaves": leaves, "seed": 1, "num_threads": 1, "verbosity": -1}
    return lgb.train(parameters, lgb.Dataset(x, label=y, params=parameters), trees)

"""What exact reasons cost: of what is shown, beside contributions of everything that was scored."""

from collections.abc import Iterator

import lightgbm as lgb
import numpy as np

from benchmarks.rows import Row, beside
from linewise.decisioning.explaining import LIMIT_REASONS
from linewise.decisioning.reasons import reason_codes
from linewise.decisioning.scorers import Contributions
from linewise.decisioning.types import Floats
from serving.scoring.forest import Forest

__all__ = ["rows"]

INPUTS, LEARNT, CALLS, RUNS = 60, 20_000, 50, 7
OFFERS, SHOWN, RAISES = 17, 3, 5
FRAME = 5_000
SIZES = ((100, 6, 5), (100, 15, 5), (300, 31, -1))
"""Trees, leaves and depth: the standing specs, their bound, and LightGBM's habit."""

CODES = 20


def rows() -> Iterator[Row]:
    """One call: the score of default once and three offers explained, beside every raise and every offer."""
    draw = np.random.default_rng(1)
    x = draw.normal(size=(LEARNT, INPUTS))
    y = draw.random(LEARNT) < 1.0 / (1.0 + np.exp(2.5 - x[:, :12].sum(axis=1) / 2.0))
    calls = draw.normal(size=(CALLS, OFFERS, INPUTS))
    names = tuple(f"input_{place}" for place in range(INPUTS))
    code_of = {name: f"CODE_{place % CODES}" for place, name in enumerate(names)}
    for trees, leaves, depth in SIZES:
        forest = Forest(_grown(x, y, trees, leaves, depth))

        def coded(inputs: Floats, of: Forest = forest) -> None:
            added = of.contributed(inputs)
            contributions = Contributions(names, added[:, :-1])
            reason_codes(contributions, code_of, sign=np.ones(len(inputs)), most=LIMIT_REASONS)

        def shown(of: Forest = forest) -> None:
            for one in calls:
                coded(one[:1], of)
                coded(one[:SHOWN], of)

        def everything(of: Forest = forest) -> None:
            for one in calls:
                coded(one[:RAISES], of)
                coded(one, of)

        def explained(of: Forest = forest) -> None:
            for one in calls:
                of.contributed(one[:SHOWN])

        def by_lightgbm(of: Forest = forest) -> None:
            for one in calls:
                of.booster.predict(one[:SHOWN], pred_contrib=True, num_threads=1)

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
        if depth > 0:
            yield _margins(forest, x[:1], f"margin of one row, {trees} trees of {leaves} leaves")
            yield _margins(forest, x[:FRAME], f"margins of {FRAME:,} rows, {trees} trees of {leaves} leaves")
        yield beside(
            f"contributions of {SHOWN} offers, {trees} trees of {leaves} leaves",
            explained,
            by_lightgbm,
            bar="",
            note="seconds a call on one thread: exact contributions as a decision gets them, beside LightGBM's "
            f"pred_contrib of the same rows; {'depth 5' if depth > 0 else 'of any depth: both are LightGBM'}",
            runs=RUNS,
            units=(CALLS, CALLS),
        )


def _margins(forest: Forest, rows: Floats, name: str) -> Row:
    """What one question to a forest costs, as a decision gets it and by LightGBM."""
    times = CALLS if len(rows) == 1 else 1

    def ours() -> None:
        for _ in range(times):
            forest.summed(rows)

    def rival() -> None:
        for _ in range(times):
            forest.booster.predict(rows, raw_score=True, num_threads=1)

    note = "seconds a row on one thread: the sum of the leaves as a decision gets it, beside LightGBM's raw score"
    count = times * len(rows)
    return beside(name, ours, rival, bar="", note=note, runs=RUNS, units=(count, count))


def _grown(x: Floats, y: object, trees: int, leaves: int, depth: int) -> lgb.Booster:
    parameters = {
        "objective": "binary",
        "num_leaves": leaves,
        "max_depth": depth,
        "seed": 1,
        "num_threads": 1,
        "verbosity": -1,
    }
    return lgb.train(parameters, lgb.Dataset(x, label=y, params=parameters), trees)

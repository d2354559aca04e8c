"""Whether the 12-month PD comes true a year after the last label that was learnt: by risk band, by action, in all.

A log of months 0 to 11, whose last label ripens in month 24, is learnt from; who decides in months 24 to 35 is judged.
What was seen is the truth itself, each customer's own probability at the raise that the bank drew for him, so that no
luck is in the ratio; outcomes drawn from it are there for the Jeffreys test of a bank that has no truth. The spec is
the one that `linewise model train` takes by itself. Beside it stands LightGBM as it comes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from benchmarks.rows import Row
from benchmarks.value.cells import Cell, cells
from benchmarks.value.limits.learnt import datasets_of
from benchmarks.value.numbers import JUDGED_START, LEARNER_SEED, worlds
from benchmarks.value.task import Answers, Figures, Task, Topic
from linewise.quality.calibration import cell_of, expected_bands
from linewise.simulation.logged import LoggedWorld, draw_people, logged_world
from linewise.simulation.logged.limits import RAISES, limit_log, limit_truth
from training.dataset import Dataset
from training.fitting import fit_model
from training.plain_boosting import fit_plain
from training.report.calibrating import BAND_COUNT
from training.specs import chosen_specs

__all__ = ["TOPIC", "judge"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LEARNT_MONTHS, JUDGED_FROM, MONTHS = 12, 24, 36

OURS, PLAIN = "ours", "plain"
KINDS: Mapping[str, float] = {"in all": 0.05, "by band": 0.10, "by action": 0.10}
"""What is told apart, and how far the ratio may lie from one."""


def judge(world: str, log_count: int, seed: int) -> Figures:
    """Learn from a log of `log_count` decisions and judge as many a year after its last label ripened."""
    lived = logged_world(name=world, seed=seed, log_count=log_count * MONTHS // LEARNT_MONTHS, month_count=MONTHS)
    learnt, _ = _at(lived, 0, lambda month: month < LEARNT_MONTHS)
    judged, pd = _at(lived, JUDGED_START, lambda month: month >= JUDGED_FROM)
    (spec,) = chosen_specs(["card_default"])
    fitted = {OURS: fit_model(spec, learnt, LEARNER_SEED), PLAIN: fit_plain(spec, learnt, LEARNER_SEED)}
    figures: dict[str, float] = {
        "learnt rows": len(learnt.y),
        "judged rows": len(judged.y),
        "true PD": float(pd.mean()),
    }
    for name, one in fitted.items():
        figures |= {f"{name}, {key}": value for key, value in _ratios(judged, pd, one.probability(judged)).items()}
    return figures


def _at(
    world: LoggedWorld, start: int, is_wanted: Callable[[Integers], npt.NDArray[np.bool_]]
) -> tuple[Dataset, Floats]:
    """Who decides in the wanted months, with the bank's action and its outcome, and the true PD of each."""
    people = draw_people(world, world.log_count, start)
    log = limit_log(world, people.only(is_wanted(people.month)))
    default, *_ = datasets_of(log)
    return default, limit_truth(world, log.people).pd[np.arange(len(log.people)), log.action]


def _ratios(rows: Dataset, pd: Floats, expected: Floats) -> Figures:
    """True over expected of every cell, and how the Jeffreys test of the drawn outcomes takes it."""
    assert rows.principal_amt is not None and rows.scale_amt is not None
    raised = np.argmin(np.abs((rows.principal_amt / rows.scale_amt)[:, None] - np.array(RAISES)), axis=1)
    band = expected_bands(expected, BAND_COUNT)
    cells = {"in all": np.ones(len(pd), dtype=bool)}
    cells |= {f"by band, {at + 1}": band == at for at in range(BAND_COUNT)}
    cells |= {f"by action, {ratio:.0%}": raised == at for at, ratio in enumerate(RAISES)}
    figures = {}
    for name, inside in cells.items():
        cell = cell_of("overall", name, rows.y[inside], expected[inside], rows.groups[inside])
        figures[name] = float(pd[inside].sum() / expected[inside].sum())
        figures[f"Jeffreys p, {name}"] = cell.jeffreys_p
    return figures


def _tasks() -> Iterator[Task]:
    for world, seed in worlds():
        yield Task("calibration out of time, PD", world, 200_000, seed, partial(judge, world, 200_000, seed))
    yield Task("calibration out of time, PD", "base", 50_000, 1, partial(judge, "base", 50_000, 1), is_quick=True)


def _rows(answers: Answers) -> Iterator[Row]:
    """For each world and size the ratio furthest from one, over cells and seeds."""
    for cell in cells(answers):
        for kind, bar in KINDS.items():
            ours, plain = (
                _furthest([one for found in cell.found for one in _found_of(found, name, kind).values()])
                for name in (OURS, PLAIN)
            )
            together = _furthest([cell.mean(key) for key in _found_of(cell.found[0], OURS, kind)])
            distance = abs(ours - 1)
            refused, tested = _refused(cell, kind)
            yield Row(
                name=f"calibration out of time, PD {kind}: {cell.where}",
                ours=round(ours, 4),
                rival=round(plain, 4),
                ratio=round(distance, 4),
                bar=f"<={bar}",
                ok=distance <= bar,
                note=f"observed ÷ expected furthest from 1, over cells and {cell.seeds}; observed is the truth; "
                f"rival: LightGBM as it comes; ratio: distance from 1; of cells over all seeds the furthest is "
                f"{together:.3f}; the 95% Jeffreys test of drawn outcomes refuses {refused} of {tested} cells",
            )


def _found_of(found: Figures, name: str, kind: str) -> Figures:
    """The ratios of one kind, by cell."""
    return {key: value for key, value in found.items() if key.startswith(f"{name}, {kind}")}


def _furthest(ratios: Sequence[float]) -> float:
    return max(ratios, key=lambda ratio: abs(ratio - 1))


def _refused(cell: Cell, kind: str) -> tuple[int, int]:
    tests = [p for found in cell.found for p in _found_of(found, f"{OURS}, Jeffreys p", kind).values()]
    return sum(not 0.025 <= p <= 0.975 for p in tests), len(tests)


TOPIC = Topic("calibration out of time: PD", tuple(_tasks()), _rows)

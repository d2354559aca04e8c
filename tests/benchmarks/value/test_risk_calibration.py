"""Whether the PD comes true a year after the last label that was learnt."""

from collections import Counter

import numpy as np
import pytest

from benchmarks.value.risk_calibration import TOPIC, judge
from benchmarks.value.task import Figures, Task


@pytest.fixture(scope="module")
def found() -> Figures:
    return judge("thin-margin", 8_000, 21)


def test_every_cell_has_a_ratio_of_ours_and_of_the_rival_on_as_many_rows_as_were_learnt(found: Figures):
    assert found["learnt rows"] == pytest.approx(8_000, rel=0.05)
    assert found["judged rows"] == pytest.approx(8_000, rel=0.05)
    kinds = Counter(key.split(", ")[0] for key in found if "Jeffreys" not in key)
    assert kinds["ours"] == kinds["plain"] == 1 + 5 + 5
    assert all(np.isfinite(value) and value > 0 for key, value in found.items() if "Jeffreys" not in key)
    assert 0.6 < found["ours, in all"] < 1.6


def test_a_cell_outside_its_bounds_is_told_as_it_is(found: Figures):
    (task,) = [task for task in TOPIC.tasks if task.is_quick]
    off = {**found, "ours, by band, 3": 1.5}
    rows = list(TOPIC.rows({task: off}))
    assert [row.name.split(":")[0].removeprefix("calibration out of time, PD ") for row in rows] == [
        "in all",
        "by band",
        "by action",
    ]
    by_band = rows[1]
    assert (by_band.ours, by_band.ratio, by_band.ok) == (1.5, 0.5, False)


def test_one_seed_that_is_out_is_told_and_what_all_seeds_say_beside_it(found: Figures):
    first, second = [task for task in TOPIC.tasks if task.world == "downturn"]
    flat = dict.fromkeys(found, 1.0)
    wide, narrow = {**flat, "ours, by action, 100%": 1.16}, {**flat, "ours, by action, 100%": 1.02}
    *_, by_action = TOPIC.rows({first: wide, second: narrow})
    assert (by_action.ours, by_action.ratio, by_action.ok) == (1.16, 0.16, False)
    assert "of cells over all seeds the furthest is 1.090" in by_action.note


def test_the_full_table_asks_five_seeds_of_the_base_and_two_of_the_other_worlds():
    full: list[Task] = [task for task in TOPIC.tasks if not task.is_quick]
    assert Counter(task.world for task in full) == {"base": 5, "downturn": 2, "thin-margin": 2}
    assert {task.log_count for task in full} == {200_000}

"""What the smaller logs of the quick form tell keeps its bar, and says for which logs that is meant."""

from collections.abc import Iterator
from functools import partial

from benchmarks.rows import Row
from benchmarks.value.cells import cells
from benchmarks.value.table import MEANT_FOR_LARGER, rows_of
from benchmarks.value.task import Answers, Task, Topic


def task(name: str, log_count: int, seed: int, *, is_quick: bool = False) -> Task:
    return Task(name, "base", log_count, seed, partial(dict), is_quick)


def told(answers: Answers) -> Iterator[Row]:
    for cell in cells(answers):
        share = cell.mean("share")
        yield Row(f"{cell.name}: {cell.where}", share, 0.0, share, ">=0.9", share >= 0.9, "a share")


QUICK, FULL = task("value", 50, 1, is_quick=True), task("value", 200, 1)
ONLY_SIZE = task("loss", 50, 1, is_quick=True)
TOPIC = Topic("limits", [QUICK, FULL, ONLY_SIZE], told)


def test_a_smaller_log_keeps_its_bar_and_says_that_larger_ones_are_meant():
    rows = {row.name: row for row in rows_of(TOPIC, {one: {"share": 0.8} for one in TOPIC.tasks})}
    assert [(row.bar, row.ok) for row in rows.values()] == [(">=0.9", False)] * 3
    assert {name for name, row in rows.items() if MEANT_FOR_LARGER in row.note} == {"value: base, 50 logs"}


def test_the_quick_form_alone_says_so_too():
    (row,) = rows_of(TOPIC, {QUICK: {"share": 0.8}})
    assert (row.bar, row.ok, row.note) == (">=0.9", False, f"a share; {MEANT_FOR_LARGER}")


def test_a_topic_without_answers_still_says_why():
    why = Row("data", 0.0, 0.0, 0.0, "", None, "the folder is absent")
    assert list(rows_of(Topic("real", [], lambda _: iter([why])), {})) == [why]

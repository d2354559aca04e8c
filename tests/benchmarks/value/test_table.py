"""What the smaller logs of the quick form tell is told without a bar."""

from collections.abc import Iterator
from functools import partial

from benchmarks.rows import Row
from benchmarks.value.cells import cells
from benchmarks.value.table import rows_of
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


def test_a_smaller_log_is_held_against_no_bar_and_a_question_of_one_size_keeps_its_own():
    rows = {row.name: row for row in rows_of(TOPIC, {one: {"share": 0.8} for one in TOPIC.tasks})}
    assert [(row.bar, row.ok) for row in rows.values()] == [(">=0.9", False), (">=0.9", False), ("", None)]
    assert rows["value: base, 50 logs"].note == "a share; nothing was asked of a log of this size"


def test_the_quick_form_alone_says_so_too():
    (row,) = rows_of(TOPIC, {QUICK: {"share": 0.8}})
    assert (row.bar, row.ok) == ("", None)


def test_a_topic_without_answers_still_says_why():
    why = Row("data", 0.0, 0.0, 0.0, "", None, "the folder is absent")
    assert list(rows_of(Topic("real", [], lambda _: iter([why])), {})) == [why]

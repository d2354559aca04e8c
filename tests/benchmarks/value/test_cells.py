"""Seeds are put together by question, world and size; the page tells of a row without a bar that nothing was asked."""

from functools import partial

from benchmarks.rows import Row
from benchmarks.value.cells import cells
from benchmarks.value.page import page
from benchmarks.value.task import Task, Topic


def task(name: str, world: str, log_count: int, seed: int) -> Task:
    return Task(name, world, log_count, seed, partial(dict))


def test_seeds_of_one_question_are_told_together_and_others_apart():
    answers = {
        task("a", "base", 1_000, 1): {"share": 0.5},
        task("a", "base", 2_000, 1): {"share": 0.9},
        task("a", "base", 1_000, 2): {"share": 0.7},
        task("b", "base", 1_000, 1): {"share": 0.1},
    }
    first, larger, other = cells(answers)
    assert (first.where, first.seeds, first.mean("share")) == ("base, 1,000 logs", "2 seeds", 0.6)
    assert first.listed("share") == "0.500, 0.700"
    assert (larger.seeds, other.name) == ("1 seed", "b")
    assert cells({}) == []


def test_a_row_without_a_bar_is_neither_reached_nor_missed_on_the_page():
    rows = [Row(str(ok), 1.0, 1.0, 1.0, "" if ok is None else ">=1", ok, "") for ok in (True, False, None)]
    told = page([(Topic("x", (), lambda _: iter(rows)), rows, {})], is_full=False)
    assert [told.count(said) for said in ('class="reached">yes', 'class="missed">no', "nothing asked")] == [1, 1, 1]

"""The table against the truth: what was answered is not asked again, and the page shows what was found."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.rows import Row
from benchmarks.value.kept import Kept
from benchmarks.value.page import page
from benchmarks.value.running import answered
from benchmarks.value.task import Answers, Topic
from tests.benchmarks.value import counting
from tests.benchmarks.value.counting import asked, breaking_task, task


def rows(answers: Answers) -> Iterator[Row]:
    share = sum(one["share"] for one in answers.values()) / len(answers)
    yield Row("share of the oracle", share, 0.1, share, ">=0.1", share >= 0.1, f"{len(answers)} seeds")


def topic(folder: Path) -> Topic:
    return Topic("limits", [task(folder, seed) for seed in (1, 2)], rows)


def kept_by(code: str, folder: Path) -> Kept:
    return Kept(folder / "kept", {counting.__name__: code})


def shares(one: Topic, kept: Kept, *, is_full: bool) -> list[float]:
    (answers,) = answered([one], kept, is_full=is_full, workers=1)
    return [answer["share"] for answer in answers.values()]


def test_the_quick_form_asks_its_own_tasks_and_the_full_one_what_is_left(tmp_path: Path):
    kept = kept_by("code", tmp_path)
    assert shares(topic(tmp_path), kept, is_full=False) == [0.1]
    assert shares(topic(tmp_path), kept, is_full=True) == [0.1, 0.2]
    assert (asked(tmp_path, 1), asked(tmp_path, 2)) == (1, 1)


def test_what_was_answered_before_a_failure_stays(tmp_path: Path):
    kept = kept_by("code", tmp_path)
    (tmp_path / "broken").touch()
    with pytest.raises(ValueError, match="broken"):
        shares(topic(tmp_path), kept, is_full=True)
    (tmp_path / "broken").unlink()
    assert shares(topic(tmp_path), kept, is_full=True) == [0.1, 0.2]
    assert (asked(tmp_path, 1), asked(tmp_path, 2)) == (1, 2)


def test_what_was_answered_before_its_turn_to_be_read_stays_too(tmp_path: Path):
    kept = kept_by("code", tmp_path)
    one = topic(tmp_path)
    first = breaking_task(3, kept.folder / "answers")
    with pytest.raises(ValueError, match="broken"):
        list(answered([replace(one, tasks=[first, *one.tasks])], kept, is_full=False, workers=2))
    assert kept.get(one.tasks[0]) == {"share": 0.1}


def test_other_code_asks_anew(tmp_path: Path):
    for digest in ("code", "other"):
        shares(topic(tmp_path), kept_by(digest, tmp_path), is_full=False)
    assert asked(tmp_path, 1) == 2


def test_the_page_shows_rows_answers_and_pictures_and_says_what_was_missed(tmp_path: Path):
    one = replace(topic(tmp_path), pictures=lambda _: {"Shares by <seed>": lambda: b"png"})
    answers = {task: {"share": 0.05} for task in one.tasks}
    made = page([(one, list(rows(answers)), answers)], is_full=True)
    assert "share of the oracle" in made
    assert '<td class="missed">no</td>' in made
    assert "Shares by &lt;seed&gt;" in made
    assert "share base 10 2" in made

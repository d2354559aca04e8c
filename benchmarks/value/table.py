"""`make bench NAME=value`: all topics, their rows and their page.

The quick form takes a quarter of an hour and asks smaller logs, the full one (FULL=1) two and a half; either goes on
where it was stopped. Beside the lines of the table it writes a page, data/bench-value/quick.html or full.html.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.rows import Row
from benchmarks.value.kept import Kept
from benchmarks.value.page import page
from benchmarks.value.running import answered
from benchmarks.value.task import Answers, Topic
from benchmarks.value.topics import TOPICS
from linewise.core.files import write_text_whole

__all__ = ["MEANT_FOR_LARGER", "full_rows", "rows", "rows_of"]

MEANT_FOR_LARGER = "the bar is meant for the larger logs of the full form"


def rows() -> Iterator[Row]:
    """The quick form."""
    yield from _rows(is_full=False)


def full_rows() -> Iterator[Row]:
    """The full form."""
    yield from _rows(is_full=True)


def rows_of(topic: Topic, answers: Answers) -> Iterator[Row]:
    """The lines of a topic; those of the quick form's smaller logs keep their bar and say that larger ones are meant.

    Smaller is a quick task of which another of the same name asks a larger log.
    """
    largest: dict[str, int] = {}
    for task in topic.tasks:
        largest[task.name] = max(task.log_count, largest.get(task.name, 0))
    smaller = {task: found for task, found in answers.items() if task.is_quick and task.log_count < largest[task.name]}
    if len(smaller) < len(answers) or not answers:
        yield from topic.rows({task: found for task, found in answers.items() if task not in smaller})
    if smaller:
        for row in topic.rows(smaller):
            yield replace(row, note=f"{row.note}; {MEANT_FOR_LARGER}") if row.bar else row


def _rows(*, is_full: bool) -> Iterator[Row]:
    kept = Kept.of_this_code(task for topic in TOPICS for task in topic.tasks)
    told: list[tuple[Topic, list[Row], Answers]] = []
    for topic, answers in zip(TOPICS, answered(TOPICS, kept, is_full=is_full), strict=True):
        found = list(rows_of(topic, answers))
        told.append((topic, found, answers))
        yield from found
    target = kept.folder / ("full.html" if is_full else "quick.html")
    kept.folder.mkdir(parents=True, exist_ok=True)
    write_text_whole(target, page(told, is_full=is_full))
    print(f"The page: {target}", file=sys.stderr)

"""The table as a page that needs nothing else: rows against their bars, pictures, every answer behind them."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.rows import Row
from benchmarks.value.task import Answers, Picture, Topic

__all__ = ["page"]


def page(told: Sequence[tuple[Topic, Sequence[Row], Answers]], *, is_full: bool) -> str:
    """The same answers give the same bytes."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = lambda value: f"{value:,.4g}"
    topics = [
        {"name": topic.name, "rows": rows, "answers": answers, "pictures": _pictures(topic, answers)}
        for topic, rows, answers in told
    ]
    return environment.get_template("page.html").render(topics=topics, is_full=is_full)


def _pictures(topic: Topic, answers: Answers) -> Mapping[str, str]:
    drawn: Mapping[str, Picture] = topic.pictures(answers) if topic.pictures is not None else {}
    return {title: b64encode(draw()).decode() for title, draw in drawn.items()}

"""What a person or a machine sees of a command: words and progress on stderr, JSON on stdout."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

__all__ = ["progress", "say", "show_json", "show_table"]


def say(text: str) -> None:
    """A line for a person."""
    click.echo(text, err=True)


def show_json(value: Any) -> None:
    """One JSON document for a machine; times and paths become text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def show_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, whole_names: bool = False) -> None:
    """A table for a person; an empty one says so. whole_names: the first column is never cut short."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for place, name in enumerate(columns):
        table.add_column(name, no_wrap=whole_names and place == 0)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console = Console(file=sys.stderr)
    console.print(table if rows else f"{title}: none")


@contextmanager
def progress(total: int | None, label: str) -> Iterator[Callable[..., None]]:
    """A progress bar on stderr; the block receives a function that advances it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr)) as bar:
        task = bar.add_task(label, total=total)

        def advance(steps: int = 1) -> None:
            bar.advance(task, steps)

        yield advance

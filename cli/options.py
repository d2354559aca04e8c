"""The options that every command shares: which home, and what time it is for the bank."""

import functools
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

__all__ = ["MOMENT", "dry_run_option", "home_options", "json_option", "thresholds_option"]

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
"""A day, which is its first moment, or a moment, in UTC."""

json_option = click.option("--json", "as_json", is_flag=True, help="JSON on standard output, for machines.")


dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")


thresholds_option = click.option(
    "--thresholds",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What a version must reach (default: the setting 'gate', else the standard file).",
)


def home_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--home` and `--now`; the command receives them as one keyword argument `settings`."""

    @click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        help="The folder of this bank's run time (LINEWISE_HOME; default: the checkout).",
    )
    @click.option(
        "--now",
        type=MOMENT,
        help="The bank's present moment in UTC, for back-tests (default: the bank clock).",
    )
    @functools.wraps(command)
    def with_settings(*args: Any, home: Path | None, now: datetime | None, **kwargs: Any) -> Any:
        from linewise.core.settings import load_settings

        moment = now.replace(tzinfo=UTC) if now is not None else None
        return command(*args, settings=load_settings(home=home, now=moment), **kwargs)

    return with_settings

"""`linewise release kill`: a kind of action that nobody is offered any more, at once."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import home_options, json_option
from cli.stopping import by_option, own_key_option, reason_option, stop_it

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["kill_command"]


@click.command("kill")
@click.argument("target", metavar="KIND")
@reason_option
@by_option
@own_key_option
@json_option
@home_options
def kill_command(
    settings: "Settings", target: str, reason: str, by: str | None, key_path: Path | None, as_json: bool
) -> None:
    """Switch off a kind of action in every door: service, retention, promotional, mandatory, limit or plan.

    \b
    Example:
      linewise release kill limit --reason "the bureau delivers wrong figures" --by anna
    """
    stop_it(settings, "action_kind", target, reason, by, key_path, as_json)

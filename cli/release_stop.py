"""`linewise release stop`: no decision of it any more, at once."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import home_options, json_option
from cli.stopping import by_option, own_key_option, reason_option, stop_it

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["stop_command"]


@click.command("stop")
@click.argument("target", metavar="RELEASE")
@reason_option
@by_option
@own_key_option
@json_option
@home_options
def stop_command(
    settings: "Settings", target: str, reason: str, by: str | None, key_path: Path | None, as_json: bool
) -> None:
    """Stop a release: it decides nothing any more, in any door and any profile. One person is enough.

    \b
    Example:
      linewise release stop 32af95203abe8cc0 --reason "wrong limits" --by anna
    """
    stop_it(settings, "release", target, reason, by, key_path, as_json)

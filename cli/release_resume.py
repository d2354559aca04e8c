"""`linewise release resume`: a stopped release goes on."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import home_options, json_option
from cli.signing import key_option
from cli.stopping import lift_it, reason_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["resume_command"]


@click.command("resume")
@click.argument("target", metavar="RELEASE")
@reason_option
@key_option
@json_option
@home_options
def resume_command(settings: "Settings", target: str, reason: str, key_path: Path, as_json: bool) -> None:
    """Let a stopped release go on, signed by another person than the one who stopped it.

    \b
    Example:
      linewise release resume 32af95203abe8cc0 --reason "limits checked" --key cy.pem
    """
    lift_it(settings, "release", target, reason, key_path, as_json)

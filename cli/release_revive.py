"""`linewise release revive`: a kind of action that was switched off is offered again."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import home_options, json_option
from cli.signing import key_option
from cli.stopping import lift_it, reason_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["revive_command"]


@click.command("revive")
@click.argument("target", metavar="KIND")
@reason_option
@key_option
@json_option
@home_options
def revive_command(settings: "Settings", target: str, reason: str, key_path: Path, as_json: bool) -> None:
    """Switch a kind of action on again, signed by another person than the one who switched it off.

    \b
    Example:
      linewise release revive limit --reason "figures mended" --key cy.pem
    """
    lift_it(settings, "action_kind", target, reason, key_path, as_json)

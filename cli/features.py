"""`linewise features`: the commands on features."""

import click

from cli.features_build import build
from cli.features_materialize import materialize
from cli.features_profile import profile
from cli.features_show import show

__all__ = ["command"]


@click.group("features")
def command() -> None:
    """Build features as of a date, fill the online store, show one customer's, profile them all.

    \b
    Example:
      linewise features build && linewise features materialize
    """


command.add_command(build)
command.add_command(materialize)
command.add_command(profile)
command.add_command(show)

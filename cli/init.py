"""`linewise init`: a home with its settings explained."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["command"]


@click.command()
@json_option
@home_options
def command(settings: "Settings", as_json: bool) -> None:
    """Make a home: one folder for a bank's tables, features, models and decisions.

    \b
    Example:
      linewise init --home /srv/linewise
    """
    from linewise.core.settings_page import initialise_home

    path = initialise_home(settings.paths)
    if as_json:
        show_json({"home": settings.paths.root, "settings": path})
        return
    say(f"Wrote {path}.")
    say("Next: linewise bank import NAME_OR_FOLDER --source DIR")

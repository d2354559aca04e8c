"""`linewise model promote`: make a version the champion."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.model_release import release_for_serving
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["promote_command"]


@click.command("promote")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--reason", required=True, help="Why, in a sentence that a later reader understands.")
@json_option
@home_options
def promote_command(settings: "Settings", name: str, version: int, reason: str, as_json: bool) -> None:
    """Make a version the champion, write down why, and release it for serving.

    \b
    Example:
      linewise model promote default 2 --reason "better ranking on the loans of 1998"
    """
    from training.promotion import promote

    promotion = promote(settings, name, version, reason)
    before = "none" if promotion.previous_version is None else f"version {promotion.previous_version}"
    say(f"Champion of {name!r} is now version {version} (before: {before}).")
    release_for_serving(settings)
    if as_json:
        show_json(promotion.model_dump(mode="json"))

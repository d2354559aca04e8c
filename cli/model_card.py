"""`linewise model card`: what a version is for, what it was made of, who let it serve."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["card_command"]


@click.command("card")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1), required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file for the page in Markdown.")
@json_option
@home_options
def card_command(settings: "Settings", name: str, version: int | None, *, out: Path | None, as_json: bool) -> None:
    """The card of a version (default: the champion), made from its run, the gate and the log of promotions.

    \b
    Example:
      linewise model card card_default --out card_default.md
    """
    from linewise.core.files import write_text_whole
    from training.card.making import card_of
    from training.card.page import markdown_of
    from training.gate.judging import latest_of
    from training.tracking import Registry

    champion = Registry(settings.paths).champion(name) if version is None else None
    card = card_of(settings, champion or latest_of(settings, name, version))
    page = markdown_of(card)
    if out is not None:
        write_text_whole(out, page)
        say(f"Written to {out}.")
    if as_json:
        show_json(card.model_dump(mode="json") | {"gaps": list(card.gaps)})
    elif out is None:
        say(page)

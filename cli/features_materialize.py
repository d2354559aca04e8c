"""`linewise features materialize`: the online store, filled through Feast."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["materialize"]


@click.command()
@json_option
@home_options
def materialize(settings: "Settings", as_json: bool) -> None:
    """Fill the online store with each customer's latest row, through Feast, and sum card postings beside it.

    \b
    Example:
      linewise features materialize
    """
    from features.materialising import materialise
    from linewise.bank.tables import open_bank

    report = materialise(settings.paths, open_bank(settings.paths).clock(settings).now())
    if as_json:
        show_json(asdict(report))
        return
    say(
        f"The online store holds {report.rows:,} customers, as of {report.as_of_from:%Y-%m-%d} "
        f"to {report.as_of_until:%Y-%m-%d}: generation {report.generation_id}."
    )
    kept = report.card_use
    say(f"The card postings of {kept.customers:,} customers are summed as of {kept.as_of:%Y-%m-%d %H:%M}.")

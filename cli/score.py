"""`linewise score`: suggestions for the whole base, to Parquet and CSV."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["command"]


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The Parquet file to write; a CSV of the same name stands beside it.",
)
@click.option("--channel", default="voice", show_default=True, help="voice, app, web, branch or ivr.")
@json_option
@home_options
def command(settings: "Settings", out: Path, channel: str, as_json: bool) -> None:
    """Decide for every customer of the loaded bank, by the same decision as a call.

    \b
    Example:
      linewise score --out suggestions.parquet
    """
    import os

    from serving.scoring.batch import score_base
    from serving.scoring.opening import open_recommender

    recommender = open_recommender(settings, threads=os.cpu_count() or 1)
    with progress(len(recommender.customer_ids()), "customers scored") as advance:
        report = score_base(recommender, out, channel, advance)
    if as_json:
        show_json(asdict(report))
        return
    say(
        f"{report.customers:,} customers: {report.with_offer:,} with an offer, {report.with_limit:,} with a limit. "
        f"Written to {report.parquet} and {report.csv}."
    )

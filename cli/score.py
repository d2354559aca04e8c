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
    type=click.Path(dir_okay=False, path_type=Path),
    help="The Parquet file to write; a CSV of the same name stands beside it.",
)
@click.option(
    "--prepare",
    is_flag=True,
    help="Keep what would be offered, for calls that cannot be decided in time; to be run every night.",
)
@click.option("--channel", default="voice", show_default=True, help="voice, app, web, branch or ivr.")
@json_option
@home_options
def command(settings: "Settings", out: Path | None, prepare: bool, channel: str, as_json: bool) -> None:
    """Decide for every customer of the loaded bank, by the same decision as a call.

    \b
    Example:
      linewise score --out suggestions.parquet
      linewise score --prepare
    """
    import os

    from linewise.core.errors import UsageError
    from serving.scoring.batch import score_base
    from serving.scoring.opening import open_recommender

    if out is None and not prepare:
        raise UsageError("Nothing is to be written.", "--out FILE or --prepare was expected.")
    recommender = open_recommender(settings, threads=os.cpu_count() or 1)
    count = len(recommender.customer_ids())
    if prepare:
        from serving.scoring.prepared import prepare_offers

        with progress(count, "customers prepared") as advance:
            kept = prepare_offers(recommender, settings.paths, advance)
        if out is None and as_json:
            show_json({"customers": count, "with_offer": kept, "prepared": settings.paths.prepared_path})
        else:
            say(f"{count:,} customers: {kept:,} with an offer, kept in {settings.paths.prepared_path}.")
    if out is None:
        return
    with progress(count, "customers scored") as advance:
        report = score_base(recommender, out, channel, advance)
    if as_json:
        show_json(asdict(report))
        return
    say(
        f"{report.customers:,} customers: {report.with_offer:,} with an offer, {report.with_limit:,} with a limit. "
        f"Written to {report.parquet} and {report.csv}."
    )

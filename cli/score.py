"""`linewise score`: suggestions for the whole base, or for a list of customers, to Parquet and CSV."""

from contextlib import nullcontext
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
    "--customers",
    "list_path",
    type=click.Path(path_type=Path),
    help="A CSV (UTF-8) or Parquet file with a column customer_id: only these, in this order.",
)
@click.option(
    "--skip-faulty",
    is_flag=True,
    help="Leave out rows of the list that name nobody, or a customer again, and count them.",
)
@click.option(
    "--prepare",
    is_flag=True,
    help="Keep what would be offered, for calls that cannot be decided in time; to be run every night.",
)
@click.option("--channel", default="voice", show_default=True, help="voice, app, web, branch or ivr.")
@json_option
@home_options
def command(
    settings: "Settings",
    out: Path | None,
    list_path: Path | None,
    skip_faulty: bool,
    prepare: bool,
    channel: str,
    as_json: bool,
) -> None:
    """Decide for every customer of the loaded bank, or of a list, by the same decision as a call.

    A list with an unknown or repeated customer is refused, and says in which rows; with --skip-faulty these are left
    out. Nothing is recorded: what is to be sent is planned by linewise campaign.

    \b
    Example:
      linewise score --out suggestions.parquet
      linewise score --customers some.csv --out suggestions.parquet
      linewise score --prepare
    """
    import os

    from linewise.core.errors import UsageError
    from serving.scoring.batch import score_base
    from serving.scoring.listed import customers_listed
    from serving.scoring.opening import open_recommender

    if out is None and not prepare:
        raise UsageError("Nothing is to be written.", "--out FILE or --prepare was expected.")
    if list_path is not None and out is None:
        raise UsageError(
            "--customers is a list to score, and --prepare keeps everybody's offers.", "--out FILE was expected."
        )
    if (
        list_path is not None
        and out is not None
        and list_path.resolve() in (out.with_suffix(end).resolve() for end in (".csv", ".parquet"))
    ):
        raise UsageError(f"{list_path} would be written over by what is scored.", "Another --out FILE was expected.")
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
    given = (
        nullcontext()
        if list_path is None
        else customers_listed(list_path, recommender.customer_ids(), skips_faulty=skip_faulty)
    )
    with given as listed, progress(count if listed is None else len(listed), "customers scored") as advance:
        report = score_base(recommender, out, channel, advance, listed)
    left_out = [] if listed is None else list(listed.faults)
    if as_json:
        show_json(asdict(report) | {"left_out": [asdict(fault) for fault in left_out]})
        return
    say(
        f"{report.customers:,} customers: {report.with_offer:,} with an offer, {report.with_limit:,} with a limit. "
        f"Written to {report.parquet} and {report.csv}."
    )
    for fault in left_out:
        say(f"Left out: {fault.says}.")

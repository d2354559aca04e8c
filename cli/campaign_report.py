"""`linewise campaign report`: what a campaign brought beside its control."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.ledgers import opened_record
from cli.options import home_options, json_option
from cli.signing import bank_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.campaigns.reporting.lift_report import Forecast, LiftReport, Rates

__all__ = ["report_command"]


@click.command("report")
@click.argument("campaign_id")
@click.option(
    "--responses",
    type=click.Path(path_type=Path),
    help="CSV or Parquet with customer_id, responded_at and, where known, offer_id, outcome, value_amt.",
)
@json_option
@home_options
def report_command(settings: "Settings", campaign_id: str, responses: Path | None, as_json: bool) -> None:
    """Forecast against actual, lift with intervals, incremental profit, and whether the arms are as drawn.

    Responses are the orders of the record, through whatever door, and those of a file. Written beside the plan, as
    JSON and as a page.

    \b
    Example:
      linewise campaign report SPRING_CARDS --responses responses.csv
    """
    from serving.campaigns.reporting.report import PAGE_FILE, report_campaign

    with opened_record(settings) as ledger:
        report = report_campaign(settings, ledger, campaign_id, bank_now(settings), responses)
    written = settings.paths.lift_dir(campaign_id)
    if as_json:
        show_json(report.model_dump(mode="json") | {"written": written})
        return
    _show(report)
    say(f"Written to {written / PAGE_FILE}.")


def _show(report: "LiftReport") -> None:
    for warning in report.warnings:
        click.secho(f"WARNING: {warning}", fg="red", bold=True, err=True)
    for note in report.notes:
        say(note)
    if report.read is not None:
        say(f"{report.read.row_count:,} rows of responses, of which {report.read.used_count:,} count.")
        for one in report.read.left_out:
            rows = ", ".join(str(row) for row in one.first_rows)
            say(f"  {one.row_count:,} left out (row {rows} first): {one.says}")
    show_table(
        f"{report.campaign_id}: forecast against actual",
        ["figure", "planned", "actual", "from", "to"],
        [_told(one, report.currency) for one in report.forecasts],
    )
    show_table(
        "Both arms",
        ["what", "treated", "control", "difference"],
        [
            _arms("heard of the same offer elsewhere", report.heard_same),
            _arms("heard of another offer", report.heard_other),
            _arms("ordered something else", report.other_orders),
            _arms("complaints per thousand", report.complaints, 1_000),
            _arms("opt-outs per thousand", report.opt_outs, 1_000),
        ],
    )


def _told(one: "Forecast", currency: str) -> list[str]:
    from linewise.core.formatters import show_money, show_percent

    def told(value: float) -> str:
        if one.unit == "money":
            return show_money(round(value), currency, "en")
        return show_percent(value, "en") if one.unit == "share" else f"{value:,.0f}"

    return [one.figure, *(told(value) for value in (one.planned, one.actual.value, one.actual.low, one.actual.high))]


def _arms(what: str, one: "Rates", of: int = 100) -> list[str]:
    values = (one.treated.value, one.control.value, one.difference.value)
    return [what, *(f"{value * of:.2f}{'%' if of == 100 else ''}" for value in values)]

"""`linewise model evaluate`: the champion beside the latest version."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.model_figures import show_figures
from cli.model_report import show_report
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["evaluate_command"]


@click.command("evaluate")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Write the page of each version's evaluation report there.",
)
@json_option
@home_options
def evaluate_command(settings: "Settings", names: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Champion beside the latest version: out of fold, and on a later time beside their peers.

    \b
    Example:
      linewise model evaluate default
      linewise model evaluate --out reports
    """
    from training.comparing import evaluate, write_pages

    reports = evaluate(settings, names)
    if out is not None:
        for path in write_pages(settings, reports, out):
            say(f"Written: {path}")
    if as_json:
        show_json([report.model_dump(mode="json") for report in reports])
        return
    for report in reports:
        standings = [(f"champion, version {report.champion.version}", report.champion.evaluation)]
        if report.latest.version != report.champion.version:
            standings.append((f"latest, version {report.latest.version}", report.latest.evaluation))
        show_figures(report.name, standings)
        for standing in {report.champion.version: report.champion, report.latest.version: report.latest}.values():
            if standing.report is not None:
                show_report(f"{report.name}, version {standing.version}", standing.report)
        if report.latest_minus_champion_auc is not None:
            say(f"AUC, latest minus champion on the same folds: {report.latest_minus_champion_auc}")
        elif report.latest_minus_champion_r2 is not None:
            say(f"R², latest minus champion on the same folds: {report.latest_minus_champion_r2}")
        elif report.latest.version != report.champion.version:
            say("They were judged on other data or other folds: the two figures are not comparable.")

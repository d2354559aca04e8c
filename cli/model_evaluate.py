"""`linewise model evaluate`: the champion beside the latest version."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.model_figures import show_figures
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["evaluate_command"]


@click.command("evaluate")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@home_options
def evaluate_command(settings: "Settings", names: tuple[str, ...], as_json: bool) -> None:
    """Champion beside the latest version, as both were judged out of fold.

    \b
    Example:
      linewise model evaluate default
    """
    from training.comparing import evaluate

    reports = evaluate(settings, names)
    if as_json:
        show_json([report.model_dump(mode="json") for report in reports])
        return
    for report in reports:
        standings = [(f"champion, version {report.champion.version}", report.champion.evaluation)]
        if report.latest.version != report.champion.version:
            standings.append((f"latest, version {report.latest.version}", report.latest.evaluation))
        show_figures(report.name, standings)
        if report.latest_minus_champion_auc is not None:
            say(f"AUC, latest minus champion on the same folds: {report.latest_minus_champion_auc}")
        elif report.latest_minus_champion_r2 is not None:
            say(f"R², latest minus champion on the same folds: {report.latest_minus_champion_r2}")
        elif report.latest.version != report.champion.version:
            say("They were judged on other data or other folds: the two figures are not comparable.")

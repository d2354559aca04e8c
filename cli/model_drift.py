"""`linewise model drift`: whether something has moved that somebody must look at."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from training.drift.report import DriftReport

__all__ = ["drift_command"]

PARTS = ("mix", "input", "score", "vintage", "calibration", "value")
SHOWN_MOST = 25


@click.command("drift")
@click.option("--part", "parts", type=click.Choice(PARTS), multiple=True, help="Only this; may be repeated.")
@click.option(
    "--thresholds",
    type=click.Path(dir_okay=False, path_type=Path),
    help="How far things may move (default: the setting 'drift', else the standard file).",
)
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the sample of customers (default: the settings').")
@json_option
@home_options
def drift_command(
    settings: "Settings",
    *,
    parts: tuple[str, ...],
    thresholds: Path | None,
    seed: int | None,
    as_json: bool,
) -> None:
    """Compare what comes in, the champions' scores and what became of them with the same season; exit 5 on an alarm.

    Mixes of events, the champions' inputs and scores against the same day a year before (stability index), lines
    opened or raised lately against those before, calibration and value on outcomes that have matured since the
    champion learnt.

    \b
    Example:
      linewise model drift
      linewise model drift --part mix --part score --now 2026-06-01
    """
    from training.drift.looking import ALL, alarm_of, look_for_drift
    from training.drift.report import Part
    from training.drift.thresholds import load_drift_thresholds

    chosen = settings if seed is None else settings.model_copy(update={"seed": seed})
    asked = load_drift_thresholds(thresholds or settings.drift)
    wanted: list[Part] = [one for one in get_args(Part) if one in parts] or list(ALL)
    report = look_for_drift(chosen, asked, wanted)
    if as_json:
        show_json(report.model_dump(mode="json") | {"alarm_count": len(report.alarms)})
    else:
        _show(report)
    if report.alarms:
        raise alarm_of(report)


def _show(report: "DriftReport") -> None:
    rows = [
        ("ALARM" if one.is_alarm else "", one.part, one.what, f"{one.figure:.3f}", one.bound, one.says)
        for one in sorted(report.moved, key=lambda one: not one.is_alarm)
    ]
    title = f"{report.bank} at {report.as_of:%Y-%m-%d}, beside {report.reference:%Y-%m-%d}"
    show_table(title, ("", "part", "what", "figure", "bound", "told"), rows[:SHOWN_MOST])
    if len(rows) > SHOWN_MOST:
        say(f"{len(rows) - SHOWN_MOST} more have moved less; all of them with --json.")
    for note in report.notes:
        say(f"- {note}")
    if not report.alarms:
        say("Nothing has moved that somebody must look at.")

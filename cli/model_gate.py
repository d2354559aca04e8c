"""`linewise model gate`: whether a version may be promoted."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.options import dry_run_option, home_options, json_option, thresholds_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from training.gate.checking import GateReport

__all__ = ["gate_command"]


@click.command("gate")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1), required=False)
@thresholds_option
@click.option("--sample", type=click.IntRange(min=1), default=500, show_default=True, help="Customers it decides for.")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the sample (default: the settings').")
@dry_run_option
@json_option
@home_options
def gate_command(
    settings: "Settings",
    name: str,
    version: int | None,
    *,
    thresholds: Path | None,
    sample: int,
    seed: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Hold a version (default: the latest) against the thresholds; exit 3 where it does not pass.

    It reads the version's evaluation report, decides for a sample of the loaded bank, and asks for findings and for
    the card. What it found is kept with the version, and promote asks for it.

    \b
    Example:
      linewise model gate card_default 2
    """
    from cli.gating import held_against_gate
    from training.gate.judging import keep_gate, latest_of, refused
    from training.gate.thresholds import load_thresholds

    chosen = settings if seed is None else settings.model_copy(update={"seed": seed})
    asked = load_thresholds(thresholds or settings.gate)
    subject = latest_of(settings, name, version)
    report = held_against_gate(chosen, subject, asked, sample)
    if not dry_run:
        keep_gate(settings, subject, report)
    if as_json:
        show_json(report.model_dump(mode="json") | {"is_passed": report.is_passed})
    else:
        _show(report)
    if not report.is_passed:
        raise refused(report)
    say(f"Version {report.version} of {name!r} passes the gate.")


def _show(report: "GateReport") -> None:
    show_table(
        f"Gate {report.thresholds}: {report.name}, version {report.version}",
        ("check", "cell", "measured", "bound", "verdict"),
        [
            (one.name, one.cell, "" if one.measured is None else f"{one.measured:.4g}", one.bound, one.verdict)
            for one in report.checks
        ],
    )

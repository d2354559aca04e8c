"""`linewise replay`: recorded decisions decided again by the release that made them."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.ledgers import opened_record
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from serving.scoring.replay import ReplayReport

__all__ = ["command"]

SHOWN = 20


@click.command()
@click.argument("decision_id", metavar="DECISION", required=False)
@click.option("--all", "takes_all", is_flag=True, help="All decisions of the record.")
@click.option("--release", "release_id", metavar="R", help="With --all: those of this release alone.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="With --all: so many, drawn evenly.")
@json_option
@home_options
def command(
    settings: "Settings",
    decision_id: str | None,
    takes_all: bool,
    release_id: str | None,
    sample: int | None,
    as_json: bool,
) -> None:
    """Decide again from the record, by the archived release, and compare with what was answered.

    Identical after canonical rounding (money in minor units, ratios to 1e-9) ends with exit code 0; a field
    that differs, or something that is missing, is named and ends with 1.

    \b
    Example:
      linewise replay 5f0c2a44-3f0e-4a6c-9a55-0d6a0a7f1c11
      linewise replay --all --release 32af95203abe8cc0 --sample 1000
    """
    from linewise.core.errors import UsageError
    from linewise.ledger.by_release import made_by, who_made
    from serving.scoring.replay import replay

    if (decision_id is None) == (not takes_all) or (decision_id and (release_id or sample)):
        raise UsageError(
            "Either one DECISION or --all was expected; --release and --sample go with --all.",
            "See: linewise replay --help",
        )
    with opened_record(settings) as ledger:
        made = [who_made(ledger, decision_id)] if decision_id else made_by(ledger, release_id, sample)
        with progress(len(made), "decisions replayed") as advance:
            report = replay(settings.paths, ledger, made, advance)
    if as_json:
        show_json(_as_json(report))
    else:
        _show(report)
    if len(report.of("identical")) < len(report.replayed):
        raise SystemExit(1)


def _as_json(report: "ReplayReport") -> dict[str, object]:
    return {
        "replayed": len(report.replayed),
        "identical": len(report.of("identical")),
        "differs": [asdict(one) for one in report.of("differs")],
        "missing": [asdict(one) for one in report.of("missing")],
        "warnings": report.warnings,
    }


def _show(report: "ReplayReport") -> None:
    for warning in report.warnings:
        say(f"Note: {warning}")
    differing, missing = report.of("differs"), report.of("missing")
    say(
        f"{len(report.replayed):,} replayed: {len(report.of('identical')):,} identical, "
        f"{len(differing):,} differ, {len(missing):,} with something missing."
    )
    if differing:
        rows = [
            (one.decision_id, found.field, found.recorded, found.replayed)
            for one in differing
            for found in one.differences
        ]
        show_table("Fields that differ", ["decision", "field", "recorded", "replayed"], rows[:SHOWN])
        if len(rows) > SHOWN:
            say(f"… and {len(rows) - SHOWN:,} more: see --json.")
    if missing:
        rows_missing = [(one.decision_id, one.release_id, one.missing) for one in missing]
        show_table("Missing", ["decision", "release", "what"], rows_missing[:SHOWN])
        if len(rows_missing) > SHOWN:
            say(f"… and {len(rows_missing) - SHOWN:,} more: see --json.")

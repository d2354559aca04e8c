"""`linewise audit verify`: whether the decision record is what was written."""

from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.ledgers import opened_record
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from linewise.ledger.findings import VerifyReport

__all__ = ["verify"]


@click.command()
@click.option("--payloads", is_flag=True, help="Also decrypt every payload and compare it with its commitment.")
@json_option
@home_options
def verify(settings: "Settings", payloads: bool, as_json: bool) -> None:
    """Walk the record's chain and its seals; name what was rewritten, moved, cut off or taken away (exit 4).

    \b
    Example:
      linewise audit verify --payloads
    """
    from linewise.core.errors import DataCheckFailed
    from linewise.ledger.verifying import record_size, verify_record

    with opened_record(settings) as ledger, progress(record_size(ledger), "decisions verified") as advance:
        report = verify_record(ledger, opens_payloads=payloads, advance=advance)
    if as_json:
        show_json(report.as_json())
    else:
        _show(report)
    if not report.is_whole:
        raise DataCheckFailed(
            f"The record {settings.paths.ledger_path} is not what was written: {len(report.findings):,} findings.",
            "",
            "Keep it as it is, with the checkpoints outside, and compare it with a copy that verifies.",
        )


def _show(report: "VerifyReport") -> None:
    columns = ["kind", "segment", "place", "what"]
    rows = [(one.kind, one.segment_id, one.sequence, one.says) for one in report.findings]
    show_table("Tampering", columns, rows)
    for note in report.notes:
        say(note)
    say(
        f"{report.decisions:,} decisions and {report.acts:,} acts in {report.segments:,} segments, "
        f"{report.checkpoints:,} checkpoints; {report.erased:,} erased, {report.past_retention:,} past their "
        f"retention, {report.unsealed:,} not sealed yet."
    )

"""`linewise bank check`: every rule of the data dictionary asked of the loaded bank."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["check"]


@click.command("check")
@json_option
@home_options
def check(as_json: bool, settings: "Settings") -> None:
    """Report, table by table and rule by rule, what in the loaded bank breaks the contract.

    The exit code is 4 where something does. What is odd and valid is counted beside.

    \b
    Example:
      linewise bank check --json
    """
    from linewise.bank.checking import check_bank
    from linewise.core.errors import DataCheckFailed

    report = check_bank(settings.paths)
    if as_json:
        show_json(report.model_dump(mode="json"))
    else:
        rows = [
            (
                name,
                f"{table.rows:,}",
                f"{table.quarantined_rows:,}",
                len(table.rules),
                "ok" if table.is_clean else "BAD",
            )
            for name, table in report.tables.items()
            if not table.is_absent
        ]
        show_table(report.name, ["table", "rows", "put aside", "rules", "result"], rows)
        put_aside = [
            (name, reason, f"{count:,}")
            for name, table in report.tables.items()
            for reason, count in table.quarantine_reasons.items()
        ]
        show_table("Put aside at the import", ["table", "reason", "rows"], put_aside)
        odd = [(one.oddity_id, one.says, f"{one.rows:,}", _most(one.most)) for one in report.oddities if one.rows]
        show_table("Odd, and kept", ["what", "says", "rows", "most, or first"], odd)
        say(f"Declared absent, so that what needs them is switched off: {', '.join(report.absent) or 'none'}.")
    if findings := report.findings():
        told = "".join(f"\n- {one.rule_id}: {one.says}; {one.bad_rows:,} rows {one.first_rows}" for one in findings)
        raise DataCheckFailed(
            f"The bank {report.name!r} breaks the contract:{told}",
            "",
            "Mend the extract and import it again.",
        )


def _most(most: "Sequence[Mapping[str, Any]]") -> str:
    return "\n".join(
        ", ".join(f"{value:,}" if name == "rows" else str(value) for name, value in one.items()) for one in most
    )

"""`linewise bank check`: every rule of the data dictionary asked of the loaded bank."""

from typing import TYPE_CHECKING

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

    The exit code is 4 where something does.

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
        say(f"Declared absent, so that what needs them is switched off: {', '.join(report.absent) or 'none'}.")
    if findings := report.findings():
        told = "".join(f"\n- {one.rule_id}: {one.says}; {one.bad_rows:,} rows {one.first_rows}" for one in findings)
        raise DataCheckFailed(
            f"The bank {report.name!r} breaks the contract:{told}",
            "",
            "Mend the extract and import it again.",
        )

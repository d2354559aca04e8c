"""`linewise bank import`: a bank's extract made into contract tables."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import progress, say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["import_"]


@click.command("import")
@click.argument("mapping", metavar="NAME_OR_FOLDER")
@click.option(
    "--source",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the bank's own files that the mapping's SQL reads.",
)
@json_option
@home_options
def import_(mapping: str, source: Path, as_json: bool, settings: "Settings") -> None:
    """Make a bank's extract the bank of this home, by a built-in mapping or one in a folder.

    Rows that break the contract are put aside with the reason; where columns, types or keys are wrong,
    or more than 1% of a table is bad, nothing is written and the exit code is 4.

    \b
    Example:
      linewise bank import berka --source ../shared/data/berka
    """
    from linewise.bank.dictionary import TABLE_NAMES
    from linewise.bank.importing import import_bank
    from linewise.bank.mappings import find_mapping

    steps = len(find_mapping(mapping).sql) + len(TABLE_NAMES)
    with progress(steps, "tables read and written") as advance:
        report = import_bank(mapping, source, settings.paths, settings.bank_clock(None).now(), advance)
    if as_json:
        show_json(report.model_dump(mode="json"))
        return
    tables = report.bank.tables.items()
    rows = [(name, f"{facts.rows:,}", f"{facts.quarantined_rows:,}") for name, facts in tables if not facts.is_absent]
    show_table(f"{report.bank.name}: {report.rows:,} rows", ["table", "rows", "put aside"], rows)
    if report.quarantined_rows:
        say(f"{report.quarantined_rows:,} rows were put aside. See why: linewise bank quarantine")
    say(f"Declared absent: {', '.join(report.absent) or 'none'}.")
    say(f"Data hash {report.bank.data_hash[:16]}; written to {report.home}. Next: linewise features build")

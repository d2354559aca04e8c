"""`linewise bank quarantine`: the rows that were put aside at the import, and why."""

from typing import TYPE_CHECKING, Any

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.bank.quarantine import QuarantinedTable
    from linewise.core.settings import Settings

__all__ = ["quarantine"]


@click.command()
@click.argument("table", required=False)
@click.option("--reason", metavar="WORDS", help="Only rows with a reason in which these words stand.")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(min=0), help="Rows of each table; 0 shows counts."
)
@json_option
@home_options
def quarantine(settings: "Settings", table: str | None, reason: str | None, limit: int, as_json: bool) -> None:
    """Show the rows that were put aside at the import, with their reasons: of all tables, or of TABLE.

    \b
    Example:
      linewise bank quarantine transactions --reason "exchange rate" --limit 5
    """
    from linewise.bank.quarantine import quarantined
    from linewise.bank.tables import open_bank

    bank = open_bank(settings.paths)
    found = quarantined(bank, table, reason=reason, limit=limit)
    if as_json:
        show_json({"bank": bank.manifest.name, "tables": [one.model_dump(mode="json") for one in found]})
        return
    counts = [(one.table, why, f"{count:,}") for one in found for why, count in one.reasons.items()]
    show_table(f"{bank.manifest.name}: rows put aside at the import", ["table", "reason", "rows"], counts)
    for one in found:
        _show_rows(one)
    if found:
        say(f"They lie whole in {settings.paths.bank_dir / 'quarantine'}. Mend the extract, and import it again.")


def _show_rows(found: "QuarantinedTable") -> None:
    if not found.first_rows:
        return
    whose = ["customer_id"] if "customer_id" in found.first_rows[0].values else []
    names = list(dict.fromkeys([*found.key, *whose]))
    rows = [
        [*(_shown(row.values[name]) for name in names), _at_fault(row.at_fault), "\n".join(row.reasons)]
        for row in found.first_rows
    ]
    title = f"{found.table}: {len(rows):,} of {found.rows:,} rows"
    show_table(title, [*names, "at fault", "reason"], rows)


def _at_fault(values: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {_shown(value)}" for name, value in values.items())


def _shown(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, str):
        return value if value.strip() else repr(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

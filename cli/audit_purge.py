"""`linewise audit purge`: what is past its retention leaves the record."""

from typing import TYPE_CHECKING

import click

from cli.console import show_json, show_table
from cli.ledgers import opened_record
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["purge"]


@click.command()
@click.option("--by", required=True, help="Who purges.")
@json_option
@home_options
def purge(settings: "Settings", by: str, as_json: bool) -> None:
    """Delete what decisions past the retention of their class hold of customers, but for legal holds.

    The years of each class are the settings retain_full_years, retain_batch_years and retain_service_years,
    counted back from the bank's present moment. The chain verifies afterwards.

    \b
    Example:
      linewise audit purge --by records.office
    """
    from linewise.bank.tables import open_bank
    from linewise.ledger.retention import purge as purge_record
    from linewise.ledger.retention import retention_years

    years, now = retention_years(settings), open_bank(settings.paths).clock(settings).now()
    with opened_record(settings) as ledger:
        deleted = purge_record(ledger, years, now, by)
    if as_json:
        show_json({"as_of": now, "deleted": deleted})
        return
    rows = [(name, years[name], f"{count:,}") for name, count in deleted.items()]
    show_table(f"Purged as of {now:%Y-%m-%d}", ["class", "years kept", "decisions"], rows)

"""`linewise duties extend`: a later date for a duty, with the reasons."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import MOMENT, home_options, json_option
from cli.signing import bank_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["extend_command"]


@click.command("extend")
@click.argument("duty_id", metavar="DUTY")
@click.option("--due", required=True, type=MOMENT, help="The new date, in UTC.")
@click.option("--reasons", required=True, help="Why it takes longer.")
@click.option("--by", required=True, help="Who allows it.")
@json_option
@home_options
def extend_command(settings: "Settings", duty_id: str, due: datetime, reasons: str, by: str, as_json: bool) -> None:
    """Move the date of a duty; that of a complaint to 60 days after it was made at the latest.

    \b
    Example:
      linewise duties extend 5d2f0d7e-8f0c-5f3b-9a3e-2b6f2a1c4d10 --due 2026-12-31 --reasons "expert asked" --by chief
    """
    from linewise.ledger.duties import extend_duty, read_duty
    from serving.scoring.complaints import enforce_extension

    due_at, now = due.replace(tzinfo=UTC), bank_now(settings)
    with opened_ledger(settings) as ledger:
        with ledger.engine.connect() as connection:
            enforce_extension(read_duty(connection, duty_id), due_at)
        duty = extend_duty(ledger, duty_id, due_at, reasons, by, now)
    say(f"Now due on {duty.due_at:%Y-%m-%d %H:%M} UTC: {duty.what}")
    if as_json:
        show_json(asdict(duty))

"""`linewise duties done`: a duty that was done, with what shows it."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import bank_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["done_command"]


@click.command("done")
@click.argument("duty_id", metavar="DUTY")
@click.option("--evidence", required=True, help="What shows it: a letter's number, a document, a recording.")
@click.option("--by", required=True, help="Who did it.")
@json_option
@home_options
def done_command(settings: "Settings", duty_id: str, evidence: str, by: str, as_json: bool) -> None:
    """Write down that a duty was done. It ends once; a review ends by its own command.

    \b
    Example:
      linewise duties done 5d2f0d7e-8f0c-5f3b-9a3e-2b6f2a1c4d10 --evidence "letter 4711" --by ops-3
    """
    from linewise.ledger.duties import complete_duty

    now = bank_now(settings)
    with opened_ledger(settings) as ledger:
        duty = complete_duty(ledger, duty_id, evidence, by, now)
    late = f", {(now - duty.due_at).days} days late" if now > duty.due_at else ""
    say(f"Done{late}: {duty.what}")
    if as_json:
        show_json(asdict(duty) | {"evidence": evidence, "by": by, "done_at": now})

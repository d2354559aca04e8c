"""`linewise portfolio approve-budget`: another person's signature on a budget."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import key_option, signing_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["approve_budget_command"]


@click.command("approve-budget")
@click.argument("proposal_id", metavar="PROPOSAL")
@key_option
@click.option("--meaning", required=True, help="What was looked at, and what the signature stands for.")
@json_option
@home_options
def approve_budget_command(settings: "Settings", proposal_id: str, key_path: Path, meaning: str, as_json: bool) -> None:
    """Sign an amount that somebody else asked for; in force once enough have. Exit 6 where this person may not.

    \b
    Example:
      linewise portfolio approve-budget raises-11#1 --key bo.pem --meaning "held against the plan"
    """
    from linewise.ledger.funding import approve_budget
    from linewise.ledger.signing import read_key_file
    from linewise.policy.roles import load_roles

    needed = load_roles(settings.policy).needed["raise_budget"]
    with opened_ledger(settings) as ledger:
        signed, lacks = approve_budget(
            ledger, proposal_id, read_key_file(key_path), meaning, signing_now(settings), needed
        )
    say(f"{signed.person.name} ({signed.person.role}) approved {proposal_id}: {lacks or 'in force'}.")
    if as_json:
        show_json({"proposal_id": proposal_id, "lacks": lacks, "name": signed.person.name, "role": signed.person.role})

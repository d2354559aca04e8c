"""`linewise release withdraw`: a lost or stolen key signs nothing any more."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import signing_now
from cli.stopping import reason_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["withdraw_command"]


@click.command("withdraw")
@click.argument("key_id", metavar="KEY")
@reason_option
@click.option("--by", required=True, help="Who withdraws it; one person is enough, at once.")
@json_option
@home_options
def withdraw_command(settings: "Settings", key_id: str, reason: str, by: str, as_json: bool) -> None:
    """Withdraw a key by its id: nothing that it signed counts any more, whatever its date.

    \b
    Example:
      linewise release withdraw 3f0c2a443f0e4a6c9a550d6a0a7f1c11 --reason "lost on a train" --by anna
    """
    from linewise.ledger.people import withdraw_key

    with opened_ledger(settings) as ledger:
        person = withdraw_key(ledger, key_id, reason, by, signing_now(settings))
    say(f"The key {key_id} of {person.name} ({person.role}) signs nothing any more.")
    if as_json:
        show_json({"withdrawn": key_id, "name": person.name, "role": person.role, "reason": reason})

"""`linewise release approve`: another person's signature."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import key_option, signing_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["approve_command"]


@click.command("approve")
@click.argument("release_id", metavar="RELEASE")
@key_option
@click.option("--meaning", required=True, help="What was looked at, and what the signature stands for.")
@json_option
@home_options
def approve_command(settings: "Settings", release_id: str, key_path: Path, meaning: str, as_json: bool) -> None:
    """Approve a release by signing its hash with one's own key; exit 6 where this person may not.

    \b
    Example:
      linewise release approve 32af95203abe8cc0 --key bo.pem --meaning "impact read, limits checked"
    """
    from linewise.ledger.approvals import sign_act, signatures_of
    from linewise.ledger.releases import read_release
    from linewise.ledger.signing import read_key_file
    from linewise.policy.roles import load_roles

    needed = load_roles(settings.policy).needed["promote"]
    with opened_ledger(settings) as ledger:
        signed = sign_act(ledger, release_id, "approve", read_key_file(key_path), meaning, signing_now(settings))
        with ledger.engine.connect() as connection:
            lacks = signatures_of(connection, read_release(connection, release_id)).lacks(needed)
    say(f"{signed.person.name} ({signed.person.role}) approved {release_id}: {lacks or 'nothing more is missing'}.")
    if as_json:
        who = {"name": signed.person.name, "role": signed.person.role, "at": signed.at}
        show_json({"release_id": release_id, "lacks": lacks} | who)

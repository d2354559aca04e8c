"""`linewise release propose`: the author's signature."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import key_option, signing_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["propose_command"]


@click.command("propose")
@click.argument("release_id", metavar="RELEASE")
@key_option
@click.option("--meaning", default="I made this release.", show_default=True, help="What the signature stands for.")
@json_option
@home_options
def propose_command(settings: "Settings", release_id: str, key_path: Path, meaning: str, as_json: bool) -> None:
    """Sign for having made a release. Whoever does cannot approve it, nor can a key that they registered.

    \b
    Example:
      linewise release propose 32af95203abe8cc0 --key ada.pem
    """
    from linewise.ledger.approvals import sign_act
    from linewise.ledger.signing import read_key_file

    with opened_ledger(settings) as ledger:
        signed = sign_act(ledger, release_id, "propose", read_key_file(key_path), meaning, signing_now(settings))
    say(f"{signed.person.name} ({signed.person.role}) signed for having made {release_id}.")
    if as_json:
        show_json({"release_id": release_id, "name": signed.person.name, "role": signed.person.role, "at": signed.at})

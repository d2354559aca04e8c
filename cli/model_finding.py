"""`linewise model finding`: what speaks against a version, and how it was settled."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import signing_now
from cli.stopping import by_option, own_key_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["finding_command"]


@click.command("finding")
@click.argument("name")
@click.argument("version", type=click.IntRange(min=1))
@click.option("--says", required=True, help="What was found, or how it was settled.")
@click.option("--close", "finding_id", metavar="ID", help="Close this finding; by the key of a validator.")
@by_option
@own_key_option
@json_option
@home_options
def finding_command(
    settings: "Settings",
    name: str,
    version: int,
    *,
    says: str,
    finding_id: str | None,
    by: str | None,
    key_path: Path | None,
    as_json: bool,
) -> None:
    """Write down what speaks against a version: it cannot be promoted until a validator has closed it.

    \b
    Example:
      linewise model finding default 2 --says "a column leaks the outcome" --by anna
      linewise model finding default 2 --close ID --says "the column is gone" --key cy.pem
    """
    from linewise.core.errors import UsageError
    from linewise.ledger.model_findings import Subject, close_finding, open_finding
    from linewise.ledger.signing import read_key_file
    from training.gate.judging import latest_of

    found = latest_of(settings, name, version)
    key = None if key_path is None else read_key_file(key_path)
    now = signing_now(settings)
    if finding_id is not None and key is None:
        raise UsageError("A finding is closed by a key.", "--key FILE of a validator was expected.")
    with opened_ledger(settings) as ledger:
        if finding_id is not None and key is not None:
            made = close_finding(ledger, finding_id, says, key, now)
            say(f"Closed: {made.says}")
        else:
            subject = Subject(found.name, found.version, found.artefact_sha256)
            made = open_finding(ledger, subject, says, key or by or "", now)
            say(f"Finding {made.finding_id} stands against version {version} of {name!r}: it cannot be promoted.")
    if as_json:
        show_json({"finding_id": made.finding_id, "says": made.says, "name": made.name, "at": made.at})

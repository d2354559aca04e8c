"""`linewise release key`: a person's key file, and its registration by an operator."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import KEY_FILE, signing_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["key_command"]


@click.command("key")
@click.argument("name")
@click.option("--role", help="The role that the person signs in; the first key of a home is an operator's.")
@click.option("--out", type=KEY_FILE, help="Make the private key in this new file, for its holder alone.")
@click.option("--public", help="Register this public key, whose holder keeps the private one.")
@click.option("--registrar", type=KEY_FILE, help="The key file of the operator who registers it.")
@json_option
@home_options
def key_command(
    settings: "Settings",
    name: str,
    role: str | None,
    out: Path | None,
    public: str | None,
    registrar: Path | None,
    as_json: bool,
) -> None:
    """Make a person's key file with --out, and register a public key with --role and --registrar.

    Best in two steps: the person runs it with --out alone and passes the public key that it shows to an
    operator, who runs it with --public. The first operator of a home registers their own key.

    \b
    Example:
      linewise release key olga --role operator --out olga.pem
      linewise release key bo --out bo.pem
      linewise release key bo --role policy_approver --public 3f…c1 --registrar olga.pem
    """
    from linewise.core.errors import UsageError
    from linewise.ledger.people import REGISTRAR, register_person
    from linewise.ledger.signing import make_key_file, read_key_file
    from linewise.policy.roles import load_roles

    if (out is None) == (public is None):
        raise UsageError("Either --out FILE or --public KEY was expected.", "See: linewise release key --help")
    is_first = role == REGISTRAR and registrar is None
    if public is not None and (role is None or (registrar is None)):
        raise UsageError("A public key is registered with --role and the --registrar's key file.")
    vouching = read_key_file(registrar) if registrar is not None else None
    made = make_key_file(out) if out is not None else None
    given = public or (made.public if made else "")
    told: dict[str, object] = {"name": name, "public_key": given, "is_registered": False}
    signer = vouching or (made if is_first else None)
    if role is not None and signer is not None:
        incompatible = load_roles(settings.policy).incompatible
        try:
            with opened_ledger(settings) as ledger:
                person = register_person(ledger, name, role, given, signer, incompatible, signing_now(settings))
        except Exception:
            if out is not None:
                # A key that nobody knows would only be mistaken for one that is known.
                out.unlink(missing_ok=True)
            raise
        told = asdict(person) | {"is_registered": True}
        say(f"{person.name} signs as {person.role} with the key {person.key_id}, registered by {person.registrar}.")
    else:
        say(f"The key of {name} is not registered yet. Its public half, for an operator: {given}")
    if as_json:
        show_json(told)

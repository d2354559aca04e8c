"""`linewise user add`: somebody who may sign in."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.passwords import asked_password

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["add_command"]


@click.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="A role; several where they go together.")
@json_option
@home_options
def add_command(settings: "Settings", name: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Add a user. The password is asked for on the terminal, or read as one line of standard input.

    \b
    Example:
      linewise user add li.na --role agent
    """
    from linewise.ledger.people import read_people
    from linewise.policy.roles import load_roles
    from serving.access.local_users import LocalUsers, enforce_roles
    from serving.access.passwords import enforce_good_password

    incompatible = load_roles(settings.policy).incompatible
    with opened_ledger(settings) as ledger, ledger.engine.connect() as connection:
        # Who signs releases in a role by a key holds that role too.
        signs_as = read_people(connection).roles_of(name)
    enforce_roles(name, {*roles, *signs_as}, incompatible)
    password = asked_password(name)
    enforce_good_password(name, password)
    user = LocalUsers(settings).add(name, roles, password, incompatible)
    say(f"{user.name} may sign in as {', '.join(user.roles)}.")
    if as_json:
        show_json({"name": user.name, "roles": user.roles})

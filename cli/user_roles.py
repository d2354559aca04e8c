"""`linewise user roles`: other roles, another password, or another try for a user."""

from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.ledgers import opened_ledger, opened_record
from cli.options import home_options, json_option
from cli.passwords import asked_password

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["roles_command"]


@click.command("roles")
@click.argument("name")
@click.option("--role", "roles", multiple=True, help="The roles from now on, all of them.")
@click.option("--password", "asks_password", is_flag=True, help="Ask for another password.")
@click.option("--unlock", is_flag=True, help="Forget failed tries, so that the user may try again at once.")
@json_option
@home_options
def roles_command(
    settings: "Settings", name: str, roles: tuple[str, ...], asks_password: bool, unlock: bool, as_json: bool
) -> None:
    """Change a user's roles, which holds from the next request on; or the password, or end a lock.

    \b
    Example:
      linewise user roles li.na --role supervisor
    """
    from linewise.core.errors import UsageError
    from linewise.ledger.people import read_people
    from linewise.ledger.sign_ins import forgive
    from linewise.policy.roles import load_roles
    from serving.access.local_users import LocalUsers, enforce_roles, in_order
    from serving.access.passwords import enforce_good_password

    if not (roles or asks_password or unlock):
        raise UsageError("Nothing would change.", "--role, --password or --unlock was expected.")
    users = LocalUsers(settings)
    if roles:
        with opened_ledger(settings) as ledger, ledger.engine.connect() as connection:
            signs_as = read_people(connection).roles_of(name)
        enforce_roles(name, {*roles, *signs_as}, load_roles(settings.policy).incompatible)
        users.change(name, roles=in_order(roles))
    if asks_password:
        password = asked_password(name)
        enforce_good_password(name, password)
        users.set_password(name, password)
    if unlock:
        with opened_record(settings) as ledger:
            forgive(ledger, name)
    user = users.named(name)
    say(f"{user.name}: {', '.join(user.roles)}.")
    if as_json:
        show_json({"name": user.name, "roles": user.roles})

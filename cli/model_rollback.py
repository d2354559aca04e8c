"""`linewise model rollback`: the version before is champion again, at once."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json
from cli.model_promote import show_plan
from cli.options import dry_run_option, home_options, json_option
from cli.stopping import by_option, own_key_option, reason_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["rollback_command"]


@click.command("rollback")
@click.argument("name", required=False)
@reason_option
@by_option
@own_key_option
@dry_run_option
@json_option
@home_options
def rollback_command(
    settings: "Settings",
    name: str | None,
    *,
    reason: str,
    by: str | None,
    key_path: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take back the last promotion (of the model NAME): the version before is champion again, without a retraining.

    The policy that decided beside it holds again too, until the next promotion. One person is enough. What was
    granted meanwhile stays granted: linewise release impact shows it, linewise release stop ends it.

    \b
    Example:
      linewise model rollback --reason "limits twice as high as last week" --by anna
    """
    from cli.promoting import carry_out, planned_rollback
    from training.promotion_log import promoting

    who = _who(settings, by, key_path)
    with promoting(settings.paths):
        planned = planned_rollback(settings, name, reason, who)
        if dry_run:
            show_plan(planned.as_json(), as_json=as_json)
            return
        moved = carry_out(settings, planned)
    say(f"Champion of {moved.name!r} is version {moved.version} again (before: version {moved.previous_version}).")
    if planned.staged.release.policy_of:
        say(f"The policy of the release {planned.staged.release.policy_of} holds until the next promotion.")
    say(f"Released for serving: {planned.staged.release.key}.")
    if as_json:
        show_json(moved.model_dump(mode="json"))


def _who(settings: "Settings", by: str | None, key_path: Path | None) -> str:
    """The name of whoever rolls back: as given, or that of the key's owner."""
    from cli.ledgers import opened_ledger
    from linewise.core.errors import UsageError
    from linewise.ledger.people import read_people
    from linewise.ledger.signing import read_key_file

    if key_path is None:
        if by is None or not by.strip():
            raise UsageError("Either --by NAME or --key FILE was expected.", "One of the two says who rolls back.")
        return by.strip()
    with opened_ledger(settings) as ledger, ledger.engine.connect() as connection:
        return read_people(connection).holder(read_key_file(key_path)).name

"""`linewise duties due`: what is open, the most urgent first."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.ledgers import opened_ledger
from cli.options import MOMENT, home_options, json_option
from cli.signing import bank_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["due_command"]


@click.command("due")
@click.option(
    "--until",
    type=MOMENT,
    help="Only what is due by this moment in UTC (default: whenever it is due).",
)
@click.option("--owner", metavar="ROLE", help="Only what this role answers for.")
@click.option("--waiting", is_flag=True, help="Also what an order would wait for, of actions that nobody has taken.")
@json_option
@home_options
def due_command(settings: "Settings", until: datetime | None, owner: str | None, waiting: bool, as_json: bool) -> None:
    """List the open duties: what, for whom, by when, who answers for it, and whether an order waits for it.

    \b
    Example:
      linewise duties due --until 2026-12-01 --owner reviewer
    """
    from linewise.ledger.duties import duties_due
    from linewise.ledger.waiting import without_waiting

    now = bank_now(settings)
    with opened_ledger(settings) as ledger:
        opened = duties_due(ledger, until.replace(tzinfo=UTC) if until else None)
        found = opened if waiting else without_waiting(ledger, opened)
    due = [one for one in found if owner is None or one.owner == owner]
    if as_json:
        show_json([asdict(one) | {"is_overdue": one.due_at < now} for one in due])
        return
    show_table(
        "Open duties",
        ["due (UTC)", "duty", "what", "for", "owner", "customer", "about", "rule", "order waits"],
        [
            (
                f"{one.due_at:%Y-%m-%d %H:%M}{' overdue' if one.due_at < now else ''}",
                one.duty_id,
                one.what,
                one.audience,
                one.owner,
                one.customer_id,
                one.action_id or "the decision",
                one.rule_id,
                "yes" if one.is_blocking else "no",
            )
            for one in due
        ],
    )
    if len(opened) > len(found):
        say(f"{len(opened) - len(found):,} more wait until somebody takes the action: --waiting.")
    if due:
        say(f"{sum(one.due_at < now for one in due):,} of {len(due):,} are overdue at {now:%Y-%m-%d %H:%M} UTC.")

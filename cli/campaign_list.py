"""`linewise campaign list`: how far every campaign has come, and who is in its control group."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.ledgers import opened_ledger
from cli.options import home_options, json_option
from cli.signing import bank_now

if TYPE_CHECKING:
    from linewise.core.settings import Settings

__all__ = ["list_command"]

LAST = timedelta(microseconds=1)
"""Before the end, which is the first moment of the day after."""


@click.command("list")
@json_option
@home_options
def list_command(settings: "Settings", as_json: bool) -> None:
    """List the campaigns of the record: state, what they lack, what has voided them, until when a control is held.

    \b
    Example:
      linewise campaign list --json
    """
    from dataclasses import asdict
    from zoneinfo import ZoneInfo

    from linewise.bank.tables import open_bank
    from linewise.ledger.campaigns import campaigns_seen, signatures_of_campaign
    from linewise.policy.roles import load_roles
    from serving.campaigns.approving.approval import void_because
    from serving.campaigns.approving.standing import Standing
    from serving.campaigns.plan.files import planned_campaigns

    now, needed = bank_now(settings), load_roles(settings.policy).needed["approve_campaign"]
    with opened_ledger(settings) as ledger:
        found = campaigns_seen(ledger)
        with ledger.engine.connect() as connection:
            signatures = [signatures_of_campaign(connection, one.terms) for one in found]
    lacks = [one.lacks(needed) for one in signatures]
    standing = Standing.now(settings) if found else None
    voided = [void_because(settings.paths, one, standing) if standing else [] for one in found]
    proposed = {one.terms.campaign_id for one in found}
    unsigned = [one for one in planned_campaigns(settings.paths) if one not in proposed]
    if as_json:
        show_json({
            "campaigns": [
                {**asdict(one.terms), "state": one.state, "is_live": one.is_live(now), "lacks": lack,
                 "void_because": void, "changed_by": one.changed_by, "changed_at": one.changed_at, "reason": one.reason,
                 "problems": list(signed.problems)}
                for one, lack, void, signed in zip(found, lacks, voided, signatures, strict=True)
            ],
            "not_proposed": unsigned,
        })  # fmt: skip
        return
    zone = ZoneInfo(open_bank(settings.paths).manifest.time_zone)

    def day(moment: datetime) -> str:
        return moment.astimezone(zone).date().isoformat()

    rows = [
        (
            "\n".join((one.terms.campaign_id, *one.terms.offers)),
            f"{one.state}\nby {one.changed_by}" + (f"\n{one.reason}" if one.reason else ""),
            "\n".join((day(one.terms.begins_at), day(one.terms.ends_at - LAST), *one.terms.channels)),
            f"{one.terms.treated_count:,}",
            f"{one.terms.control_count:,}\n"
            + (f"held to\n{day(one.terms.held_until - LAST)}" if one.is_live(now) else "not held"),
            "\n".join(part for part in (lack, f"void: {', '.join(void)}" if void else "") if part) or "nothing",
        )
        for one, lack, void in zip(found, lacks, voided, strict=True)
    ]
    show_table("Campaigns", ["campaign", "state", "window", "contacted", "control", "lacks"], rows, whole_names=True)
    for campaign_id in unsigned:
        say(f"{campaign_id} is planned and not proposed: linewise campaign propose {campaign_id} --key FILE")

"""Whom live campaigns keep in their control groups, as every door asks it at each decision."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import BigInteger, Connection, Dialect, bindparam, select

from linewise.core.moments import microseconds
from linewise.ledger.campaign_tables import campaign_controls, campaigns
from linewise.ledger.look_up import LookUp
from linewise.ledger.prepared import Prepared

__all__ = ["LIVE_STATES", "LiveCampaign", "listed_controls", "live_campaigns"]

LIVE_STATES = ("approved", "exported")
"""From its approval on a campaign has a control that is kept apart; a stopped one lets go at once."""


@dataclass(frozen=True, slots=True)
class LiveCampaign:
    """What a door must know of a live campaign: its offers, and by which draw its control was taken."""

    campaign_id: str
    offers: tuple[str, ...]
    seed: int
    salt: str
    control_share_ratio: float


@lru_cache(maxsize=4)
def _live(dialect: Dialect) -> Prepared:
    table = campaigns.c
    kept = (table.campaign_id, table.offers, table.seed, table.salt, table.control_share_ratio)
    lives = table.state.in_([bindparam(f"state_{place}", state) for place, state in enumerate(LIVE_STATES)])
    is_not_over = table.held_until > bindparam("at", type_=BigInteger())
    return Prepared(select(*kept).where(lives, is_not_over).order_by(table.campaign_id), dialect)


def live_campaigns(connection: Connection, at: datetime) -> Sequence[LiveCampaign]:
    """The campaigns that are approved or exported and not over at that moment, by id."""
    values = {f"state_{place}": state for place, state in enumerate(LIVE_STATES)}
    rows = _live(connection.dialect).read(connection, values | {"at": microseconds(at)})
    return [LiveCampaign(one, tuple(json.loads(offers)), *rest) for one, offers, *rest in rows]


_CONTROLS = LookUp(
    select(campaign_controls.c.customer_id).where(campaign_controls.c.campaign_id == bindparam("campaign")),
    campaign_controls.c.customer_id,
)


def listed_controls(connection: Connection, campaign_id: str, customer_ids: Sequence[str]) -> list[str]:
    """Of these customers those whom the campaign has in its control."""
    return [str(row.customer_id) for row in _CONTROLS.rows(connection, customer_ids, campaign=campaign_id)]

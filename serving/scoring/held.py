"""Who is in the control of a live campaign, on the way into a decision: no door proposes its offers to them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from linewise.decisioning.cells import is_drawn_control
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Customers, State
from linewise.ledger.campaign_holds import LiveCampaign, listed_controls, live_campaigns
from linewise.ledger.within import Transaction

__all__ = ["NOBODY_HELD", "Held", "control_of", "read_held", "with_held"]

BETWEEN = ","
"""Between the ids of campaigns, none of which holds one."""


@dataclass(frozen=True, slots=True)
class Held:
    """At one moment: customer to the live campaigns that keep them in their control, by id."""

    campaigns_of: Mapping[str, Sequence[LiveCampaign]] = field(default_factory=dict)

    def offers_of(self, customer_id: str) -> frozenset[str]:
        """The offers that are kept from a customer."""
        return frozenset(offer for one in self.campaigns_of.get(customer_id, ()) for offer in one.offers)


NOBODY_HELD = Held()


def read_held(
    connection: Transaction, customer_ids: Sequence[str], at: datetime, apart_from: Collection[str] = ()
) -> Held:
    """Who of these customers is in the control of a live campaign, but for those campaigns that are looked apart from.

    In a control is whoever was drawn and stands on the campaign's list: who was never to be contacted is no control,
    and goes without nothing. The draw needs no look-up, so most customers cost none.
    """
    live = [one for one in live_campaigns(connection, at) if one.campaign_id not in apart_from]
    if not live or not customer_ids:
        return NOBODY_HELD
    ids = np.array(customer_ids, dtype=np.str_)
    found: defaultdict[str, list[LiveCampaign]] = defaultdict(list)
    for campaign in live:
        drawn = ids[is_drawn_control(ids, campaign.seed, campaign.salt, campaign.control_share_ratio)]
        for customer_id in listed_controls(connection, campaign.campaign_id, drawn.tolist()):
            found[customer_id].append(campaign)
    return Held(found)


def control_of(customers: Customers, row: int) -> list[str]:
    """The ids of the live campaigns that keep one customer in their control, as the decision was told."""
    told = customers.facts.get("control_of_campaigns")
    return [] if told is None or told[row] is None else str(told[row]).split(BETWEEN)


def with_held(customers: Customers, state: State, held: Held, offers: Offers) -> tuple[Customers, State]:
    """The customers with the campaigns that keep them in their control; the state with the offers kept from each."""
    campaigns = np.full(len(customers), None, dtype=object)
    if held.campaigns_of:
        is_control: Bools = np.zeros((len(customers), len(offers)), dtype=np.bool_)
        for row, customer_id in enumerate(customers.customer_id.tolist()):
            if customer_id in held.campaigns_of:
                kept = held.offers_of(customer_id)
                is_control[row] = [one in kept for one in offers.offer_id]
                campaigns[row] = BETWEEN.join(one.campaign_id for one in held.campaigns_of[customer_id])
        state = replace(state, is_campaign_control=is_control)
    return replace(customers, facts={**customers.facts, "control_of_campaigns": campaigns}), state

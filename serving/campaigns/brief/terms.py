"""What campaigns cost and may cost, in minor units of the bank's currency, as their files say it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linewise.core.money import to_minor
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Floats
from serving.campaigns.brief.campaign import Brief

__all__ = ["Action", "CampaignTerms", "actions_of", "terms_of"]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a plan may give a customer: an offer of a campaign by a channel.

    campaign: its place among the campaigns planned together; offer: among the offers decided on; channel: among the
    channels of all of them.
    """

    campaign: int
    channel: int
    offer: int


@dataclass(frozen=True, slots=True)
class CampaignTerms:
    """What one campaign may cost, minor units.

    contact_amt (n_channels, n_offers): what a contact costs; benefit_amt (n_offers,): what an acceptance is expected
    to cost beyond it, what is clawed back taken off; NaN where the campaign has no such offer or no such channel.
    """

    contact_amt: Floats
    benefit_amt: Floats
    budget_amt: int


def terms_of(brief: Brief, channels: Sequence[str], offers: Offers, currency: str) -> CampaignTerms:
    """The terms of a campaign in the bank's currency; where it names no price of a contact, the catalogue's counts."""
    contact = np.full((len(channels), len(offers)), np.nan)
    benefit = np.full(len(offers), np.nan)
    is_ours = np.array([one in brief.offer_ids for one in offers.offer_id], dtype=np.bool_)
    for one in brief.channels:
        cost = offers.cost_amt if one.cost is None else np.full(len(offers), to_minor(one.cost, currency))
        contact[channels.index(one.channel), is_ours] = cost[is_ours]
    for place in np.flatnonzero(is_ours).tolist():
        offer = brief.offer(offers.offer_id[place])
        benefit[place] = to_minor(offer.benefit, currency) * offer.net_benefit_ratio
    return CampaignTerms(contact, benefit, to_minor(brief.budget.amount, currency))


def actions_of(briefs: Sequence[Brief], channels: Sequence[str], offers: Offers) -> tuple[Action, ...]:
    """Every action of the campaigns, in the order of the files, their channels and the catalogue's offers."""
    return tuple(
        Action(place, channels.index(one.channel), offer)
        for place, brief in enumerate(briefs)
        for one in brief.channels
        for offer, offer_id in enumerate(offers.offer_id)
        if offer_id in brief.offer_ids
    )

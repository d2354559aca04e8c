"""What each pair of customer and offer brings a campaign, before and at what cost."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.prices import NO_PRICES
from linewise.decisioning.types import Decisions, Ints
from serving.campaigns.brief.terms import CampaignTerms
from serving.campaigns.gathering.several import Several

__all__ = ["Worth", "worth_of"]


@dataclass(frozen=True, slots=True)
class Worth:
    """What each pair brings before and at what cost, and by what it is ranked, (n_customers, n_offers), minor units."""

    priority: Ints
    value_amt: Ints
    cost_amt: Ints


def worth_of(decisions: Decisions, several: Several, terms: CampaignTerms, channel: int) -> Worth:
    """By priority = uplift × value − Σ price × use − contact − propensity × benefit.

    The decision's own priority carries the catalogue's cost of a contact in place of the campaign's.
    """
    decided, offers = decisions.offers, several.offered.offers
    gain = np.rint(decided.uplift * decided.value_amt)
    scarce = np.zeros_like(gain)
    if several.offered.prices != NO_PRICES:
        scarce = np.where(decided.priority != 0, np.maximum(gain - offers.cost_amt - decided.priority, 0.0), 0.0)
    cost = np.nan_to_num(terms.contact_amt[channel] + decided.propensity * terms.benefit_amt)
    value, spent = gain.astype(np.int64), np.rint(cost).astype(np.int64)
    return Worth(value - spent - np.rint(scarce).astype(np.int64), value, spent)

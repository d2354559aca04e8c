"""Campaigns planned together: their files, conditions and terms, and all that they may give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.prices import Prices
from serving.campaigns.base import Base
from serving.campaigns.brief.audience import Audience
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.brief.terms import Action, CampaignTerms, actions_of, terms_of
from serving.scoring.deciding import Offered

__all__ = ["Several"]


@dataclass(frozen=True, slots=True)
class Several:
    """Campaigns planned together: their files, conditions, terms, and what they may give.

    channels, offered: of all of them together; live: ids of campaigns that live already; elsewhere: by campaign, who of
    the base is on the list of which of them, (n_all,), 1 the first, 0 for none.
    """

    briefs: tuple[Brief, ...]
    audiences: tuple[Audience, ...]
    channels: tuple[str, ...]
    offered: Offered
    terms: tuple[CampaignTerms, ...]
    actions: tuple[Action, ...]
    live: tuple[str, ...]
    elsewhere: tuple[NDArray[np.int16], ...]

    @classmethod
    def of(
        cls,
        base: Base,
        briefs: Sequence[Brief],
        audiences: Sequence[Audience],
        live: Sequence[str] = (),
        elsewhere: Sequence[NDArray[np.int16]] = (),
    ) -> "Several":
        """The campaigns on the catalogue of a base.

        Of the prices of the release those of exposure, loss and capital count; money and contacts are the
        campaigns' own.
        """
        channels = tuple(dict.fromkeys(one.channel for brief in briefs for one in brief.channels))
        wanted = {offer for brief in briefs for offer in brief.offer_ids}
        prices = base.desk.prices
        shared = Prices(
            exposure_ratio=prices.exposure_ratio, loss_ratio=prices.loss_ratio, capital_ratio=prices.capital_ratio
        )
        offered = Offered.of(base.desk.policy.decision.offers, wanted, shared)
        currency = base.bank.manifest.currency
        return cls(
            tuple(briefs),
            tuple(audiences),
            channels,
            offered,
            tuple(terms_of(brief, channels, offered.offers, currency) for brief in briefs),
            actions_of(briefs, channels, offered.offers),
            tuple(live),
            tuple(elsewhere) or tuple(np.zeros(len(base), dtype=np.int16) for _ in briefs),
        )

    def elsewhere_of(self, start: int, end: int) -> tuple[NDArray[np.int16], ...]:
        """The same of the customers from one place of the base to before the other."""
        return tuple(one[start:end] for one in self.elsewhere)

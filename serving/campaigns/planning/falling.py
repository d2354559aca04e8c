"""Who falls out of a campaign once everybody was looked at: to another campaign, to a limit, to a holdout."""

import numpy as np

from linewise.decisioning.portfolio import NONE
from serving.campaigns.gathering.candidates import AS_USUAL, HELD, NOT_HELD, Candidates
from serving.campaigns.gathering.several import Several
from serving.campaigns.gathering.steps import Waterfall
from serving.campaigns.planning.allocating import Allocated, chosen_campaign, kept_campaigns

__all__ = ["fell_later"]

LISTED_IN = "BETTER_IN_{}"


def fell_later(
    waterfall: Waterfall, candidates: Candidates, several: Several, allocated: Allocated, campaign: int
) -> None:
    """Those of the campaign's candidates that another campaign got, or a limit left out, and who is kept aside."""
    campaign_of = kept_campaigns(candidates, several)
    is_ours = (campaign_of == campaign).any(axis=1)
    chosen = chosen_campaign(campaign_of, allocated)
    for other, brief in enumerate(several.briefs):
        if other != campaign:
            waterfall.remove(
                "duplicates", LISTED_IN.format(brief.campaign_id), int((is_ours & (chosen == other)).sum())
            )
    left_out = is_ours & (allocated.choice == NONE)
    pairs, counts = np.unique(
        np.array(
            [f"{step}|{code}" for step, code in zip(allocated.step[left_out], allocated.code[left_out], strict=True)]
        ),
        return_counts=True,
    )
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        step, _, code = pair.partition("|")
        waterfall.remove(step, code, count)
    ours = chosen == campaign
    for kind, code in ((HELD, "GLOBAL_HOLDOUT"), (AS_USUAL, "BUSINESS_AS_USUAL")):
        waterfall.remove("holdout", code, int((ours & (candidates.held == kind)).sum()))
    is_control = candidates.is_control[:, campaign] & (candidates.held == NOT_HELD)
    waterfall.remove("holdout", "CAMPAIGN_CONTROL", int((ours & is_control).sum()))

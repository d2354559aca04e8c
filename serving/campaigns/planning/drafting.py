"""One campaign out of what was allocated: its list, and what plan.json says of it, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features.catalogue import definitions_hash
from linewise.core.errors import AudienceEmpty
from linewise.core.files import sha256_of
from serving.campaigns.base import Base
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.gathering.candidates import AS_USUAL, HELD, Gathered
from serving.campaigns.gathering.several import Several
from serving.campaigns.gathering.steps import Waterfall
from serving.campaigns.planning.allocating import Allocated, Limit
from serving.campaigns.planning.came_true import calibration_of
from serving.campaigns.planning.choosing import listed_of
from serving.campaigns.planning.falling import fell_later
from serving.campaigns.planning.figures import (
    depth_of,
    detectable_of,
    expected_of,
    fairness_of,
    funding_of,
    preview_of,
    quotas_of,
)
from serving.campaigns.planning.listing import Listed, Words
from serving.campaigns.planning.long_messages import long_messages

__all__ = ["Draft", "draft_of", "words_of"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign with its list, before anything is written."""

    brief: Brief
    path: Path
    told: dict[str, Any]
    listed: Listed


def draft_of(
    base: Base,
    several: Several,
    gathered: Gathered,
    allocated: Allocated,
    limits: Sequence[Limit],
    campaign: int,
    path: Path,
    planned_by: str,
) -> Draft:
    """One campaign as it would be written; raises AudienceEmpty where nobody is left of it."""
    brief, waterfall = several.briefs[campaign], gathered.waterfalls[campaign]
    fell_later(waterfall, gathered.candidates, several, allocated, campaign)
    ours = [limit for limit in limits if limit.campaign == campaign]
    listed, held = listed_of(gathered.candidates, several, allocated, campaign, ours)
    _enforce_somebody(brief, waterfall, gathered, campaign, listed)
    words = words_of(base, several, gathered)
    desk, manifest = base.desk, base.bank.manifest
    expected = expected_of(listed)
    told: dict[str, Any] = {
        "campaign_id": brief.campaign_id,
        "title": brief.title,
        "planned_at": desk.clock.now().isoformat(),
        "planned_by": planned_by,
        "planned_with": sorted(one.campaign_id for one in several.briefs if one is not brief),
        "currency": manifest.currency,
        "seed": desk.settings.seed,
        "control": {"salt": brief.campaign_id, "share_ratio": brief.holdout.control_ratio},
        "versions": {
            "release_id": desk.versions.release_id,
            "models": desk.versions.models,
            "policy_version": desk.versions.policy,
            "catalogue_version": desk.versions.catalogue,
            "definitions_hash": definitions_hash(),
            "generation": base.generation.id,
            "bank_data_hash": manifest.data_hash,
        },
        "waterfall": waterfall.as_json(),
        "arms": {"treated": int(listed.is_treated.sum()), "control": int((~listed.is_treated).sum())},
        "global_holdout": held[HELD],
        "business_as_usual": held[AS_USUAL],
        "expected": expected,
        "allocation": {
            "method": allocated.method,
            "gap_ratio": float(allocated.gap_ratio),
            "prices": {
                limit.code: float(price)
                for limit, price in zip(limits, allocated.prices.tolist(), strict=True)
                if limit.campaign == campaign
            },
        },
        "minimum_detectable_effect": detectable_of(listed),
        "profit_curve": depth_of(gathered.candidates, several, campaign, ours, len(listed)),
        "quotas": quotas_of(listed, brief),
        "funding": funding_of(brief, expected["cost_amt"]),
        "fairness": fairness_of(base, gathered, campaign, listed),
        "calibration": calibration_of(desk.settings.paths),
        "preview": preview_of(base, brief, listed, words, desk.settings.seed),
        "notes": [*_notes(base, listed), *long_messages(base.desk.policy.catalogue, brief, listed, words)],
        "brief_sha256": sha256_of(path),
    }
    return Draft(brief, path, told, listed)


def words_of(base: Base, several: Several, gathered: Gathered) -> Words:
    """What the places in a list stand for."""
    holidays = base.desk.policy.terms.public_holidays
    return Words(several.offered.offers.offer_id, gathered.words, holidays)


def _notes(base: Base, listed: Listed) -> list[str]:
    notes = []
    if not base.bank.has("contact_points"):
        notes.append("The bank delivers no contact points: the list has no references to addresses.")
    if not base.bank.has("consents"):
        notes.append("The bank delivers no consents.")
    if not base.desk.scorers.has_control_group:
        notes.append("Take-up was learnt without a control group: all of it counts as added.")
    if len(listed) and not (~listed.is_treated).any():
        notes.append("There is no control: what the campaign adds cannot be measured.")
    return notes


def _enforce_somebody(brief: Brief, waterfall: Waterfall, gathered: Gathered, campaign: int, listed: Listed) -> None:
    if listed.is_treated.any():
        return
    addressed = int(gathered.is_addressed[:, campaign].sum())
    if not addressed:
        raise AudienceEmpty(
            f"The audience of {brief.campaign_id!r} holds for none of {waterfall.total:,} customers.",
            "A condition that holds for somebody was expected.",
            "Look at its columns with: linewise features profile",
        )
    steps = [one for one in waterfall.as_json() if one["removed"] and one["step"] != "universe"]
    told = "; ".join(f"{one['step']} {one['removed']:,} ({next(iter(one['reasons']))})" for one in steps)
    raise AudienceEmpty(
        f"Of {addressed:,} customers whom {brief.campaign_id!r} addresses nobody is left: {told}.",
        "At least one customer to be contacted was expected.",
        "Widen the audience, the channels or the budget.",
    )

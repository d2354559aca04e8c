"""Campaigns planned: from their files to a list each, decided like any call and written whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np

from features.catalogue import definitions_hash
from linewise.core.errors import AudienceEmpty, Conflict, UsageError
from linewise.core.files import folder_written_whole, sha256_of
from linewise.core.settings import Settings
from linewise.decisioning.portfolio import NONE
from linewise.decisioning.types import Bools, Context, Ints
from linewise.ledger.budgets import Budget
from linewise.ledger.campaign_funding import funding_of_campaign, reserve_funding
from linewise.quality.tiles import tiles_by
from serving.campaigns.base import FRAME, Base, open_base
from serving.campaigns.brief.audience import read_audience
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.brief.lint import Judged, enforce_sound
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.gathering import AS_USUAL, HELD, NOT_HELD, Candidates, Gathered, Several, gather
from serving.campaigns.hours import enforce_hours
from serving.campaigns.plan.files import Plan, campaign_dir, canonical, plan_dir, plan_sha256
from serving.campaigns.plan.page import page
from serving.campaigns.planning.allocating import Allocated, Limit, allocate, limits_of
from serving.campaigns.planning.came_true import calibration_of
from serving.campaigns.planning.figures import (
    depth_of,
    detectable_of,
    expected_of,
    fairness_of,
    funding_of,
    preview_of,
    quotas_of,
)
from serving.campaigns.planning.listing import Listed, Words, write_list
from serving.campaigns.planning.live_lists import live_lists
from serving.campaigns.planning.scheduling import scheduled
from serving.campaigns.steps import Waterfall

__all__ = ["Planned", "plan_campaigns"]

FEW = 100
"""So many customers are asked at both ends of a campaign's hours, before everybody is at one."""

LISTED_IN = "BETTER_IN_{}"


@dataclass(frozen=True, slots=True)
class Planned:
    """One campaign as it was planned; folder is None where nothing was written."""

    brief: Brief
    told: Mapping[str, Any]
    folder: Path | None


@dataclass(frozen=True, slots=True)
class _Draft:
    """A campaign with its list, before anything is written."""

    brief: Brief
    path: Path
    told: dict[str, Any]
    listed: Listed


def plan_campaigns(
    settings: Settings,
    paths: Sequence[Path],
    planned_by: str | None = None,
    *,
    dry_run: bool = False,
    threads: int = 1,
    frame: int = FRAME,
    advance: Callable[[int], None] = lambda done: None,
) -> list[Planned]:
    """Plan the campaigns of these files together: nobody is on more than one list.

    planned_by: the owner that each file names, where nobody is told. frame: so many customers are in memory at once;
    what is planned is the same for any. `advance` is told how many customers were looked
    at. Raises BriefInvalid for a file that cannot be used, AudienceEmpty where nobody is left, Conflict where a
    campaign was exported already, BudgetSpent where somebody else took what its funding had left, and what opening a
    home raises.
    """
    briefs = [read_brief(path) for path in paths]
    _enforce_apart(briefs)
    base = open_base(settings, threads, frame, apart_from=_beside(briefs))
    budgets = base.desk.open_budgets(Context("voice", base.desk.clock.now(), explain=False))
    by = Judged(base.bank, base.desk.policy, budgets, base.desk.clock.now())
    for brief, path in zip(briefs, paths, strict=True):
        _enforce_not_exported(settings, brief)
        enforce_sound(brief, path, by)
    audiences = [read_audience(brief, path, base.bank) for brief, path in zip(briefs, paths, strict=True)]
    several = Several.of(base, briefs, audiences, *live_lists(base, briefs))
    few = base.few(FEW)
    for brief, path in zip(briefs, paths, strict=True):
        enforce_hours(base, few, several.offered, brief, path)
    gathered = gather(base, several, advance)
    limits = limits_of(several, _money_left(base, briefs, budgets))
    allocated = allocate(gathered.candidates, several, limits, settings.seed)
    drafts = [
        _draft(base, several, gathered, allocated, limits, campaign, paths[campaign], planned_by or brief.owner)
        for campaign, brief in enumerate(briefs)
    ]
    if dry_run:
        return [Planned(one.brief, one.told, None) for one in drafts]
    return _written(settings, base, several, gathered, drafts)


def _beside(briefs: Sequence[Brief]) -> set[str]:
    """The campaigns whose controls are not looked at: these themselves, and those that they stack with."""
    return {one.campaign_id for one in briefs} | {other for one in briefs for other in one.stacks_with}


def _enforce_apart(briefs: Sequence[Brief]) -> None:
    ids = [one.campaign_id for one in briefs]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise UsageError(f"Two of the files are of the campaign {twice[0]!r}.", "A file each campaign was expected.")


def _enforce_not_exported(settings: Settings, brief: Brief) -> None:
    exported = sorted(campaign_dir(settings.paths, brief.campaign_id).glob("exports/*/manifest.json"))
    if exported:
        raise Conflict(
            f"The campaign {brief.campaign_id!r} was exported already, as {exported[-1].parent.name}.",
            "A campaign that nobody was sent yet was expected: what was planned then is what is measured.",
            "Give the new one a campaign_id of its own.",
        )


def _money_left(base: Base, briefs: Sequence[Brief], budgets: Sequence[Budget]) -> dict[int, float]:
    """By campaign what the ledger's budgets have left for their shares of it, where it names one of them.

    What a former plan of the campaign reserved is its own.
    """
    left = {one.budget_id: one.proposed.left_amt for one in budgets}
    with base.desk.ledger.engine.connect() as connection:
        own = [funding_of_campaign(connection, brief.campaign_id) for brief in briefs]
    return {
        place: min(
            float(left[one.budget_id] + own[place].get(one.budget_id, 0)) / one.share_ratio
            for one in brief.budget.funding
            if one.budget_id
        )
        for place, brief in enumerate(briefs)
        if any(one.budget_id for one in brief.budget.funding)
    }


# ---- one campaign out of what was allocated ----------------------------------------------------------------


def _draft(
    base: Base,
    several: Several,
    gathered: Gathered,
    allocated: Allocated,
    limits: Sequence[Limit],
    campaign: int,
    path: Path,
    planned_by: str,
) -> _Draft:
    brief, waterfall = several.briefs[campaign], gathered.waterfalls[campaign]
    _fell_later(waterfall, gathered.candidates, several, allocated, campaign)
    ours = [limit for limit in limits if limit.campaign == campaign]
    listed, held = _listed(gathered.candidates, several, allocated, campaign, ours)
    _enforce_somebody(brief, waterfall, gathered, campaign, listed)
    words = _words(base, several, gathered)
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
        "notes": _notes(base, listed),
        "brief_sha256": sha256_of(path),
    }
    return _Draft(brief, path, told, listed)


def _campaign_of(candidates: Candidates, several: Several) -> Ints:
    """The campaign of each kept action, (n_candidates, n_kept), -1 where there is none."""
    of_action = np.array([one.campaign for one in several.actions])
    return np.where(candidates.action >= 0, of_action[np.maximum(candidates.action, 0)], -1)


def _fell_later(
    waterfall: Waterfall, candidates: Candidates, several: Several, allocated: Allocated, campaign: int
) -> None:
    """Those of the campaign's candidates that another campaign got, or a limit left out, and who is kept aside."""
    campaign_of = _campaign_of(candidates, several)
    is_ours = (campaign_of == campaign).any(axis=1)
    chosen = _chosen_campaign(campaign_of, allocated)
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


def _chosen_campaign(campaign_of: Ints, allocated: Allocated) -> Ints:
    at = np.maximum(allocated.choice, 0)[:, None]
    return np.where(allocated.choice == NONE, -1, np.take_along_axis(campaign_of, at, axis=1)[:, 0])


def _listed(
    candidates: Candidates, several: Several, allocated: Allocated, campaign: int, limits: Sequence[Limit]
) -> tuple[Listed, dict[int, int]]:
    """The list in order of the base with its days, and how many of each holdout of the bank would be on it."""
    brief = several.briefs[campaign]
    ours = _chosen_campaign(_campaign_of(candidates, several), allocated) == campaign
    held = {kind: int((ours & (candidates.held == kind)).sum()) for kind in (HELD, AS_USUAL)}
    rows = np.flatnonzero(ours & (candidates.held == NOT_HELD))
    at = allocated.choice[rows]
    own = [several.channels.index(one.channel) for one in brief.channels]
    channel_of = np.array([own.index(one.channel) if one.campaign == campaign else -1 for one in several.actions])
    offer_of = np.array([one.offer for one in several.actions])
    action = candidates.action[rows]
    chosen = action[np.arange(len(rows)), at]
    is_treated = ~candidates.is_control[rows, campaign]
    rank = _ranks(candidates.priority[rows, at], candidates.draw[rows])
    moves = _moves(candidates, rows, at, action, (channel_of, offer_of), len(own))
    left = min(limit.amount for limit in limits if limit.is_money)
    left -= float(candidates.cost_amt[rows, at][is_treated].sum())
    open_in = {
        place: _paid_for(candidates, rows, at, to, rank, is_treated, left / max(len(own), 1))
        for place, to in moves.items()
    }
    planned = scheduled(brief, channel_of[chosen], is_treated, rank, open_in)
    for place, to in moves.items():
        is_moved = (planned.channel == place) & (channel_of[chosen] != place) & (to >= 0)
        at = np.where(is_moved, to, at)
    priority = candidates.priority[rows, at]
    tiles = tiles_by(-rank.astype(np.float64))
    return (
        Listed(
            place=candidates.place[rows],
            is_treated=is_treated,
            offer=offer_of[chosen],
            channel=planned.channel,
            segment=candidates.segment[rows, campaign].astype(np.int64),
            day=planned.day,
            priority=priority,
            propensity=candidates.propensity[rows, at],
            uplift=candidates.uplift[rows, at],
            value_amt=candidates.value_amt[rows, at],
            cost_amt=candidates.cost_amt[rows, at],
            decile=tiles.astype(np.int8),
            zone=candidates.zone[rows].astype(np.int64),
            language=candidates.language[rows].astype(np.int64),
            age_band=candidates.age_band[rows].astype(np.int64),
        ),
        held,
    )


def _ranks(priority: Ints, draw: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ints:
    """The place of each by priority, the highest first; ties go by the draw."""
    rank = np.empty(len(priority), dtype=np.int64)
    rank[np.lexsort((draw, -priority))] = np.arange(len(priority))
    return rank


def _moves(
    candidates: Candidates, rows: Ints, at: Ints, action: np.ndarray[Any, Any], of: tuple[Ints, Ints], count: int
) -> dict[int, Ints]:
    """By channel of the campaign, the place of the same offer by that channel among each one's kept, or -1."""
    channel_of, offer_of = of
    offer = offer_of[action[np.arange(len(rows)), at]]
    found = {}
    for place in range(count):
        is_same = (action >= 0) & (channel_of[np.maximum(action, 0)] == place)
        is_same &= offer_of[np.maximum(action, 0)] == offer[:, None]
        is_same &= candidates.priority[rows] > 0
        found[place] = np.where(is_same.any(axis=1), is_same.argmax(axis=1), -1)
    return found


def _paid_for(
    candidates: Candidates, rows: Ints, at: Ints, to: Ints, rank: Ints, is_treated: Bools, left: float
) -> Bools:
    """Who could be moved to another channel for what is left of the money, the first in rank first."""
    more = candidates.cost_amt[rows, np.maximum(to, 0)] - candidates.cost_amt[rows, at]
    more = np.where((to >= 0) & is_treated, np.maximum(more, 0), 0)
    order = np.argsort(rank, kind="stable")
    spent = np.empty(len(rows))
    spent[order] = np.cumsum(more[order])
    return (to >= 0) & (spent <= left)


def _words(base: Base, several: Several, gathered: Gathered) -> Words:
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


def _funded(draft: _Draft) -> dict[str, int]:
    """What the campaign takes of each budget of the ledger, minor units."""
    return {part["budget_id"]: part["amount_amt"] for part in draft.told["funding"] if part["budget_id"]}


# ---- writing -------------------------------------------------------------------------------------------------


def _written(
    settings: Settings, base: Base, several: Several, gathered: Gathered, drafts: Sequence[_Draft]
) -> list[Planned]:
    """Every campaign's folder, or none: they take their names only when all of them are whole."""
    home, words = settings.paths, _words(base, several, gathered)
    planned = []
    with ExitStack() as folders:
        for one in drafts:
            folder = folders.enter_context(folder_written_whole(plan_dir(home, one.brief.campaign_id)))
            copyfile(one.path, folder / "campaign.yaml")
            write_list(folder / "list.parquet", base, one.brief, one.listed, words)
            told = one.told | {"list_sha256": sha256_of(folder / "list.parquet")}
            told |= {"plan_sha256": plan_sha256(told)}
            (folder / "plan.json").write_bytes(canonical(told))
            plan = Plan(one.brief.campaign_id, one.brief, told, folder / "list.parquet")
            (folder / "report.html").write_text(page(plan), encoding="utf-8")
            planned.append(Planned(one.brief, told, plan_dir(home, one.brief.campaign_id)))
        reserve_funding(
            base.desk.ledger, {one.brief.campaign_id: _funded(one) for one in drafts}, base.desk.clock.now()
        )
    return planned

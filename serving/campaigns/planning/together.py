"""Campaigns planned: from their files to a list each, decided like any call and written whole or not at all."""

from collections.abc import Callable, Sequence
from pathlib import Path

from linewise.bank.tables import open_bank
from linewise.core.errors import Conflict, UsageError
from linewise.core.settings import Settings
from linewise.decisioning.types import Context
from linewise.ledger.budgets import Budget
from linewise.ledger.campaign_funding import funding_of_campaign
from serving.campaigns.base import FRAME, Base, Opening, open_base
from serving.campaigns.brief.audience import read_audience
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.brief.lint import Judged, enforce_sound
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.gathering.first_pass import gather
from serving.campaigns.gathering.hours import enforce_hours
from serving.campaigns.gathering.several import Several
from serving.campaigns.gathering.sharing_out import Helpers
from serving.campaigns.plan.files import exports_dir
from serving.campaigns.planning.allocating import allocate, limits_of
from serving.campaigns.planning.drafting import draft_of
from serving.campaigns.planning.live_lists import live_lists
from serving.campaigns.planning.writing import Planned, write_plans

__all__ = ["plan_campaigns"]

FEW = 100
"""So many customers are asked at both ends of a campaign's hours, before everybody is at one."""


def plan_campaigns(
    settings: Settings,
    paths: Sequence[Path],
    planned_by: str | None = None,
    *,
    dry_run: bool = False,
    processes: int = 1,
    frame: int = FRAME,
    advance: Callable[[int], None] = lambda done: None,
) -> list[Planned]:
    """Plan the campaigns of these files together: nobody is on more than one list.

    planned_by: the owner that each file names, where nobody is told. processes: so many at most decide for a large
    base; frame: so many customers are in memory of each at once; what is planned is the same for any numbers. `advance`
    is told how many customers were looked at. Raises BriefInvalid for a file that cannot be used, AudienceEmpty where
    nobody is left, Conflict where a campaign was exported already or the home was changed meanwhile, BudgetSpent where
    somebody else took what its funding had left, and what opening a home raises.
    """
    briefs = [read_brief(path) for path in paths]
    _enforce_apart(briefs)
    opening = Opening(_at_one_moment(settings), frame, _beside(briefs))
    with Helpers.for_base(opening, processes) as helpers:
        base = open_base(opening)
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
        gathered = gather(base, several, helpers, advance)
    limits = limits_of(several, _money_left(base, briefs, budgets))
    allocated = allocate(gathered.candidates, several, limits, settings.seed)
    drafts = [
        draft_of(base, several, gathered, allocated, limits, campaign, paths[campaign], planned_by or brief.owner)
        for campaign, brief in enumerate(briefs)
    ]
    if dry_run:
        return [Planned(one.brief, one.told, None) for one in drafts]
    return write_plans(settings, base, several, gathered, drafts)


def _at_one_moment(settings: Settings) -> Settings:
    """The same home with its clock standing still: a plan is of one moment, however long it takes."""
    return settings.model_copy(update={"now": open_bank(settings.paths).clock(settings).now()})


def _beside(briefs: Sequence[Brief]) -> frozenset[str]:
    """The campaigns whose controls are not looked at: these themselves, and those that they stack with."""
    return frozenset({one.campaign_id for one in briefs} | {other for one in briefs for other in one.stacks_with})


def _enforce_apart(briefs: Sequence[Brief]) -> None:
    ids = [one.campaign_id for one in briefs]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise UsageError(f"Two of the files are of the campaign {twice[0]!r}.", "A file each campaign was expected.")


def _enforce_not_exported(settings: Settings, brief: Brief) -> None:
    exported = sorted(exports_dir(settings.paths, brief.campaign_id).glob("*/manifest.json"))
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

"""The folders of campaigns that were planned together: all of them, with what they take of budgets, or none."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

from linewise.core.files import folder_written_whole, sha256_of
from linewise.core.settings import Settings
from linewise.ledger.campaign_funding import reserve_funding
from serving.campaigns.base import Base
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.gathering.candidates import Gathered
from serving.campaigns.gathering.several import Several
from serving.campaigns.plan.files import Plan, canonical, plan_dir, plan_sha256
from serving.campaigns.plan.page import page
from serving.campaigns.planning.drafting import Draft, words_of
from serving.campaigns.planning.listing import write_list

__all__ = ["Planned", "write_plans"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One campaign as it was planned; folder is None where nothing was written."""

    brief: Brief
    told: Mapping[str, Any]
    folder: Path | None


def write_plans(
    settings: Settings, base: Base, several: Several, gathered: Gathered, drafts: Sequence[Draft]
) -> list[Planned]:
    """Every campaign's folder, or none: they take their names only when all of them are whole."""
    home, words = settings.paths, words_of(base, several, gathered)
    planned = []
    with ExitStack() as folders:
        for one in drafts:
            folder = folders.enter_context(folder_written_whole(plan_dir(home, one.brief.campaign_id)))
            copyfile(one.path, folder / "campaign.yaml")
            write_list(folder / "list.parquet", base, one.brief, one.listed, words, gathered)
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


def _funded(draft: Draft) -> dict[str, int]:
    """What the campaign takes of each budget of the ledger, minor units."""
    return {part["budget_id"]: part["amount_amt"] for part in draft.told["funding"] if part["budget_id"]}

"""From a plan to a campaign that lives: proposed by its maker, approved by another person, void once it changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from linewise.core.errors import PlanDamaged, UnknownCampaign
from linewise.core.home import Home
from linewise.decisioning.cells import is_drawn_control
from linewise.ledger.approvals import SignedAct
from linewise.ledger.campaigns import (
    Campaign,
    CampaignTerms,
    approve_campaign,
    enforce_approved_campaign,
    propose_campaign,
    signatures_of_campaign,
)
from linewise.ledger.signing import PersonKey
from linewise.ledger.store import Ledger
from serving.campaigns.approving.standing import Standing, changed_since, enforce_unchanged
from serving.campaigns.approving.wording import wording_of, wording_sha256
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.plan.files import CONTROL, TREATED, Plan, read_plan
from serving.scoring.recommender import Recommender

__all__ = ["approve", "enforce_campaign_approved", "held_until", "propose", "terms_of", "void_because"]


def held_until(brief: Brief, time_zone: str) -> datetime:
    """Until when its offers are kept from its control: to the end of the last day on which a response counts."""
    return _midnight(brief, time_zone, 1 + brief.response_days)


def _midnight(brief: Brief, time_zone: str, days_after_last: int) -> datetime:
    day = brief.window.last_day + timedelta(days=days_after_last)
    return datetime.combine(day, time(), ZoneInfo(time_zone)).astimezone(UTC)


def terms_of(plan: Plan, standing: Standing) -> CampaignTerms:
    """What people sign of a plan."""
    brief, told = plan.brief, plan.told
    begins = datetime.combine(brief.window.first_day, time(), ZoneInfo(standing.time_zone)).astimezone(UTC)
    return CampaignTerms(
        campaign_id=plan.campaign_id,
        plan_sha256=plan.plan_sha256,
        words_sha256=wording_sha256(wording_of(brief, standing.policy.catalogue)),
        offers=brief.offer_ids,
        channels=tuple(one.channel for one in brief.channels),
        approvers=brief.approvers,
        begins_at=begins,
        ends_at=_midnight(brief, standing.time_zone, 1),
        held_until=held_until(brief, standing.time_zone),
        control_share_ratio=float(told["control"]["share_ratio"]),
        seed=int(told["seed"]),
        salt=str(told["control"]["salt"]),
        treated_count=int(told["arms"][TREATED]),
        control_count=int(told["arms"][CONTROL]),
        made_by=str(told["planned_by"]),
    )


def propose(
    ledger: Ledger, plan: Plan, standing: Standing, key: PersonKey, meaning: str, at: datetime
) -> tuple[CampaignTerms, SignedAct]:
    """Sign a plan for having made it and write it down with its control; from then on others may approve it.

    Raises ApprovalVoid where what decides has changed since it was planned, NotReady where no rule would hold its
    control, PlanDamaged where its list is not the one that was drawn, and what `propose_campaign` raises.
    """
    enforce_unchanged(plan, standing)
    plan.enforce_erased_by(ledger.keys)
    standing.enforce_holds()
    terms = terms_of(plan, standing)
    _enforce_drawn(plan, terms)
    return terms, propose_campaign(ledger, terms, _controls(plan), key, meaning, at)


def _pieces(plan: Plan) -> Iterator[tuple[np.ndarray[Any, np.dtype[np.str_]], np.ndarray[Any, np.dtype[np.bool_]]]]:
    """Who is on the list and who of them is control, piece by piece."""
    for batch in plan.batches(["customer_id", "arm"]):
        ids, arms = (np.array(batch[name].to_pylist(), dtype=np.str_) for name in ("customer_id", "arm"))
        if len(ids):
            yield ids, arms == CONTROL


def _controls(plan: Plan) -> Iterator[Sequence[str]]:
    return (ids[is_control].tolist() for ids, is_control in _pieces(plan))


def _enforce_drawn(plan: Plan, terms: CampaignTerms) -> None:
    """Every door draws again: a list whose control was chosen in any other way would be held by nobody."""
    counts = np.zeros(2, dtype=np.int64)
    erased = [] if plan.erasures is None else list(plan.erasures.customer_refs)
    for ids, is_control in _pieces(plan):
        drawn = is_drawn_control(ids, terms.seed, terms.salt, terms.control_share_ratio)
        # Whoever was erased was drawn by a name that nobody knows any more.
        is_other = (drawn != is_control) & ~np.isin(ids, erased)
        if is_other.any():
            where = str(ids[is_other][0])
            raise PlanDamaged(plan.campaign_id, f"{where} is not in the arm that the draw gives")
        counts += (np.count_nonzero(~is_control), np.count_nonzero(is_control))
    if counts.tolist() != [terms.treated_count, terms.control_count]:
        raise PlanDamaged(plan.campaign_id, "its list has other arms than plan.json says")


def approve(
    ledger: Ledger, plan: Plan, standing: Standing, key: PersonKey, meaning: str, at: datetime
) -> tuple[CampaignTerms, SignedAct, str]:
    """Sign a proposed plan as another person, for having looked at its words and disclosures; gives what it lacks.

    Raises ApprovalVoid where what decides has changed since, and what `approve_campaign` raises.
    """
    enforce_unchanged(plan, standing)
    plan.enforce_erased_by(ledger.keys)
    standing.enforce_holds()
    terms = terms_of(plan, standing)
    return terms, *approve_campaign(ledger, terms, key, meaning, at, standing.needed)


def void_because(home: Home, campaign: Campaign, standing: Standing) -> list[str]:
    """Why the signatures on a campaign that is not out yet stand for nothing any more, in words; empty where they hold.

    Its list is not read for it: the export holds that against its hash.
    """
    if campaign.state not in {"planned", "approved"}:
        return []
    try:
        plan = read_plan(home, campaign.terms.campaign_id, verify=False)
    except (UnknownCampaign, PlanDamaged) as err:
        return [err.given]
    if plan.plan_sha256 != campaign.terms.plan_sha256:
        return ["it was planned anew"]
    return [f"{one} changed" for one in changed_since(plan, standing)]


def enforce_campaign_approved(desk: Recommender, plan: Plan) -> list[Mapping[str, str]]:
    """Who approved a plan that may be exported as it stands: name, role, key_id, meaning, at.

    Raises ApprovalVoid naming what has changed since, ApprovalMissing where too few people have signed, Conflict where
    it was stopped or proposed anew.
    """
    standing = Standing.of(desk)
    enforce_unchanged(plan, standing)
    terms = terms_of(plan, standing)
    with desk.ledger.engine.connect() as connection:
        enforce_approved_campaign(connection, terms, standing.needed)
        signed = signatures_of_campaign(connection, terms).approvals
    return [
        {"name": one.person.name, "role": one.person.role, "key_id": one.person.key_id, "meaning": one.meaning,
         "at": one.at}
        for one in signed if one.person.role in standing.needed.roles
    ]  # fmt: skip

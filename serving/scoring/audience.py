"""One answer, told to five audiences: fields by scope, sentences by what may be said to whom."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from serving.scoring.field_scopes import Audience, may_see

__all__ = ["agent_view", "view_of"]

SPOKEN_TO: tuple[Audience, ...] = ("customer", "agent")
"""To whom a sentence is chosen; the others read the rule's own words beside its neutral ones."""

HIDDEN = "UNAVAILABLE"
"""The code of a binding constraint that may not be named."""


@cache
def _place(audience: Audience, path: str, name: str) -> str | None:
    """Where a field below a path stands; None where the audience may not see it."""
    where = f"{path}.{name}" if path else name
    return where if may_see(audience, where) else None


def _sentence(told: Mapping[str, Any], audience: Audience) -> str:
    """What is said of a rule: neutral words where it must not be told."""
    if audience == "customer":
        return str(told["for_customer"])
    return str(told["neutral"] if told["tell"] == "risk_only" else told["because"])


def _said(entries: list[dict[str, Any]], audience: Audience) -> list[dict[str, Any]]:
    """The entries in the words for the audience, each sentence once a subject."""
    distinct: dict[tuple[Any, str], dict[str, Any]] = {}
    for entry in entries:
        sentence = _sentence(entry, audience)
        distinct.setdefault((entry.get("offer_id"), sentence), entry | {"because": sentence})
    return list(distinct.values())


def _limit(limit: dict[str, Any], audience: Audience) -> dict[str, Any]:
    """The limit in words; a rule that must not be told leaves neither its name nor its sentence."""
    hidden = [drop for drop in limit["why_not"] if drop["tell"] == "risk_only"]
    by_rule = {drop["rule_id"]: drop for drop in limit["why_not"]}
    binding, text, reasons = limit["binding"], limit["binding_text"], limit["reasons"]
    if binding in by_rule:
        text = _sentence(by_rule[binding], audience)
        binding = HIDDEN if by_rule[binding]["tell"] == "risk_only" else binding
        reasons = [{"code": binding, "text": text}, *reasons[1:]]
    if hidden:
        # Other reasons beside a neutral sentence would let it be guessed at.
        reasons = [{"code": binding, "text": text}]
    return limit | {
        # Where it ends would tell as much.
        "shape": [] if hidden else limit.get("shape", []),
        "binding": binding,
        "binding_text": text,
        "reasons": reasons,
        "why_not": _said(limit["why_not"], audience),
        "principal_reasons": _said(limit["principal_reasons"], audience),
    }


def _spoken(answer: dict[str, Any], audience: Audience) -> dict[str, Any]:
    not_offered = _said(answer["not_offered"], audience)
    plan_reasons = _said(answer["plans_principal_reasons"], audience)
    limit = _limit(answer["limit"], audience)
    hardship = answer.get("hardship")
    if hardship:
        hardship = hardship | {"personal_plan_why_not": _said(hardship["personal_plan_why_not"], audience)}
    no_plan = plan_reasons[0]["because"] if plan_reasons else limit["binding_text"]
    return answer | {
        "offers_none_because": None if answer["offers"] or not not_offered else not_offered[0]["because"],
        "not_offered": not_offered,
        "limit": limit,
        "plans_not_offered": _said(answer["plans_not_offered"], audience),
        "plans_principal_reasons": plan_reasons,
        "plans_none_because": None if answer["plans"] else no_plan,
        "hardship": hardship,
    }


def _kept(value: Any, path: str, audience: Audience) -> Any:
    """The value without the fields that the audience may not see."""
    if isinstance(value, list):
        return [_kept(one, path, audience) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, one in value.items():
        where = _place(audience, path, name)
        if where is not None:
            kept[name] = _kept(one, where, audience) if isinstance(one, dict | list) else one
    return kept


def view_of(answer: dict[str, Any], audience: Audience) -> dict[str, Any]:
    """A full answer (`serving.scoring.answer`) as the audience may see it.

    A customer and an agent see no probability, profit, value, threshold or id of a rule, and nothing of a
    rule that must not be told; a new field is hidden until `field_scopes` lists it. An auditor sees all.
    """
    if audience == "auditor":
        return answer
    told = _spoken(answer, audience) if audience in SPOKEN_TO else answer
    kept: dict[str, Any] = _kept(told, "", audience)
    return kept


def agent_view(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as an agent may see it."""
    return view_of(answer, "agent")

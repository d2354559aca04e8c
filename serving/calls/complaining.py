"""What a complaint in a call is about: the things it may be of, and the rules that had a say in the one it names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP, group_of_action
from linewise.core.errors import RecordGone, UsageError
from linewise.core.moments import NEVER
from linewise.decisioning.losing import NOT_RELEVANT
from linewise.ledger.calls import Told, call_within, event_within, events_within
from linewise.ledger.duties import duties_of_decision
from linewise.ledger.outcomes import outcomes_of_call
from linewise.ledger.record import read_decision
from linewise.policy.catalogue import Catalogue
from serving.scoring.answer import ARBITRATION
from serving.scoring.complaints import COMPLAINT_RULE
from serving.scoring.facts import BankFacts
from serving.scoring.outcomes import actions_shown
from serving.scoring.recommender import Recommender

__all__ = ["MOST_THINGS", "enforce_thing", "held_by", "said_of_complaint", "things_of_call", "with_rules"]

MOST_THINGS = 6
"""So many stand on the screen beside "none of these": each with each reason has a key of its own."""

ASKED_AS = {"limit": LIMIT_ACTION, "plan": PLAN_GROUP}

Outcomes = Sequence[Mapping[str, Any]]


def thing_of(action_id: str) -> str:
    """As what a complaint names an action: plans of all terms are one thing.

    >>> thing_of("PLAN-36"), thing_of("LIMIT"), thing_of("CARD_GOLD")
    ('PLAN', 'LIMIT', 'CARD_GOLD')
    """
    return PLAN_GROUP if PLAN_GROUP in {action_id, group_of_action(action_id)} else action_id


def enforce_thing(about: str, catalogue: Catalogue) -> None:
    """Raise UsageError for what is neither an offer of the catalogue nor the limit nor a plan; nothing is none."""
    known = {one.offer_id for one in catalogue.offers} | {LIMIT_ACTION, PLAN_GROUP, ""}
    if thing_of(about) not in known:
        raise UsageError(
            f"The complaint is said to be about {about!r}.",
            f"An offer of the catalogue, {LIMIT_ACTION}, {PLAN_GROUP}, or nothing at all was expected.",
        )


def said_of_complaint(events: Iterable[Told]) -> Mapping[str, Any] | None:
    """What was said last of the complaint of a call: `about`, `reason_code`; None where nothing was."""
    told = [one.details["complaint"] for one in events if one.kind == "flagged" and one.details.get("complaint")]
    return told[-1] if told else None


def held_by(facts: BankFacts, catalogue: Catalogue, customer_id: str, now: datetime) -> list[str]:
    """What the customer holds that a complaint can be about: offers of the catalogue, and a plan that runs."""
    if customer_id not in facts.roster:
        return []
    place = facts.roster.places_of([customer_id])
    at = facts.roster.moments(place, now)
    rows = facts.tables["holdings"].rows_of(place).known(at)
    rows = rows.only((rows["closed_at"] == NEVER) | (rows["closed_at"] > at[rows.owner]))
    held = [one.offer_id for one in catalogue.offers if one.product and rows.is_word("product", one.product).any()]
    plans = facts.tables["instalments"].rows_of(place).known(at)
    runs = ~(plans.is_word("status", "settled") & (plans["status_at"] <= at[plans.owner]))
    return [*([PLAN_GROUP] if runs.any() else []), *held]


def things_of_call(events: Iterable[Told], outcomes: Outcomes, held: Iterable[str]) -> list[str]:
    """What a complaint of this call may be about: the limit, the latest shown or asked for, then what is held."""
    asked = [_asked(one.details) for one in events if one.kind == "asked"]
    shown = [thing_of(str(one["offer_id"])) for one in outcomes]
    latest = [one for one in reversed([*shown, *asked]) if one and group_of_action(one) is None]
    return list(dict.fromkeys([LIMIT_ACTION, *latest, *held]))[:MOST_THINGS]


def _asked(said: Mapping[str, Any]) -> str:
    what = str(said.get("what", ""))
    return ASKED_AS.get(what) or str(said.get("action_id") or "")


def with_rules(desk: Recommender, call_id: str, told: Told) -> Told:
    """The event with the decision and the rules behind what its complaint names; another event as it is.

    Sent again it carries what it carried first, whatever was decided since. Raises UsageError for an unknown thing.
    """
    said = told.details.get("complaint")
    if told.kind != "flagged" or not said:
        return told
    enforce_thing(str(said["about"]), desk.policy.catalogue)
    with desk.ledger.engine.connect() as connection:
        stands = event_within(connection, call_id, told.event_id)
        events = events_within(connection, call_id)
        customer_id = call_within(connection, call_id).customer_id
    before = dict((stands.details.get("complaint") if stands else None) or {})
    if stands is not None and {name: before.get(name) for name in said} == dict(said):
        found = before
    else:
        found = {**said, **_behind(desk, customer_id, call_id, events, thing_of(str(said["about"])))}
    return replace(told, details={**told.details, "complaint": found})


def _behind(desk: Recommender, customer_id: str, call_id: str, events: Sequence[Told], thing: str) -> dict[str, Any]:
    """The decision of the call in which it stood or was taken away, and the rules; both empty where none was.

    That what is held is not offered anew is no rule that anybody complains of.
    """
    is_held = bool(thing) and thing in held_by(desk.facts, desk.policy.catalogue, customer_id, desk.clock.now())
    for decision_id, is_proposal in _decisions(desk, customer_id, call_id, events, thing) if thing else ():
        try:
            answer = read_decision(desk.ledger, decision_id).answer
        except RecordGone:
            continue
        shown = [one for one in actions_shown(answer) if thing_of(one) == thing]
        took = [] if is_proposal and is_held else _took_away(answer, thing)
        if shown or took:
            rules = _of_duties(desk, decision_id, shown) if shown else took
            return {"decision_id": decision_id, "rule_ids": list(dict.fromkeys(rules))}
    return {"decision_id": "", "rule_ids": []}


def _decisions(
    desk: Recommender, customer_id: str, call_id: str, events: Sequence[Told], thing: str
) -> Iterator[tuple[str, bool]]:
    """Where to look, the nearest first, and if it was only proposed: requests for it, where it was shown, proposals.

    What was decided upon the mark itself took everything away, and says nothing of the thing.
    """
    marked = next((place for place, one in enumerate(events) if one.details.get("flag") == "complaint"), len(events))
    earlier = events[:marked]
    requests = {one.event_id for one in earlier if one.kind == "asked" and _asked(one.details) in {thing, ""}}
    decided = [one.details for one in reversed(earlier) if one.kind == "decided" and one.details]
    yield from ((str(one["decision_id"]), False) for one in decided if one.get("asked") in requests)
    outcomes = outcomes_of_call(desk.ledger, customer_id, call_id)
    shown = (str(one["decision_id"]) for one in reversed(outcomes) if thing_of(str(one["offer_id"])) == thing)
    yield from ((decision_id, False) for decision_id in shown)
    yield from ((str(one["decision_id"]), True) for one in decided if not one.get("asked"))


def _took_away(answer: Mapping[str, Any], thing: str) -> list[str]:
    """The rules that took it away; what was only outranked was taken by none."""
    if thing == LIMIT_ACTION:
        return [one["rule_id"] for one in answer["limit"]["why_not"]]
    if thing == PLAN_GROUP:
        return [one["rule_id"] for one in answer["plans_not_offered"]]
    dropped = [one for one in answer["not_offered"] if one["offer_id"] == thing]
    return [one["rule_id"] for one in dropped if one["stage"] != ARBITRATION and one["rule_id"] != NOT_RELEVANT]


def _of_duties(desk: Recommender, decision_id: str, shown: Iterable[str]) -> list[str]:
    """The rules whose duties it stood under; the duty to answer a complaint is no reason for it."""
    about = {*shown, *map(thing_of, shown)}
    owed = (one for one in duties_of_decision(desk.ledger, decision_id) if one["action_id"] in about)
    return sorted({one["rule_id"] for one in owed} - {COMPLAINT_RULE})

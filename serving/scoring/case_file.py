"""A case file: what a customer was shown, told and asked, and answered, without what may not be told."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from linewise.core.errors import NotFound
from linewise.core.files import write_text_whole
from linewise.core.formatters import show_money, show_percent
from linewise.core.settings import Language
from linewise.ledger.asked import asked_in
from linewise.ledger.duties import duties_of_decision
from linewise.ledger.outcomes import outcomes_of
from linewise.ledger.places import place_of
from linewise.ledger.record import DecisionRecord, decisions_of, read_decision
from linewise.ledger.store import Ledger
from serving.scoring.audience import agent_view
from serving.scoring.case_calls import call_of_case, calls_of_case, own_acts_of_case
from serving.scoring.case_words import WORDS

__all__ = ["case_of_customer", "case_of_decision", "write_case"]

STEPS: Mapping[str, tuple[str, ...]] = {
    "shown": ("shown", "expanded"),
    "said": ("pitched", "not_pitched"),
    "disclosed": ("disclosure_read",),
    "consented": ("consent_captured",),
    "accepted": ("accepted", "ordered", "activated"),
    "refused": ("declined", "postponed", "cancelled_in_cooling_off"),
    "complained": ("complaint_within_30d",),
}
"""What became of a suggestion, in the words of a case: which events tell it."""

TOLD_TO = ("customer", "agent")
"""Whose duties a case names; what a reviewer or compliance must do may be what must not be told."""

OFFER_FIELDS = (
    "offer_id", "title", "benefit", "talk_track", "rebuttals", "terms", "annual_fee_amt", "annualised_cost_ratio",
    "disclosure",
)  # fmt: skip
PLAN_FIELDS = ("term_months", "amount_amt", "payment_amt", "total_cost_amt", "annualised_rate_ratio")
EVENT_FIELDS = ("offer_id", "outcome", "reason_code", "note", "channel", "agent_id", "call_id")


def case_of_customer(ledger: Ledger, customer_id: str, now: datetime) -> dict[str, Any]:
    """All decisions on a customer that can be read; raises NotFound where there is none."""
    records = decisions_of(ledger, customer_id)
    if not records:
        raise NotFound(
            f"The record holds nothing of a customer {customer_id!r} that can be read.",
            "A customer on whom something was decided, and who was not erased, was expected.",
        )
    return _case(ledger, records, now) | {"calls": calls_of_case(ledger, customer_id)}


def case_of_decision(ledger: Ledger, decision_id: str, now: datetime) -> dict[str, Any]:
    """One decision; raises UnknownDecision, or RecordGone where it was erased or purged."""
    record = read_decision(ledger, decision_id)
    call_id = record.inputs.get("call", {}).get("call_id", "")
    return _case(ledger, [record], now) | {"calls": call_of_case(ledger, call_id)}


def _case(ledger: Ledger, records: Sequence[DecisionRecord], now: datetime) -> dict[str, Any]:
    return {
        "customer_id": records[0].customer_id,
        "exported_at": now.isoformat(timespec="seconds"),
        "decisions": [_decision(ledger, record) for record in records],
    }


def _decision(ledger: Ledger, record: DecisionRecord) -> dict[str, Any]:
    view = agent_view(record.answer)
    asked = asked_in(ledger, record.decision_id)
    return {
        "decision_id": record.decision_id,
        "decided_at": record.decided_at.isoformat(timespec="seconds"),
        "known_until": record.as_of.isoformat(timespec="seconds"),
        "channel": record.channel,
        "by": record.inputs.get("call", {}).get("agent_id", ""),
        "release_id": record.release_id,
        "currency": view["currency"],
        "language": view["language"],
        "asked_for": None if asked is None else {"what": asked.what, "act": asked.act, "reference": asked.reference},
        "offers": [_kept(offer, OFFER_FIELDS) | {"reasons": _texts(offer["reasons"])} for offer in view["offers"]],
        "not_offered": [{"title": one.get("title", ""), "because": one["because"]} for one in view["not_offered"]],
        "limit": _kept(view["limit"], ("current_amt", "suggested_amt", "binding_text"))
        | {"reasons": _texts(view["limit"]["reasons"])},
        "plans": [_kept(plan, PLAN_FIELDS) for plan in view["plans"]],
        **_events(outcomes_of(ledger, record.decision_id)),
        "own_acts": own_acts_of_case(ledger, record.decision_id),
        "duties": [_duty(one) for one in duties_of_decision(ledger, record.decision_id) if one["audience"] in TOLD_TO],
        "proof": place_of(ledger, record.decision_id),
    }


def _kept(given: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: given[name] for name in names if name in given}


def _texts(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(one["text"]) for one in reasons]


def _events(outcomes: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {
        step: [
            _kept(one, EVENT_FIELDS) | {"at": f"{one['occurred_at']:%Y-%m-%dT%H:%M:%S}+00:00"}
            for one in outcomes
            if one["outcome"] in events
        ]
        for step, events in STEPS.items()
    }


def _duty(duty: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "what": duty["what"],
        "for": duty["audience"],
        "due_at": f"{duty['due_at']:%Y-%m-%dT%H:%M:%S}+00:00",
        "done": [
            {
                "act": act["act"],
                "by": act["by"],
                "at": f"{act['at']:%Y-%m-%dT%H:%M:%S}+00:00",
                "evidence": act["evidence"],
            }
            for act in duty["acts"]
        ],
    }


def write_case(case: Mapping[str, Any], folder: Path, language: Language) -> tuple[Path, Path]:
    """Write case.json for machines and case.html for people into a folder; gives the two paths."""
    folder.mkdir(parents=True, exist_ok=True)
    data, page = folder / "case.json", folder / "case.html"
    write_text_whole(data, json.dumps(case, ensure_ascii=False, indent=2) + "\n")
    pages = Environment(loader=PackageLoader("serving.scoring", ""), autoescape=True, undefined=StrictUndefined)
    pages.filters |= {
        "money": lambda amount, currency: show_money(amount, currency, language),
        "percent": lambda ratio: show_percent(ratio, language),
    }
    template = pages.get_template("case_file.html.jinja")
    write_text_whole(page, template.render(case=case, words=WORDS[language], language=language, steps=STEPS))
    return data, page

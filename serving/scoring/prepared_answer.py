"""What may still be said of last night's offers: by what is known live, in the catalogue's words, and no limit."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import numpy as np

from linewise.core.clock import as_utc
from linewise.core.moments import microseconds
from linewise.decisioning.cells import cells_of
from linewise.decisioning.types import Context
from linewise.ledger.contacts import contacts_of
from linewise.ledger.in_call import in_call
from linewise.policy.policy import Policy
from serving.scoring.answer import words_of
from serving.scoring.bare_answer import bare_answer
from serving.scoring.call import Call
from serving.scoring.contacts import IMPRESSION, contacts_seen
from serving.scoring.held import read_held
from serving.scoring.knowing import Knowledge
from serving.scoring.prepared import Prepared
from serving.scoring.release import Versions
from serving.scoring.sight import sight_of
from serving.scoring.state import state_of
from serving.scoring.treating import treatments_of

__all__ = ["inputs_of_prepared", "prepared_answer"]

READ_LIVE = ("cases", "contact_points")
"""Tables without which nobody knows whether a complaint, fraud or hardship is open, or who wants no offers."""

TOLD_LATE = timedelta(days=1)
"""How much earlier an answer may have been given that the night had not heard of."""

NO_LIMIT = {
    "zh-CN": "系统响应慢：暂不提供额度建议。",
    "en": "The system is slow: no limit is suggested for now.",
}
NO_PLAN = {"zh-CN": "系统响应慢：暂不提供分期方案。", "en": "The system is slow: no plan is suggested for now."}


def inputs_of_prepared(
    knowledge: Knowledge, customer_id: str, prepared: Prepared, context: Context, call: Call
) -> dict[str, Any] | None:
    """All that an answer from last night's offers is made of, read now; None where live state cannot be known.

    live: what forbids every offer; answered: offers and groups that the customer has answered since, by whatever
    channel: what was answered before the night's decision heeded. held_offers: what a live campaign keeps from its
    control, to which the customer may have come since; is_held_out: by the holdout of this year and not of last night.
    Raises what the ledger raises.
    """
    sight = sight_of(knowledge.facts, [customer_id], context.decided_at)
    if not sight.has(*READ_LIVE):
        return None
    told = contacts_of(knowledge.ledger, [customer_id], context.decided_at)
    contacts = contacts_seen([customer_id], sight, told, knowledge.offers)
    state = state_of(sight, contacts, knowledge.offers, context)
    so_far = in_call(knowledge.ledger, customer_id, call.call_id)
    since = microseconds(prepared.prepared_at - TOLD_LATE)
    answers = contacts.only((contacts.kind != IMPRESSION) & (contacts.at >= since))
    ids = np.array([customer_id])
    cells = cells_of(ids, knowledge.cells, knowledge.seed, as_utc(context.decided_at).year)
    with knowledge.ledger.engine.connect() as connection:
        held = read_held(connection, [customer_id], context.decided_at)
    names = ("has_open_complaint", "has_open_fraud_case", "is_in_hardship", "is_opted_out")
    return {
        "customer_id": customer_id,
        "prepared": {
            "offer_ids": list(prepared.offer_ids),
            "prepared_at": prepared.prepared_at.isoformat(),
            "release_id": prepared.release_id,
        },
        "age_days": round((context.decided_at - prepared.prepared_at) / timedelta(days=1), 3),
        "live": {name: bool(getattr(state, name)[0]) for name in names},
        "answered": {
            "offers": sorted({knowledge.offers.offer_id[one] for one in answers.offer[answers.offer >= 0]}),
            "groups": sorted({contacts.groups[one] for one in answers.group[answers.group >= 0]}),
        },
        "held_offers": sorted(held.offers_of(customer_id)),
        "is_held_out": bool(cells.is_held_out[0]),
        "currency": sight.facts.currency,
        "context": {
            "decided_at": context.decided_at.isoformat(),
            "channel": context.channel,
            "language": context.language,
            "is_identity_verified": context.is_identity_verified,
            "is_third_person_calling": call.is_third_person_calling,
            "has_voiced_complaint": call.has_voiced_complaint,
            "has_signalled_hardship": call.has_signalled_hardship,
            "has_reported_fraud": call.has_reported_fraud,
            "needs_specialist": call.needs_specialist,
            "is_upset": call.tone == "upset",
            "has_asked_for_human": call.has_asked_for_human,
            "has_refused_in_call": so_far.decline_count > 0,
            "has_callers_waiting": call.second_amt > 0,
        },
    }


UNKNOWN = "NO_SPECIFIC_REASON"
"""Why an offer suits is not kept over night, for everybody and every offer."""

FORBIDS = (
    "is_third_person_calling", "has_voiced_complaint", "has_signalled_hardship", "has_reported_fraud",
    "needs_specialist", "is_upset", "has_asked_for_human", "has_refused_in_call", "has_callers_waiting",
)  # fmt: skip
"""What a decision would weigh, and last night did not know of: with any of it nothing is offered."""


def _may_offer(inputs: Mapping[str, Any]) -> bool:
    context = inputs["context"]
    return (
        context["is_identity_verified"]
        and not any(context[name] for name in FORBIDS)
        and not any(inputs["live"].values())
    )


def prepared_answer(customer_id: str, inputs: Mapping[str, Any], policy: Policy, versions: Versions) -> dict[str, Any]:
    """The full answer that the inputs come to, without a decision_id; the same again from the record.

    It holds no limit, no plan and no probability; `prepared_at` says of when its offers are. An offer that is in the
    catalogue no more, or that the customer has answered since, or another of whose group, is left out; so is what a
    campaign or a holdout keeps from the customer.
    """
    context, prepared, answered = inputs["context"], inputs["prepared"], inputs["answered"]
    language = context["language"]
    because = policy.reasons.constraints[UNKNOWN].in_language(language)
    by_id = {one.offer_id: one for one in policy.catalogue.offers}
    open_ids = [one for one in prepared["offer_ids"] if one in by_id] if _may_offer(inputs) else []
    offers = [
        {
            "offer_id": one,
            "kind": by_id[one].kind,
            **words_of(by_id[one], language),
            "annual_fee_amt": by_id[one].annual_fee_amt,
            "annualised_cost_ratio": by_id[one].annualised_cost_ratio,
            "saved_amt": None,
            "confidence": "low",
            "reasons": [{"code": UNKNOWN, "text": because, "weight": 0.0}],
        }
        for one in open_ids
        if one not in answered["offers"]
        and by_id[one].group not in answered["groups"]
        and one not in inputs["held_offers"]
        and not (inputs["is_held_out"] and by_id[one].kind == "promotional")
    ]
    answer = {
        "customer_id": customer_id,
        "as_of": prepared["prepared_at"],
        "decided_at": context["decided_at"],
        "prepared_at": prepared["prepared_at"],
        "currency": inputs["currency"],
        **bare_answer(context, offers, binding="PREPARED", no_limit=NO_LIMIT, no_plan=NO_PLAN),
        "feature_age_days": inputs["age_days"],
        "release_id": versions.release_id,
        "versions": versions.as_json(),
    }
    return answer | {"treatments": treatments_of(answer, policy.catalogue)}

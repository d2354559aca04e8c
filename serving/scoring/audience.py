"""What the agent may see of an answer: sentences and the binding constraint, nothing of the model."""

from typing import Any

__all__ = ["agent_view"]

HIGH, MEDIUM = 0.20, 0.07
"""Where the bands of confidence begin; an agent sees the band, never the probability."""


def _confidence(propensity: float) -> str:
    return "high" if propensity >= HIGH else "medium" if propensity >= MEDIUM else "low"


def _told(drop: dict[str, Any]) -> str:
    """The sentence for the agent: a neutral one where the rule must not be told."""
    return str(drop["neutral"] if drop["tell"] == "risk_only" else drop["because"])


def _reasons(reasons: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"code": one["code"], "text": one["text"]} for one in reasons]


def _offer(offer: dict[str, Any]) -> dict[str, Any]:
    kept = (
        "offer_id", "rank", "title", "benefit", "talk_track", "rebuttals", "terms", "annual_fee_amt",
        "annualised_cost_ratio", "disclosure", "say_seconds",
    )  # fmt: skip
    return {name: offer[name] for name in kept} | {
        "confidence": _confidence(offer["propensity"]),
        "reasons": _reasons(offer["reasons"]),
    }


def _limit(limit: dict[str, Any]) -> dict[str, Any]:
    """The limit in words; a rule that must not be told leaves neither its name nor its sentence."""
    hidden = {drop["rule_id"]: drop["neutral"] for drop in limit["why_not"] if drop["tell"] == "risk_only"}
    is_hidden = limit["binding"] in hidden
    binding = "UNAVAILABLE" if is_hidden else limit["binding"]
    text = hidden.get(limit["binding"], limit["binding_text"])
    reasons = [{"code": binding, "text": text}] if hidden else _reasons(limit["reasons"])
    return {
        "current_amt": limit["current_amt"],
        "suggested_amt": limit["suggested_amt"],
        "max_amt": limit["max_amt"],
        "binding": binding,
        "binding_text": text,
        "reasons": reasons,
        "why_not": [{"because": _told(drop)} for drop in limit["why_not"]],
    }


def agent_view(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without probabilities, profit, value, thresholds, scores, or what must not be told.

    `answer` is the full one of `serving.scoring.answer`.
    """
    limit = _limit(answer["limit"])
    told = [
        {"offer_id": d["offer_id"], "title": d["title"], "stage": d["stage"], "because": _told(d)}
        for d in answer["not_offered"]
    ]
    none_because = None if answer["offers"] or not told else told[0]["because"]
    kept = (
        "decision_id", "customer_id", "as_of", "decided_at", "feature_age_days", "channel", "language",
        "currency", "plans", "versions", "release_id",
    )  # fmt: skip
    return {name: answer[name] for name in kept} | {
        "help": answer["help"],
        "offers": [_offer(offer) for offer in answer["offers"]],
        "offers_none_because": none_because,
        "not_offered": told,
        "limit": limit,
        "plans_none_because": None if answer["plans"] else limit["binding_text"],
    }

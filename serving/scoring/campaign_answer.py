"""What a campaign sends to a customer, as an answer of the record: one offer in the words of its channel."""

from collections.abc import Mapping
from typing import Any

from linewise.policy.policy import Policy
from serving.scoring.answer import words_of
from serving.scoring.bare_answer import bare_answer
from serving.scoring.release import Versions
from serving.scoring.treating import treatments_of

__all__ = ["CampaignAnswers", "campaign_answer"]

UNKNOWN = "NO_SPECIFIC_REASON"
"""Reasons are not computed for a whole base, and no message carries one."""

NO_LIMIT = {"zh-CN": "营销名单不含额度建议。", "en": "A campaign's list suggests no limit."}
NO_PLAN = {"zh-CN": "营销名单不含分期方案。", "en": "A campaign's list suggests no plan."}


class CampaignAnswers:
    """Answers of many contacts: what an offer is in a channel and a language is worded once for all of them."""

    def __init__(self, policy: Policy, versions: Versions) -> None:
        self._policy, self._versions = policy, versions
        self._worded: dict[tuple[str, str, str], dict[str, Any]] = {}

    def of(self, customer_id: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The full answer that the inputs come to, without a decision_id; the same again from the record.

        It holds no limit and no plan; what the offer was ranked by stands in it for reviewers.
        """
        context, ranked = inputs["context"], inputs["ranked"]
        key = (inputs["offer_id"], context["channel"], context["language"])
        worded = self._worded.get(key)
        if worded is None:
            worded = self._worded[key] = self._word(context, inputs["offer_id"])
        return worded | {
            "customer_id": customer_id,
            "as_of": inputs["known_at"],
            "decided_at": context["decided_at"],
            "currency": inputs["currency"],
            "offers": [
                worded["offers"][0] | {name: ranked[name] for name in ("propensity", "value_amt", "priority", "pscore")}
            ],
        }

    def _word(self, context: Mapping[str, Any], offer_id: str) -> dict[str, Any]:
        language = context["language"]
        offer = self._policy.catalogue.offer(offer_id)
        because = self._policy.reasons.constraints[UNKNOWN].in_language(language)
        told = {
            "offer_id": offer_id,
            "kind": offer.kind,
            **words_of(offer, language),
            "annual_fee_amt": offer.annual_fee_amt,
            "annualised_cost_ratio": offer.annualised_cost_ratio,
            "saved_amt": None,
            "confidence": "low",
            "reasons": [{"code": UNKNOWN, "text": because, "weight": 0.0}],
        }
        answer = {
            "prepared_at": None,
            **bare_answer(context, [told], binding="CAMPAIGN", no_limit=NO_LIMIT, no_plan=NO_PLAN),
            "feature_age_days": 0.0,
            "release_id": self._versions.release_id,
            "versions": self._versions.as_json(),
        }
        return answer | {"treatments": treatments_of(answer, self._policy.catalogue)}


def campaign_answer(customer_id: str, inputs: Mapping[str, Any], policy: Policy, versions: Versions) -> dict[str, Any]:
    """The answer of one contact."""
    return CampaignAnswers(policy, versions).of(customer_id, inputs)

"""What each action of an answer is in the channel of its request: words, the way to answer, the act that follows."""

from typing import Any

from linewise.policy.catalogue import Catalogue, treated
from serving.scoring.outcomes import actions_for_sale

__all__ = ["treatments_of"]


def treatments_of(answer: dict[str, Any], catalogue: Catalogue) -> list[dict[str, str]]:
    """One entry for each offer, the raise, each plan and what helps, in that order; what was not given has none."""
    helping = [one["offer_id"] for one in answer["help"]]
    channel, language = answer["channel"], answer["language"]
    return [
        {"action_id": action_id} | treated(catalogue, action_id, channel, language).as_json()
        for action_id in (*actions_for_sale(answer), *helping)
    ]

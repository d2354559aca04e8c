"""What has to be read to a customer before a yes: the texts of one action of an answer, by id and version."""

from collections.abc import Collection, Mapping
from typing import Any

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP, group_of_action

__all__ = ["is_all_read", "line_name", "lines_to_read"]


def line_name(disclosure: Mapping[str, Any]) -> str:
    """The name under which it is recorded that a text was read.

    >>> line_name({"disclosure_id": "CARD-GOLD-FEES", "version": "1"})
    'CARD-GOLD-FEES/1'
    """
    return f"{disclosure['disclosure_id']}/{disclosure['version']}"


def lines_to_read(answer: Mapping[str, Any], action_id: str) -> list[Mapping[str, Any]]:
    """The texts of an offer, of help, of the limit or of a plan, in order: disclosure_id, version, text.

    answer: full, or as an agent sees it. Empty where the policy has no text for the action.
    """
    if action_id == LIMIT_ACTION:
        return list((answer["limit"].get("script") or {}).get("disclosures", ()))
    if group_of_action(action_id) == PLAN_GROUP:
        return list((answer.get("plans_script") or {}).get("disclosures", ()))
    cards = (*answer["offers"], *answer.get("help", ()))
    return [one["disclosure"] for one in cards if one["offer_id"] == action_id and one.get("disclosure")]


def is_all_read(answer: Mapping[str, Any], action_id: str, read: Collection[str]) -> bool:
    """Whether everything was read; read: names of texts, an empty one where all of it was told of at once."""
    return "" in read or {line_name(one) for one in lines_to_read(answer, action_id)} <= set(read)

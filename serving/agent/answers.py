"""What a customer answered: read from a form, checked, and found again in the record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from linewise.core.errors import UsageError
from serving.agent.wording import ANSWERS, DECLINE_REASONS, N_

__all__ = ["LONGEST_NOTE", "Answer", "answers_by_offer", "enforce_shown", "problem_with", "why_not_by_offer"]

LONGEST_NOTE = 500
"""Characters of a note: one line beside a call, not a file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as a form carries it; a reason and a note come only with a refusal."""

    offer_id: str
    outcome: str
    reason_code: str = ""
    note: str = ""


def enforce_shown(answer: Answer, view: dict[str, Any]) -> None:
    """Raise UsageError for what no form of this page can send: another offer, another outcome."""
    shown = [offer["offer_id"] for offer in view["offers"]]
    if answer.offer_id not in shown or answer.outcome not in ANSWERS:
        raise UsageError(
            f"The answer {answer.outcome!r} to the offer {answer.offer_id!r} cannot be recorded.",
            f"One of {', '.join(ANSWERS)} to one of {', '.join(shown) or 'no offer'} was expected.",
        )


def problem_with(answer: Answer) -> str:
    """The message that tells the agent what is missing, or an empty one."""
    if answer.outcome == "declined" and answer.reason_code not in DECLINE_REASONS:
        return N_("Not recorded yet: choose why the customer declines.")
    if len(answer.note) > LONGEST_NOTE:
        return N_("Not recorded yet: the note is too long.")
    return ""


def answers_by_offer(outcomes: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The latest recorded answer to each offer; events that are no answer are passed over."""
    return {str(one["offer_id"]): one for one in outcomes if one["outcome"] in ANSWERS}


def why_not_by_offer(not_offered: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Title of each offer that is not made, with all its reasons, in the order given."""
    grouped: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    for entry in not_offered:
        grouped.setdefault(entry["offer_id"], (entry["title"], []))[1].append(entry)
    return list(grouped.values())

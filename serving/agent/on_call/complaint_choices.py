"""What a complaint is about and why: each thing with each reason is one button, and has one key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linewise.ledger.calls import Told
from serving.agent.on_call.acts import OF_COMPLAINT
from serving.agent.on_call.words import ACTIONS, COMPLAINT_WORDS
from serving.calls.complaining import said_of_complaint, thing_of, things_of_call
from serving.calls.desk import CallDesk

__all__ = ["KEYS", "Choice", "Choices", "Thing", "complaint_choices"]

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
"""One for each button, in their order: seven things with five reasons."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: the reason in words of the catalogue, what it sends, its key, and whether it is what was said."""

    says: str
    act: str
    key: str
    is_said: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing with its reasons: its title, or (where that is empty) the words of the catalogue for it."""

    title: str
    words: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Choices:
    """All of them; said: the thing and the reason that were said last, None while nothing was."""

    things: Sequence[Thing]
    said: tuple[Thing, Choice | None] | None


def complaint_choices(
    calls: CallDesk, view: Mapping[str, Any], events: Sequence[Told], outcomes: Sequence[Mapping[str, Any]]
) -> Choices:
    """The choices of a call; what is none of its things comes last."""
    titles, said = dict(calls.askable_offers(view["language"])), said_of_complaint(events)
    said_about, said_why = (thing_of(str(said["about"])), said["reason_code"]) if said else (None, None)
    keys, things = iter(KEYS), []
    for name in (*things_of_call(events, outcomes, calls.held_by(view["customer_id"])), ""):
        if name and name not in titles and name not in ACTIONS:
            continue
        is_about = name == said_about
        choices = [
            Choice(words, f"{OF_COMPLAINT}:{code}:{name}", next(keys), is_about and code == said_why)
            for code, words in COMPLAINT_WORDS.items()
        ]
        things.append((is_about, Thing(titles.get(name, ""), ACTIONS.get(name, ""), choices)))
    about = next((one for is_about, one in things if is_about), None)
    why = next((one for one in about.choices if one.is_said), None) if about is not None else None
    return Choices([one for _, one in things], None if about is None else (about, why))

"""How an agent wants the screen: words open or folded, prompts or none, which key does what; kept in the ledger."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from linewise.core.clock import BankClock
from linewise.ledger.preferences import keep_preferences, preferences_of
from linewise.ledger.reaching import reaching
from serving.agent.wording import N_

__all__ = ["KEYS", "Preferences", "code_of", "keep_choices", "letter_of", "preferences_for"]

KEYS: Mapping[str, tuple[str, str]] = {
    "offer_1": ("Digit1", N_("First suggestion")),
    "offer_2": ("Digit2", N_("Second suggestion")),
    "offer_3": ("Digit3", N_("Third suggestion")),
    "accept": ("KeyA", N_("Accept")),
    "not_now": ("KeyN", N_("Not now")),
    "decline": ("KeyD", N_("Decline, then 1 to 9 for the reason")),
    "why": ("KeyW", N_("Why this customer")),
    "talk": ("KeyT", N_("You may say")),
    "limit": ("KeyL", N_("Credit limit")),
    "plan": ("KeyP", N_("Repayment plan")),
    "taking": ("KeyK", N_("Being taken")),
    "pull": ("KeyG", N_("Get recommendations")),
    "resolve": ("KeyR", N_("Answer the call, then: need is resolved")),
    "mark": ("KeyM", N_("Mark")),
    "ask": ("KeyQ", N_("The customer asks for …")),
    "wrap_up": ("KeyU", N_("Wrap-up")),
    "hang_up": ("KeyH", N_("Hang up")),
    "help": ("Slash", N_("All keys")),
}
"""What a key with Alt does: its place on the keyboard as it comes, and the words for it. None of them consents."""

OFF_THE_CALL = ("offer_1", "offer_2", "offer_3", "accept", "not_now", "decline", "why", "talk", "limit", "plan", "help")
"""What keys do on the page of a decision without a call."""

FLAGS = ("is_novice", "has_prompts", "has_keys")

NAMED = {"Slash": "/", "Comma": ",", "Period": ".", "Semicolon": ";"}
LETTERS = re.compile(r"[A-Za-z0-9/,.;]")


def letter_of(code: str) -> str:
    """What stands on a key.

    >>> letter_of("KeyA"), letter_of("Digit1"), letter_of("Slash")
    ('A', '1', '/')
    """
    return NAMED.get(code) or code.removeprefix("Key").removeprefix("Digit")


def code_of(letter: str) -> str:
    """The key on which it stands, as a browser names it; empty for what is no key that can be chosen.

    >>> code_of("a"), code_of(" 7 "), code_of("/"), code_of("é"), code_of("ab")
    ('KeyA', 'Digit7', 'Slash', '', '')
    """
    plain = letter.strip()
    if not LETTERS.fullmatch(plain):
        return ""
    by_letter = {value: key for key, value in NAMED.items()}
    return by_letter.get(plain) or (f"Digit{plain}" if plain.isdigit() else f"Key{plain.upper()}")


@dataclass(frozen=True, slots=True)
class Preferences:
    """is_novice: words, rebuttals and explanations stand open; has_prompts: the first suggestion surfaces by itself.

    has_keys: keys with Alt do something; keys: which one, by its action, each of KEYS once.
    """

    is_novice: bool = True
    has_prompts: bool = True
    has_keys: bool = True
    keys: Mapping[str, str] = field(default_factory=lambda: {action: code for action, (code, _) in KEYS.items()})

    @classmethod
    def chosen(cls, content: Mapping[str, Any]) -> "Preferences":
        """From what was kept; what was not chosen, or is known no more, is as it is for everybody."""
        named: Mapping[str, str] = content.get("keys", {})
        keys = {action: str(named.get(action, code)) for action, (code, _) in KEYS.items()}
        is_novice, has_prompts, has_keys = (bool(content.get(name, True)) for name in FLAGS)
        # A key that came with a newer release may be one that was chosen for something else: then all are as before.
        if len(set(keys.values())) < len(keys):
            keys = {action: code for action, (code, _) in KEYS.items()}
        return cls(is_novice, has_prompts, has_keys, keys)

    def as_json(self) -> dict[str, Any]:
        """What is kept."""
        return {name: getattr(self, name) for name in FLAGS} | {"keys": dict(self.keys)}

    def letter(self, action: str) -> str:
        """What stands on the key of an action."""
        return letter_of(self.keys[action])

    def used(self, *, in_call: bool) -> dict[str, str]:
        """The actions that keys have on a page, each with its words."""
        return {action: words for action, (_, words) in KEYS.items() if in_call or action in OFF_THE_CALL}

    def actions_by_key(self, *, in_call: bool) -> dict[str, str]:
        """Key to action, as the script of the page takes it."""
        return {self.keys[action]: action for action in self.used(in_call=in_call)}


def preferences_for(request: Request) -> Preferences:
    """Those of who asks; everybody's where the pages have no ledger or who asks is unknown."""
    calls, caller = request.app.state.calls, getattr(request.state, "caller", None)
    if calls is None or caller is None:
        return Preferences()
    with reaching():
        return Preferences.chosen(preferences_of(calls.ledger, caller.name))


def keep_choices(request: Request, name: str, preferences: Preferences) -> None:
    """Keep what a person chose; what is as it is for everybody is not kept."""
    calls = request.app.state.calls
    chosen = preferences.as_json() if preferences != Preferences() else {}
    with reaching():
        keep_preferences(calls.ledger, name, chosen, BankClock().now())

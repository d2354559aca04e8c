"""The vocabulary of what becomes of a suggestion: events, and the reasons that may stand beside them.

A customer's reasons and an agent's are two lists, and never mixed: that an agent did not put an offer
forward says nothing of what the customer wants.
"""

import re
from collections.abc import Mapping

from linewise.core.errors import UsageError

__all__ = [
    "ALREADY_HAS",
    "ANSWERS",
    "DECLINE_REASONS",
    "DO_NOT_CONTACT",
    "EVENTS",
    "HEARD",
    "LINE_NAME",
    "LONGEST_LINE_NAME",
    "NOT_PITCHED_REASONS",
    "NOT_SAID",
    "POSTPONED_TWICE",
    "enforce_event",
]

DO_NOT_CONTACT = "do_not_contact"
"""No offer any more, in any channel, from the next decision on."""

ALREADY_HAS = "already_has"
"""The offer rests until what the customer holds changes."""

NOT_SAID = "not_said"
"""The customer refused by an act of their own and gave no reason."""

POSTPONED_TWICE = "postponed_twice"
"""The reason under which a second "not now" to the same offer counts as a refusal; nobody records it."""

DECLINE_REASONS = (
    "price", "no_need", ALREADY_HAS, "timing", "distrust", "wrong_info", "terms", "affordability", "wants_human",
    DO_NOT_CONTACT, NOT_SAID,
)  # fmt: skip
"""Why the customer said no."""

NOT_PITCHED_REASONS = ("call_too_short", "customer_upset", "offer_unsuitable", "did_not_understand", "system_late")
"""Why the agent did not put the offer forward."""

EVENTS: Mapping[str, tuple[str, ...]] = {
    # event: the reasons that it may carry; `decided` is the decision record itself
    "shown": (),
    "expanded": (),
    "pitched": (),
    "accepted": (),
    "postponed": DECLINE_REASONS,
    "declined": DECLINE_REASONS,
    "not_pitched": NOT_PITCHED_REASONS,
    # Which text was read, as LINE_NAME writes it; empty for all that there is to read.
    "disclosure_read": (),
    "consent_captured": (),
    "ordered": (),
    "cancelled_in_cooling_off": DECLINE_REASONS,
    "activated": (),
    "settled_early": (),
    "complaint_within_30d": DECLINE_REASONS,
}

LINE_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+", re.ASCII)
"""The name of a text that is read aloud, with the version of its wording: `CARD-GOLD-FEES/1`."""

LONGEST_LINE_NAME = 32

NEEDS_REASON = frozenset({"declined", "not_pitched"})

ANSWERS = frozenset({"accepted", "postponed", "declined", "not_pitched", "ordered"})
"""Events of which the last one counts for an offer of a decision, so that a slip can be corrected."""

HEARD = frozenset({"pitched", "accepted", "postponed", "declined", "disclosure_read", "consent_captured", "ordered"})
"""Events that show that the customer heard of the offer, whoever said it."""


def enforce_event(event: str, reason_code: str) -> None:
    """Raise UsageError for an unknown event, or a reason that does not belong to it."""
    if event not in EVENTS:
        raise UsageError(f"The outcome {event!r} is unknown.", f"One of {', '.join(EVENTS)} was expected.")
    allowed = EVENTS[event]
    if event == "disclosure_read" and reason_code:
        if len(reason_code) > LONGEST_LINE_NAME or not LINE_NAME.fullmatch(reason_code):
            raise UsageError(
                f"{reason_code!r} names no text that is read aloud.",
                f"Id and version, `CARD-GOLD-FEES/1`, of at most {LONGEST_LINE_NAME} characters were expected.",
            )
        return
    if reason_code and reason_code not in allowed:
        expected = f"One of {', '.join(allowed)} was expected." if allowed else "No reason was expected with it."
        raise UsageError(f"The reason {reason_code!r} does not belong to {event!r}.", expected)
    if event in NEEDS_REASON and not reason_code:
        raise UsageError(f"The outcome {event!r} came without a reason.", f"One of {', '.join(allowed)} was expected.")

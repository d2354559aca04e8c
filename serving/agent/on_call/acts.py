"""What the agent does on the screen of a call: from a form to the event that tells of it, once for a double click."""

import hashlib
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from linewise.core.errors import UsageError
from linewise.core.money import to_minor
from serving.calls.models import EventIn

__all__ = ["OF_COMPLAINT", "amount_of", "event_of", "id_of"]

BEARS = {"flagged": "flag", "unflagged": "flag", "tone": "tone", "reason": "reason"}
"""Kinds of event that carry one word, and under which name."""

OF_COMPLAINT = "complaint_about"
"""The kind of a button that marks a complaint and says of what it is: `complaint_about:terms:LIMIT`."""

MOST_DIGITS = 15


def id_of(form: str, *told: str) -> str:
    """The event's id: of the form as it was rendered and all that it sends, so that sent twice it is one event."""
    return hashlib.sha256("\n".join((form, *told)).encode()).hexdigest()[:32]


def event_of(agent_id: str, form: str, act: str, **more: Any) -> EventIn:
    """The event of a button's `kind`, `kind:word` or OF_COMPLAINT; raises UsageError for what no button sends."""
    kind, _, word = act.partition(":")
    said: dict[str, Any] = {BEARS[kind]: word} if kind in BEARS else {}
    if kind == OF_COMPLAINT:
        reason, _, about = word.partition(":")
        kind, said = "flagged", {"flag": "complaint", "complaint": {"about": about, "reason_code": reason}}
    said |= more
    told = (act, *(f"{name}={value}" for name, value in sorted(more.items())))
    try:
        return EventIn.model_validate(
            {"event_id": id_of(form, *told), "kind": kind, "source": "agent", "agent_id": agent_id, **said}
        )
    except ValidationError as err:
        raise UsageError(
            f"The act {act!r} is none of the screen of a call.", "One of its buttons was expected."
        ) from err


def amount_of(text: str, currency: str, step_amt: int = 1) -> int | None:
    """Minor units of a typed amount, down to a whole step; None for an empty text, UsageError for what is none.

    >>> amount_of("12,345.67", "CNY", 100_00), amount_of("  ", "CNY")
    (1230000, None)
    """
    plain = text.translate(str.maketrans("，。０１２３４５６７８９", ",.0123456789")).strip().lstrip("¥￥").strip()
    if not plain:
        return None
    digits = plain.replace(",", "").replace("_", "").replace(" ", "").replace("\u00a0", "")
    try:
        amount = Decimal(digits) if len(digits) <= MOST_DIGITS else Decimal("NaN")
        amount_amt = to_minor(amount, currency) if amount.is_finite() and amount > 0 else 0
    except InvalidOperation:
        amount_amt = 0
    amount_amt = amount_amt // step_amt * step_amt
    if amount_amt <= 0:
        raise UsageError("That is no amount.", "A number above nothing was expected.")
    return amount_amt

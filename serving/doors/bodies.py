"""What the doors take and give: every field checked before anything is done with it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from linewise.ledger.asked import Asked
from linewise.ledger.call_kinds import CallReason, Tone
from serving.scoring.call import Call

__all__ = [
    "AskedIn",
    "Body",
    "BookingIn",
    "BookingOut",
    "CallIn",
    "CancellingIn",
    "DecisionIn",
    "Id",
    "OutcomeIn",
    "OutcomeOut",
    "ShortText",
]

Id = Annotated[str, Field(min_length=1, max_length=64)]
OutcomeName = Literal[
    "shown", "expanded", "pitched", "accepted", "postponed", "declined", "not_pitched", "disclosure_read",
    "consent_captured", "ordered", "cancelled_in_cooling_off", "activated", "settled_early",
    "complaint_within_30d",
]  # fmt: skip
ShortText = Annotated[str, Field(max_length=64)]


class Body(BaseModel):
    """A body in which nothing stands that nobody knows."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _holds_no_nul(cls, value: Any) -> Any:
        # Not every database keeps one, and no customer says one.
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("a text without NUL was expected")
        return value


class CallIn(Body):
    """The call or visit in which a decision is asked for; what nobody said is left out."""

    call_id: ShortText = ""
    agent_id: ShortText = ""
    is_identity_verified: bool = True
    reason: CallReason | None = None
    tone: Tone | None = None
    is_outbound: bool = False
    is_third_person_calling: bool = False
    has_voiced_complaint: bool = False
    has_signalled_hardship: bool = False
    has_asked_for_human: bool = False
    is_willing_to_repay: bool | None = None
    has_reported_fraud: bool = False
    needs_specialist: bool = False

    def as_call(self) -> Call:
        """The call as a decision takes it; that the identity was verified goes beside it."""
        return Call(**self.model_dump(exclude={"is_identity_verified"}))


class AskedIn(Body):
    """What the customer asks for, with the act that shows it: the call or its recording, the session, the form."""

    what: Literal["offer", "limit", "plan"]
    act: Literal["call", "recording", "app", "web", "branch", "letter"]
    reference: Annotated[str, Field(max_length=128)]
    amount_amt: Annotated[int, Field(gt=0, lt=1 << 53)] | None = None
    action_id: ShortText = ""
    asked_at: datetime | None = None

    def as_asked(self, now: datetime) -> Asked:
        """The request as a decision takes it; asked now where it says no moment."""
        return Asked(**self.model_dump() | {"asked_at": self.asked_at or now})


class DecisionIn(Body):
    """A request for one decision; without `asked` it is the bank that proposes."""

    customer_id: Id
    channel: Literal["voice", "app", "web", "branch", "ivr"] = "voice"
    language: Literal["zh-CN", "en"] | None = None
    call: CallIn = CallIn()
    asked: AskedIn | None = None


class OutcomeIn(Body):
    """What became of one offer, of the limit (`LIMIT`) or of a plan (`PLAN-36`).

    `act`, `act_reference`: with an order that the customer made themselves elsewhere, how, and what shows it (the
    session, the signed form). A limit or a plan that was suggested by phone is ordered by nothing else, or on the page
    that the customer is sent upon `consent_captured`.
    """

    decision_id: Id
    offer_id: Id
    outcome: OutcomeName
    reason_code: ShortText = ""
    note: Annotated[str, Field(max_length=2000)] = ""
    call_id: ShortText = ""
    agent_id: ShortText = ""
    occurred_at: datetime | None = None
    not_before: date | None = None
    act: Literal["", "app", "web", "branch", "letter"] = ""
    act_reference: Annotated[str, Field(max_length=128)] = ""


class BookingIn(Body):
    """What the core system booked upon a quote, under its own reference, by which it may be sent again."""

    quote_id: Id
    amount_amt: Annotated[int, Field(gt=-(1 << 53), lt=1 << 53)]
    core_reference: Annotated[str, Field(max_length=128)]
    booked_at: datetime | None = None


class CancellingIn(Body):
    """Why the core system took a booking back."""

    quote_id: Id
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class BookingOut(BaseModel):
    """The booking, and whether it was new or already there."""

    quote_id: str
    core_reference: str
    amount_amt: int
    booked_at: datetime
    is_new: bool


class OutcomeOut(BaseModel):
    """The outcome's id, and whether it was new or already there.

    `awaiting_customer_until`: upon a consent to a limit or a plan by phone, until when the customer's act is awaited.
    """

    outcome_id: str
    is_new: bool
    awaiting_customer_until: datetime | None = None

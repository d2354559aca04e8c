"""What the doors of calls take and give, field by field."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from linewise.core.clock import BankClock, as_utc
from linewise.core.errors import UsageError
from linewise.ledger.call_kinds import CallReason, Flag, Tone
from linewise.ledger.calls import PhoneCall, Told
from linewise.ledger.queues import MeasuredQueue

__all__ = [
    "CallOut",
    "CallRingIn",
    "EventIn",
    "EventOut",
    "Id",
    "QueueIn",
    "QueueOut",
    "WithoutRecord",
    "heard_by_menu",
]


def _plausible(moment: datetime) -> datetime:
    # Beyond these no clock of a telephone system stands, and arithmetic with time zones may end.
    if not 1900 <= moment.year <= 2200:
        raise ValueError("a moment between 1900 and 2200 was expected")
    return as_utc(moment)


Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
Name = Annotated[str, Field(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
Moment = Annotated[datetime, AfterValidator(_plausible)]
AmountAmt = Annotated[int, Field(gt=0, lt=1 << 53)]

ToldKind = Literal[
    "answered", "transferred", "verified", "verification_lowered", "reason", "tone", "flagged", "unflagged",
    "need_resolved", "asked", "wrap_up_saved", "ended",
]  # fmt: skip


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LoadIn(_Body):
    """A queue as telephony measures it; `arrivals_per_hour` is left out where nobody counts them."""

    waiting_count: Annotated[int, Field(ge=0, le=1_000_000)]
    agent_count: Annotated[int, Field(ge=1, le=100_000)]
    handling_seconds: Annotated[float, Field(ge=1, le=86_400)]
    arrivals_per_hour: Annotated[float, Field(ge=0, le=1e9)] | None = None

    def as_measured(self, queue: str) -> MeasuredQueue:
        """The queue of that name, measured now."""
        return MeasuredQueue(queue=queue, recorded_at=BankClock().now(), **self.model_dump())


class QueueIn(LoadIn):
    """The load of one queue."""

    queue: Id

    def measured(self) -> MeasuredQueue:
        """As the ledger keeps it."""
        return MeasuredQueue(recorded_at=BankClock().now(), **self.model_dump())


class QueueOut(BaseModel):
    """How long the next caller waits, and by it the price of a second of an agent's time in minor units."""

    queue: str
    expected_wait_seconds: float
    second_amt: float


BESIDE_THE_CALL = {"bank", "language", "rang_at", "reason", "confidence", "queue_load"}


class CallRingIn(_Body):
    """A call that rings, as telephony knows it; `rang_at` is left out where it rings now.

    `reason` with its `confidence`: what a menu heard of why they call. `queue_load`: of the queue that it came through.
    """

    call_id: Id
    customer_id: Id
    bank: Name | None = None
    channel: Literal["voice", "app", "web", "branch", "ivr"] = "voice"
    direction: Literal["inbound", "outbound"] = "inbound"
    language: Literal["zh-CN", "en"] | None = None
    caller_role: Literal["customer", "supplementary", "third_person"] = "customer"
    is_identity_verified: bool = False
    agent_id: Name = ""
    team: Name = ""
    queue: Name = ""
    rang_at: Moment | None = None
    reason: CallReason | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    queue_load: LoadIn | None = None

    def as_call(self, now: datetime) -> PhoneCall:
        """The call as the ledger keeps it; now: by the bank's clock."""
        given = self.model_dump(exclude=BESIDE_THE_CALL)
        return PhoneCall(
            **given, language=self.language or "", rang_at=self.rang_at or now, recorded_at=BankClock().now()
        )

    def heard(self, now: datetime) -> Told | None:
        """What a menu heard, as an event of the call; None where it heard nothing."""
        if self.reason is None:
            return None
        return heard_by_menu(self.rang_at or now, BankClock().now(), self.reason, self.confidence)


def heard_by_menu(at: datetime, recorded_at: datetime, reason: str, confidence: float | None) -> Told:
    """That a menu heard why somebody calls, before anybody answers."""
    said = {"reason": reason} | ({} if confidence is None else {"confidence": confidence})
    return Told("menu", "reason", "telephony", at, recorded_at, details=said)


class AskedInCall(_Body):
    """What the customer asks for in the call; a what-if is asked at most three times a call."""

    what: Literal["offer", "limit", "plan"]
    amount_amt: AmountAmt | None = None
    action_id: Name = ""
    is_what_if: bool = False


class ComplaintIn(_Body):
    """What a complaint is about: an offer, `LIMIT`, `PLAN`, or empty for nothing of these; and why, where it was said.

    Which rules had a say in it follows from the decision of the call.
    """

    about: Name = ""
    reason_code: Name = ""


class WrapUp(_Body):
    """What is written down at the end: what became of the matter, a line about it, and what is to follow."""

    outcome: Literal["resolved", "follow_up", "handed_on", "not_resolved"]
    reason: CallReason | None = None
    note: Annotated[str, Field(max_length=500)] = ""
    follow_up_on: date | None = None
    sends_confirmation: bool = False


BELONGS_TO = {
    "reason": "reason", "confidence": "reason", "tone": "tone", "asked": "asked", "wrap_up": "wrap_up_saved",
    "complaint": "flagged",
}  # fmt: skip


class EventIn(_Body):
    """One event of a call, under an id of its own by which it may be sent again.

    `reason` (with `confidence`), `tone`, `flag`, `asked` and `wrap_up` come with the event that is theirs, and with
    no other; `complaint` with the mark of one, or with the mark once more where it is said later. `agent_id`: who
    tells it, or who has the call from now on. `at` is left out where it happens now.
    """

    event_id: Id
    kind: ToldKind
    source: Literal["telephony", "agent"] = "telephony"
    agent_id: Name = ""
    at: Moment | None = None
    reason: CallReason | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    tone: Tone | None = None
    flag: Flag | None = None
    complaint: ComplaintIn | None = None
    asked: AskedInCall | None = None
    wrap_up: WrapUp | None = None

    def as_told(self, call_id: str, now: datetime) -> Told:
        """The event as the ledger keeps it; raises UsageError for a field that is another event's."""
        return Told(
            self.event_id,
            self.kind,
            self.source,
            self.at or now,
            BankClock().now(),
            self.agent_id,
            self._details(call_id),
        )

    def _details(self, call_id: str) -> dict[str, Any]:
        for name in ("reason", "confidence", "tone", "asked", "wrap_up", "flag", "complaint"):
            kinds = ("flagged", "unflagged") if name == "flag" else (BELONGS_TO[name],)
            if getattr(self, name) is not None and self.kind not in kinds:
                raise UsageError(f"{name!r} came with the event {self.kind!r}.", f"It belongs to {' or '.join(kinds)}.")
        if self.asked is not None:
            return self.asked.model_dump() | {"act": "call", "reference": call_id}
        if self.wrap_up is not None:
            return self.wrap_up.model_dump(mode="json")
        given: dict[str, Any] = {
            "reason": self.reason,
            "confidence": self.confidence,
            "tone": self.tone,
            "flag": self.flag,
        }
        given["complaint"] = None if self.complaint is None else self.complaint.model_dump()
        return {name: value for name, value in given.items() if value is not None}


class RequestOut(BaseModel):
    """What the customer asked for: by its event, with the decision on it once there is one."""

    event_id: str
    decision_id: str | None
    is_current: bool


class CallOut(BaseModel):
    """A call as it stands; `decision` and `request` are decisions as an agent sees them.

    `may_offer` says whether the bank's suggestions may be put forward now; where not, `why` and `says` tell why.
    `is_current`: whether the decision was made on all that has been told. `event_number`: of the last event.
    `prepared_at`: of when the offers are, where last night's stand in for a decision that did not come in time.
    """

    call_id: str
    customer_id: str
    phase: Literal["ringing", "answered", "ended"]
    agent_id: str
    team: str
    queue: str
    channel: str
    direction: str
    language: str
    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    is_identity_verified: bool
    caller_role: str
    reason: str | None
    reason_confidence: float | None
    tone: str | None
    flags: list[str]
    withheld: list[str]
    is_need_resolved: bool
    is_wrapped_up: bool
    event_number: int
    may_offer: bool
    why: str | None
    says: str | None
    is_current: bool
    prepared_at: datetime | None = None
    decision_id: str | None
    decision: dict[str, Any] | None
    requests: list[RequestOut]
    request: dict[str, Any] | None


class WithoutRecord(BaseModel):
    """What can be said of a call while its record cannot be reached: service only, and no credit."""

    error: str
    detail: str
    call_id: str
    may_offer: Literal[False]
    why: str
    says: str
    decision_id: None
    decision: None
    request: None


class EventOut(BaseModel):
    """Whether the event was new or already there, and the call after it."""

    is_new: bool
    call: CallOut

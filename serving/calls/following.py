"""What the streams of a call and of an agent tell: small messages, after which a screen asks for the call itself."""

from collections.abc import Sequence
from typing import Any

from linewise.ledger.call_state import state_after
from linewise.ledger.call_watching import Followed, told_after
from linewise.ledger.calls import call_within, events_of_call, events_within, live_calls_of
from linewise.ledger.store import Ledger
from serving.calls.live import Follow, Message

__all__ = ["agents_calls", "begin_agent", "begin_call", "one_call"]


def _message(followed: Followed) -> Message:
    told = followed.told
    data: dict[str, Any] = {"call_id": followed.call_id, "event_number": told.number, "kind": told.kind}
    for name in ("flag", "decision_id"):
        if told.details.get(name):
            data[name] = told.details[name]
    return Message("call", told.sequence, data)


def one_call(ledger: Ledger, call_id: str) -> Follow:
    """The events of one call; its end is the last of them."""

    def after(sequence: int) -> Sequence[Message]:
        found = told_after(ledger, sequence, call_id=call_id)
        ends = {one.told.sequence for one in found if one.told.kind == "ended"}
        messages = [_message(one) for one in found]
        return [Message(one.kind, one.sequence, one.data, one.sequence in ends) for one in messages]

    return after


def agents_calls(ledger: Ledger, agent_id: str) -> Follow:
    """The events of the calls that an agent has."""
    return lambda sequence: [_message(one) for one in told_after(ledger, sequence, agent_id=agent_id)]


def begin_call(ledger: Ledger, call_id: str) -> Message:
    """How a call stands, for a reader that comes anew; is_last where it has ended. Raises UnknownCall."""
    with ledger.engine.connect() as connection:
        events = events_within(connection, call_id)
        state = state_after(call_within(connection, call_id), events)
    data = {"call_id": call_id, "event_number": state.last, "phase": state.call.phase, "decision_id": state.decision_id}
    return Message("state", events[-1].sequence, data, state.call.phase == "ended")


def begin_agent(ledger: Ledger, agent_id: str, sequence: int) -> Message:
    """Which calls an agent has, for a reader that comes anew; sequence: up to where all is told by that."""
    live = [
        {"call_id": one.call_id, "phase": one.phase, "event_number": events_of_call(ledger, one.call_id)[-1].number}
        for one in live_calls_of(ledger, agent_id)
    ]
    return Message("state", sequence, {"calls": live})

"""Whatever is sent to the doors of calls is answered below 500, and an error shows neither schema nor stack."""

from typing import Any

from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.ledger.call_kinds import CALL_REASONS, CALLER_ROLES, FLAGS, KINDS, TONES

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 70), 1 << 70),
    st.floats(allow_nan=False),
    st.text(max_size=80),
    st.sampled_from(["", "\x00", "' OR 1=1 --", "<script>", "🙂\u202e", "0001-01-01T00:00:00+14:00", "9999-12-31"]),
    st.lists(st.integers(), max_size=2),
)
WORDS = {
    "call_id": ["odd-1", "odd-2"], "customer_id": ["C00000001", "C00000002"], "kind": list(KINDS),
    "source": ["agent", "telephony", "service"], "agent_id": ["anna", "bert"], "reason": CALL_REASONS, "tone": TONES,
    "flag": FLAGS, "caller_role": CALLER_ROLES, "channel": ["voice", "app"], "queue": ["q"], "event_id": ["e1", "e2"],
    "at": ["2026-11-23T09:30:00Z", "1998-12-31T23:59:59"], "confidence": [0.5],
    "asked": [{"what": "limit", "amount_amt": 500}, {"what": "offer", "action_id": "NONE"}, {"what": "plan"}],
    "wrap_up": [{"outcome": "resolved", "note": "x" * 500}, {"outcome": "resolved", "follow_up_on": "9999-12-31"}],
    "queue_load": [{"waiting_count": 9, "agent_count": 1, "handling_seconds": 300}],
    "waiting_count": [0, 7], "agent_count": [3], "handling_seconds": [240.0], "arrivals_per_hour": [30.0],
}  # fmt: skip


def bodies(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies with these fields or some of them, most with a word that belongs there."""
    fields = {name: st.sampled_from(WORDS[name]) | ODD for name in names}
    return st.fixed_dictionaries({}, optional=fields)


RINGING = bodies("call_id", "customer_id", "agent_id", "reason", "caller_role", "channel", "queue", "queue_load")
EVENTS = bodies(
    "event_id", "kind", "source", "agent_id", "reason", "tone", "flag", "at", "confidence", "asked", "wrap_up"
)
LOADS = bodies("queue", "waiting_count", "agent_count", "handling_seconds", "arrivals_per_hour")


@settings(max_examples=30)
@given(RINGING, st.lists(EVENTS, max_size=3), LOADS)
def test_no_body_breaks_a_door(client: TestClient, ringing: dict, events: list[dict], load: dict):
    told = [("/v1/calls", {"call_id": "odd-1", "customer_id": "C00000001"}), ("/v1/calls", ringing)]
    told += [("/v1/calls/odd-1/events", one) for one in events] + [("/v1/queue", load)]
    for path, body in told:
        answer = client.post(path, json=body)
        assert answer.status_code < 500, (path, body, answer.text)
        if not answer.is_success:
            assert set(answer.json()) == {"error", "detail"}
            assert not any(word in answer.text for word in ("pydantic", "Traceback", "type_error"))
    assert client.get("/v1/calls/odd-1").status_code == 200

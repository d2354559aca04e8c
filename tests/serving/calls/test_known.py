"""What is known of a caller: open cases, the last contacts, and why they probably call; nothing where nothing is."""

from datetime import timedelta
from typing import Any

import pytest

from linewise.core.home import Home
from linewise.ledger.call_state import CallState
from linewise.ledger.call_telling import ring, tell
from linewise.ledger.calls import PhoneCall, Told
from linewise.ledger.store import Ledger, open_ledger
from serving.calls.known import KnownOfCaller, known_of_caller
from tests.serving.scoring.sights import NOW, facts

DAY = timedelta(days=1)


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return open_ledger(home)


def known(ledger: Ledger, *, reason: str | None = None, **tables: Any) -> KnownOfCaller:
    call = PhoneCall("now", "C1", rang_at=NOW, recorded_at=NOW)
    return known_of_caller(facts(**tables), ledger, CallState(call, True, "customer", reason), NOW)


def case(kind: str, opened_days: float, closed_days: float | None = None, recorded_days: float = 0) -> dict[str, Any]:
    closed = None if closed_days is None else NOW - closed_days * DAY
    moments = {"opened_at": NOW - opened_days * DAY, "closed_at": closed, "recorded_at": NOW - recorded_days * DAY}
    return {"kind": kind} | moments


def called(reason: str | None, days: float) -> dict[str, Any]:
    return {"reason": reason, "started_at": NOW - days * DAY, "recorded_at": NOW - days * DAY}


def test_nothing_is_known_of_who_never_called(ledger: Ledger):
    found = known(ledger)
    assert [list(found.cases), list(found.contacts), list(found.reasons)] == [[], [], []]


@pytest.mark.parametrize(
    ("cases", "open_"),
    [
        ([case("complaint", 3)], ["complaint"]),
        ([case("complaint", 3, closed_days=1)], []),
        ([case("complaint", 3, closed_days=-1)], ["complaint"]),
        ([case("complaint", 3, recorded_days=-1)], []),
        ([case("complaint", 9), case("fraud", 2)], ["fraud", "complaint"]),
    ],
)
def test_a_case_is_open_until_it_is_closed_and_known_once_it_stands_in_the_books(
    ledger: Ledger, cases: list[dict[str, Any]], open_: list[str]
):
    assert [one.kind for one in known(ledger, cases=cases).cases] == open_


def test_the_last_three_contacts_are_those_of_the_bank_and_of_the_ledger_without_this_call(ledger: Ledger):
    before = NOW - 2 * DAY
    with ledger.writing() as connection:
        for call_id, at in (("former", before), ("now", NOW)):
            ring(connection, PhoneCall(call_id, "C1", rang_at=at, recorded_at=at), NOW)
        tell(connection, "former", Told("e1", "reason", "telephony", before, before, details={"reason": "card"}), NOW)
    calls = [called("bill", 1), called(None, 5), called("limit", 9), called("bill", 20)]
    found = known(ledger, calls=calls)
    assert [one.reason for one in found.contacts] == ["bill", "card", ""]


def test_what_is_said_today_comes_before_what_is_open_and_that_before_what_they_used_to_call_about(ledger: Ledger):
    calls = [called("bill", 10), called("limit", 20), called("limit", 30), called("card", 500)]
    found = known(ledger, reason="balance", cases=[case("collections", 4)], calls=calls).reasons
    assert [(one.reason, one.rests_on, one.call_count) for one in found] == [
        ("balance", "menu", 0), ("payment_difficulty", "case", 0), ("limit", "calls", 2),
    ]  # fmt: skip

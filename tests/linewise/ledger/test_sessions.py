"""A session goes on while somebody is there, ends by itself, and its token stands nowhere."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from linewise.ledger.access_tables import sessions
from linewise.ledger.sessions import IDLE_AFTER, LONGEST, end_session, open_session, read_session, touch_session
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import NOW

MINUTE = timedelta(minutes=1)


def test_only_a_hash_of_the_token_is_kept(ledger: Ledger) -> None:
    token = open_session(ledger, "li.na", NOW)
    with ledger.engine.connect() as connection:
        row = connection.execute(select(sessions)).one()
    assert token not in str(row)
    assert len(token) >= 43


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(0), "live"),
        (IDLE_AFTER - timedelta(seconds=1), "live"),
        (IDLE_AFTER, "idle"),
        (LONGEST, "old"),
    ],
)
def test_a_session_of_whom_nothing_is_heard_ends_after_a_quarter_of_an_hour(
    ledger: Ledger, after: timedelta, state: str
) -> None:
    session = read_session(ledger, open_session(ledger, "li.na", NOW), NOW + after)
    assert session is not None
    assert (session.name, session.state) == ("li.na", state)
    assert (session.seconds_left > 0) is (state == "live")


def test_a_session_is_extended_all_day_and_ends_after_twelve_hours_all_the_same(ledger: Ledger) -> None:
    token, now = open_session(ledger, "li.na", NOW), NOW
    extended = 0
    while (session := read_session(ledger, token, now)) is not None and session.state == "live":
        touch_session(ledger, session, now, is_asked=True)
        now += 14 * MINUTE
        extended += 1
    assert extended > 10
    assert session is not None
    assert session.state == "old"
    assert LONGEST <= now - NOW < LONGEST + 14 * MINUTE


def test_many_requests_in_a_moment_write_once(ledger: Ledger) -> None:
    token = open_session(ledger, "li.na", NOW)
    for seconds, noted in ((5, 0), (19, 0), (20, 20), (30, 20)):
        now = NOW + timedelta(seconds=seconds)
        session = read_session(ledger, token, now)
        assert session is not None
        touch_session(ledger, session, now)
        again = read_session(ledger, token, now)
        assert again is not None
        assert again.seen_at == NOW + timedelta(seconds=noted)


def test_signing_out_ends_it_for_every_worker_and_no_request_brings_it_back(ledger: Ledger) -> None:
    token = open_session(ledger, "li.na", NOW)
    session = read_session(ledger, token, NOW)
    assert session is not None
    end_session(ledger, token, NOW)
    touch_session(ledger, session, NOW + MINUTE, is_asked=True)
    ended = read_session(ledger, token, NOW + MINUTE)
    assert ended is not None
    assert (ended.state, ended.seen_at) == ("ended", NOW)


@pytest.mark.parametrize("token", ["", "guessed", "é\udcff", "x" * 100_000])
def test_a_token_that_nobody_gave_is_nobodys(ledger: Ledger, token: str) -> None:
    open_session(ledger, "li.na", NOW)
    assert read_session(ledger, token, NOW) is None


def test_sessions_of_days_ago_are_forgotten(ledger: Ledger) -> None:
    token = open_session(ledger, "li.na", NOW)
    open_session(ledger, "wang.wei", NOW + timedelta(days=3))
    assert read_session(ledger, token, NOW + timedelta(days=3)) is None

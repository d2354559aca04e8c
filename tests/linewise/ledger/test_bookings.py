"""A booking spends what its quote reserved: once, for that amount, by that date; each mistake has its own answer."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linewise.core.errors import BudgetSpent, Conflict, LinewiseError, QuoteEnded, UnknownQuote, UsageError
from linewise.core.home import Home
from linewise.ledger.bookings import book, bookings_since, cancel_booking
from linewise.ledger.quotes import Quote, release_expired
from linewise.ledger.store import Ledger, open_ledger
from tests.linewise.ledger.promises import NOW, a_quote, booked, funded, quoted, stands, status_of

DAY = timedelta(days=1)


@pytest.fixture
def promised(ledger: Ledger) -> Ledger:
    """600 of 1,000 reserved by Q1."""
    funded(ledger)
    quoted(ledger, a_quote(), 600)
    return ledger


def test_a_booking_spends_what_was_reserved(promised: Ledger):
    made, is_new = booked(promised)
    assert (made.core_reference, made.exposure_amt, is_new) == ("core-1", 600, True)
    assert (stands(promised), status_of(promised)) == ((0, 600, 0), "booked")


def test_a_booking_sent_again_changes_nothing(promised: Ledger):
    first, _ = booked(promised)
    again, is_new = booked(promised, at=NOW + DAY)
    assert (again, is_new) == (first, False)
    assert stands(promised) == (0, 600, 0)


@pytest.mark.parametrize(
    ("changes", "error", "status", "said"),
    [
        ({"quote_id": "Q9"}, UnknownQuote, 404, "no quote 'Q9'"),
        ({"amount_amt": 599}, Conflict, 409, "stands for 600"),
        ({"amount_amt": 601}, Conflict, 409, "stands for 600"),
        ({"amount_amt": 0}, UsageError, 422, "0 minor units"),
        ({"amount_amt": -600}, UsageError, 422, "-600 minor units"),
        ({"amount_amt": 10**18}, UsageError, 422, "cannot be booked"),
        ({"reference": " "}, UsageError, 422, "core system's own name"),
        ({"at": NOW + 15 * DAY}, QuoteEnded, 409, "stood until 2026-12-07T09:30:00"),
    ],
)
def test_each_impossible_booking_has_its_own_answer(
    promised: Ledger, changes: dict[str, object], error: type[LinewiseError], status: int, said: str
):
    with pytest.raises(error, match=said) as told:
        booked(promised, **changes)
    assert told.value.http_status == status
    assert stands(promised) == (600, 0, 0)


def test_a_quote_is_booked_once(promised: Ledger):
    booked(promised)
    with pytest.raises(QuoteEnded, match="booked as 'core-1'"):
        booked(promised, reference="core-2")
    with pytest.raises(Conflict, match="'core-1' stands for 600"):
        booked(promised, amount_amt=601)
    quoted(promised, a_quote("Q2", "C2"), 100)
    with pytest.raises(Conflict, match="upon the quote Q1"):
        booked(promised, "Q2")
    assert stands(promised) == (100, 600, 0)


def test_a_booking_that_is_yet_to_come_is_refused(promised: Ledger):
    with pytest.raises(UsageError, match="yet to come"), promised.writing() as connection:
        book(connection, "Q1", 600, NOW + DAY, "core-1", NOW)


def test_a_booking_in_time_that_is_told_late_takes_again_what_was_given_back(promised: Ledger):
    release_expired(promised, NOW + 20 * DAY)
    with promised.writing() as connection:
        book(connection, "Q1", 600, NOW + DAY, "core-1", NOW + 20 * DAY)
    assert (stands(promised), status_of(promised)) == ((0, 600, 600), "booked")


def test_told_late_it_is_refused_where_the_budget_went_to_others_meanwhile(promised: Ledger):
    release_expired(promised, NOW + 20 * DAY)
    quoted(promised, a_quote("Q2", "C2"), 900)
    with pytest.raises(BudgetSpent, match="exposure-11"), promised.writing() as connection:
        book(connection, "Q1", 600, NOW + DAY, "core-1", NOW + 20 * DAY)
    assert stands(promised) == (900, 0, 600)


def test_a_booking_that_is_taken_back_frees_what_it_spent_once(promised: Ledger):
    with pytest.raises(Conflict, match="not booked"), promised.writing() as connection:
        cancel_booking(connection, "Q1", "cooling off", NOW)
    booked(promised)
    for is_first in (True, False):
        with promised.writing() as connection:
            assert cancel_booking(connection, "Q1", "cooling off", NOW) is is_first
    assert (stands(promised), status_of(promised)) == ((0, 0, 600), "cancelled")
    with promised.engine.connect() as connection:
        assert bookings_since(connection, NOW - DAY) == []
    with pytest.raises(QuoteEnded, match="cancelled: cooling off"):
        booked(promised, reference="core-2")


def test_of_plans_side_by_side_the_booked_one_ends_the_others(ledger: Ledger):
    for months in (12, 24, 36):
        action = f"PLAN-{months}"
        quoted(ledger, a_quote(f"Q{months}", kind="plan", action_id=action, slot=f"{action}:600"))
    booked(ledger, "Q24")
    assert [status_of(ledger, f"Q{months}") for months in (12, 24, 36)] == ["replaced", "booked", "replaced"]


def raised(**terms: int) -> Quote:
    """From 200 to 600."""
    return a_quote(terms={"current_amt": 200, "exposure_amt": 400} | terms)


@given(taken_amt=st.integers(201, 600), used_amt=st.integers(0, 1_000))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_not_taken_of_a_raise_is_given_back_to_the_unit(
    tmp_path_factory: pytest.TempPathFactory, taken_amt: int, used_amt: int
):
    ledger = open_ledger(Home(tmp_path_factory.mktemp("less")))
    funded(ledger)
    quoted(ledger, raised(), used_amt)
    made, is_new = booked(ledger, amount_amt=taken_amt)
    reserved, consumed, released = stands(ledger)
    ledger.close()
    assert (made.amount_amt, made.exposure_amt, is_new) == (taken_amt, taken_amt - 200, True)
    assert (reserved, consumed + released) == (0, used_amt)
    assert 0 <= consumed * 400 - used_amt * (taken_amt - 200) < 400


@pytest.mark.parametrize("amount_amt", [100, 200, 601])
def test_a_raise_is_booked_between_the_limit_of_today_and_its_quote(ledger: Ledger, amount_amt: int):
    funded(ledger)
    quoted(ledger, raised(), 400)
    with pytest.raises(Conflict, match="stands for 600"):
        booked(ledger, amount_amt=amount_amt)
    assert stands(ledger) == (400, 0, 0)


def test_of_an_expired_quote_only_what_is_booked_is_taken_again(ledger: Ledger):
    funded(ledger)
    quoted(ledger, raised(), 400)
    release_expired(ledger, NOW + 15 * DAY)
    booked(ledger, amount_amt=300)
    reserved, consumed, _ = stands(ledger)
    assert (reserved, consumed) == (0, 100)
    with ledger.writing() as connection:
        assert cancel_booking(connection, "Q1", "cooling off", NOW + 17 * DAY)
    assert stands(ledger)[:2] == (0, 0)

"""Raises stop by themselves above a bound, and go on only when a person says so."""

from datetime import timedelta
from pathlib import Path

import pytest

from linewise.core.errors import ApprovalMissing
from linewise.ledger.bookings import cancel_booking
from linewise.ledger.breaker import Bounds, Trip, booked_exposure_amt, check_breaker, counted_until, trips_of
from linewise.ledger.signing import PersonKey
from linewise.ledger.stops import lift, read_stops
from linewise.ledger.store import Ledger
from tests.linewise.ledger.promises import NOW, a_quote, booked, quoted
from tests.linewise.ledger.signers import a_cast

BOUNDS = Bounds(exposure_amt=1_000, early_loss_amt=50, days=30)
DAY = timedelta(days=1)


@pytest.fixture
def keys(ledger: Ledger, tmp_path: Path) -> dict[str, PersonKey]:
    return a_cast(ledger, tmp_path)


def raised(ledger: Ledger, number: int, amount_amt: int = 600, days_ago: int = 0) -> None:
    at = NOW - days_ago * DAY
    quoted(ledger, a_quote(f"Q{number}", f"C{number}", amount_amt=amount_amt, terms={"exposure_amt": amount_amt}))
    booked(ledger, f"Q{number}", amount_amt, f"core-{number}", at)


def checked(ledger: Ledger, early_loss_amt: int | None = None) -> Trip | None:
    with ledger.writing() as connection:
        return check_breaker(connection, BOUNDS, NOW, NOW, early_loss_amt)


def test_below_its_bound_the_breaker_holds_still(ledger: Ledger):
    raised(ledger, 1, 1_000)
    assert checked(ledger, early_loss_amt=50) is None


def test_above_it_raises_stop_and_say_why(ledger: Ledger):
    raised(ledger, 1)
    raised(ledger, 2)
    assert checked(ledger) == Trip("exposure", 1_200, 1_000, NOW)
    with ledger.engine.connect() as connection:
        stopped = read_stops(connection).kinds["limit"]
        assert len(trips_of(connection)) == 1
    assert (stopped.name, stopped.reason) == (
        "breaker",
        "exposure of 1200 minor units on raises, above the bound of 1000",
    )
    assert checked(ledger) is None  # stopped already: once is enough


def test_early_losses_stop_raises_too(ledger: Ledger):
    raised(ledger, 1)
    assert checked(ledger, early_loss_amt=51) == Trip("early_loss", 51, 50, NOW)
    with ledger.engine.connect() as connection:
        assert (counted_until(connection, "early_loss"), counted_until(connection, "exposure")) == (1, 0)


def test_a_person_lets_raises_go_on_and_the_count_begins_anew(ledger: Ledger, keys: dict[str, PersonKey]):
    raised(ledger, 1)
    raised(ledger, 2)
    checked(ledger)
    with pytest.raises(ApprovalMissing, match=r"ada \(policy_author\) cannot let limit go on"):
        lift(ledger, "action_kind", "limit", "all well", keys["ada"], NOW)
    lift(ledger, "action_kind", "limit", "looked at both", keys["sue"], NOW)
    assert checked(ledger) is None
    raised(ledger, 3)
    assert checked(ledger) is None
    raised(ledger, 4)
    assert checked(ledger) == Trip("exposure", 1_200, 1_000, NOW)


def test_what_was_booked_long_ago_or_taken_back_is_not_counted(ledger: Ledger):
    raised(ledger, 1, days_ago=30)
    raised(ledger, 2)
    raised(ledger, 3, 300)
    with ledger.writing() as connection:
        cancel_booking(connection, "Q3", "cooling off", NOW)
        assert booked_exposure_amt(connection, BOUNDS, NOW) == 600

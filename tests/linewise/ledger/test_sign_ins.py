"""Whoever tries passwords waits longer each time and is locked out, whichever worker is asked."""

from datetime import timedelta

from linewise.core.home import Home
from linewise.ledger.sign_ins import LOCKED_FOR, MOST_FAILURES, forgive, note_try
from linewise.ledger.store import Ledger, open_ledger
from tests.linewise.ledger.builders import NOW

SECOND = timedelta(seconds=1)


def waits(ledger: Ledger, name: str, count: int, address: str = "10.0.0.1") -> list[int]:
    """What each of so many failed tries is told to wait for, each made as soon as it may be."""
    told, now = [], NOW
    for _ in range(count):
        wait = note_try(ledger, name, address, now)
        told.append(wait)
        if wait:
            now += wait * SECOND
            assert note_try(ledger, name, address, now) == 0
    return told


def test_the_more_tries_failed_the_longer_the_next_one_waits_and_then_it_is_locked(ledger: Ledger) -> None:
    told = waits(ledger, "li.na", MOST_FAILURES + 1)
    assert told == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, LOCKED_FOR // SECOND]


def test_a_name_that_nobody_has_is_treated_the_same(ledger: Ledger) -> None:
    assert waits(ledger, "nobody", 5, "10.0.0.1") == waits(ledger, "li.na", 5, "10.0.0.2")


def test_failures_are_counted_for_all_workers_and_in_any_spelling(ledger: Ledger, home: Home) -> None:
    other = open_ledger(home)
    told = [note_try(one, name, "", NOW) for one, name in zip([ledger, other] * 2, ["li.na", "LI.NA"] * 2, strict=True)]
    assert told == [0, 0, 0, 2]
    other.close()


def test_asking_in_vain_does_not_lengthen_the_wait(ledger: Ledger) -> None:
    for _ in range(3):
        note_try(ledger, "li.na", "", NOW)
    assert [note_try(ledger, "li.na", "", NOW + SECOND) for _ in range(20)] == [1] * 20
    assert note_try(ledger, "li.na", "", NOW + 2 * SECOND) == 0


def test_who_signs_in_or_is_unlocked_begins_anew(ledger: Ledger) -> None:
    for _ in range(4):
        note_try(ledger, "li.na", "", NOW)
    forgive(ledger, "li.na")
    assert note_try(ledger, "li.na", "", NOW) == 0


def test_an_address_that_tries_a_hundred_names_is_locked_out(ledger: Ledger) -> None:
    told = [note_try(ledger, f"name-{number}", "10.0.0.9", NOW) for number in range(101)]
    assert told == [0] * 100 + [LOCKED_FOR // SECOND]
    assert note_try(ledger, "name-1", "10.0.0.8", NOW) == 0

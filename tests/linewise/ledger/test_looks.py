"""Looks are written down without the customer's name, found again by it, and outlive the customer's erasure."""

from datetime import timedelta

from linewise.ledger.erasing import erase_customer
from linewise.ledger.holds import legal_hold
from linewise.ledger.looks import Look, has_looked, looks_at, write_look
from linewise.ledger.record import RecordClass, write_decisions
from linewise.ledger.retention import purge
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import NOW, a_decision


def a_look(ledger: Ledger, customer_id: str = "C1", **changes: object) -> Look:
    given: dict = {"who": "li.na", "roles": "agent", "why": "reason", "at": NOW, "reason": "calls back"} | changes
    return Look(customer_token=ledger.keys.lookup(customer_id), **given)


def test_a_customer_is_found_in_the_looks_by_who_holds_the_keys_alone(ledger: Ledger) -> None:
    write_look(ledger, a_look(ledger))
    write_look(ledger, a_look(ledger, "C2", who="wang.wei"))
    assert [one["who"] for one in looks_at(ledger, customer_id="C1")] == ["li.na"]
    assert [one["who"] for one in looks_at(ledger)] == ["wang.wei", "li.na"]
    assert "C1" not in str(looks_at(ledger))


def test_the_report_shows_those_of_no_call_alone(ledger: Ledger) -> None:
    for why, second in (("live_call", ""), ("reason", ""), ("machine", ""), ("live_call", "sup")):
        write_look(ledger, a_look(ledger, why=why, second_person=second))
    assert [(one["why"], one["second_person"]) for one in looks_at(ledger, is_off_call=True)] == [
        ("live_call", "sup"),
        ("reason", ""),
    ]
    assert len(looks_at(ledger, most=2)) == 2
    assert looks_at(ledger, days=1, now=NOW + timedelta(days=2)) == []


def test_a_look_that_only_went_on_lets_nobody_go_on(ledger: Ledger) -> None:
    token = ledger.keys.lookup("C1")
    write_look(ledger, a_look(ledger, why="continued"))
    assert not has_looked(ledger, "li.na", token, NOW - timedelta(minutes=1))
    write_look(ledger, a_look(ledger, why="live_call"))
    assert has_looked(ledger, "li.na", token, NOW - timedelta(minutes=1))
    assert not has_looked(ledger, "wang.wei", token, NOW - timedelta(minutes=1))
    assert not has_looked(ledger, "li.na", token, NOW)


def test_nothing_leads_from_an_erased_customer_to_who_looked(ledger: Ledger) -> None:
    write_decisions(ledger, [a_decision("D1", "C1")])
    write_look(ledger, a_look(ledger))
    erasure = erase_customer(ledger, "C1", "request 1", "privacy", NOW)
    assert looks_at(ledger, customer_id="C1") == []
    assert [(one["customer_token"], one["reason"]) for one in looks_at(ledger)] == [(erasure.customer_ref, "")]
    assert erasure.other_rows == 1


def test_looks_run_out_with_what_is_kept_longest_but_for_a_customer_under_a_hold(ledger: Ledger) -> None:
    write_decisions(ledger, [a_decision("D1", "C1"), a_decision("D2", "C2")])
    legal_hold(ledger, "C2", "a lawsuit", "privacy", NOW)
    for customer_id in ("C1", "C2", "C3"):
        write_look(ledger, a_look(ledger, customer_id))
    years: dict[RecordClass, int] = {"full": 7, "batch": 3}
    purge(ledger, years, NOW + timedelta(days=7 * 365), "privacy")
    assert len(looks_at(ledger)) == 3
    purge(ledger, years, NOW + timedelta(days=7 * 366), "privacy")
    assert [one["customer_token"] for one in looks_at(ledger)] == [ledger.keys.lookup("C2")]

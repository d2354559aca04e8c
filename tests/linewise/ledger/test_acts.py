"""Erasing, holding and purging: what is gone is gone, what is held stays, and the chain verifies throughout."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linewise.core.errors import Conflict, NotFound, RecordGone, UsageError
from linewise.ledger.contacts import contacts_of
from linewise.ledger.erasing import erase_customer
from linewise.ledger.holds import hold_of, legal_hold, release_hold
from linewise.ledger.outcomes import outcomes_of
from linewise.ledger.record import decisions_of, read_decision, write_decisions
from linewise.ledger.retention import purge
from linewise.ledger.store import Ledger
from linewise.ledger.verifying import verify_record
from tests.linewise.ledger.builders import DECLINED, NOW, a_decision, write_outcome

WHEN = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
WHY = ("asked for it", "privacy.officer", WHEN)
YEARS = {"full": 7, "batch": 3, "service": 2}
WITH_NOTE = replace(DECLINED, note="says her husband is ill")


def test_a_hundred_customers_erased_the_chain_verifies_and_the_rest_is_read(ledger: Ledger):
    made = [a_decision(f"D{i}", f"C{i % 250}") for i in range(1_000)]
    write_decisions(ledger, made)
    for i in range(100):
        assert erase_customer(ledger, f"C{i}", *WHY).decisions == 4
    report = verify_record(ledger, opens_payloads=True)
    assert (report.is_whole, report.erased, report.acts) == (True, 400, 100)
    for one in made:
        if int(one.customer_id[1:]) < 100:
            with pytest.raises(RecordGone, match=r"erased on 2026-11-25 by privacy.officer \(asked for it\)"):
                read_decision(ledger, one.decision_id)
        else:
            assert read_decision(ledger, one.decision_id) == one


def test_nothing_readable_of_an_erased_customer_stays_in_the_files(ledger: Ledger):
    write_decisions(ledger, [a_decision("D1", "Li-Xiaoming-88"), a_decision("D2", "other")])
    write_outcome(ledger, replace(WITH_NOTE, customer_id="Li-Xiaoming-88"))
    erase_customer(ledger, "Li-Xiaoming-88", *WHY)
    folder = ledger.database.path.parent
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Li-Xiaoming-88" not in content
    assert b"husband" not in content


def test_what_an_erased_customer_answered_is_counted_under_nobody(ledger: Ledger):
    write_decisions(ledger, [a_decision("D1")])
    write_outcome(ledger, WITH_NOTE)
    erasure = erase_customer(ledger, "C1", *WHY)
    assert erasure.other_rows == 1
    assert contacts_of(ledger, ["C1"], NOW) == []
    assert [(one["customer_id"], one["note"]) for one in outcomes_of(ledger, "D1")] == [(erasure.customer_ref, "")]


def test_an_erased_customer_who_comes_back_is_a_new_one(ledger: Ledger):
    write_decisions(ledger, [a_decision("D1")])
    first = erase_customer(ledger, "C1", *WHY)
    write_decisions(ledger, [a_decision("D2")])
    assert [one.decision_id for one in decisions_of(ledger, "C1")] == ["D2"]
    assert erase_customer(ledger, "C1", *WHY).customer_ref != first.customer_ref
    assert verify_record(ledger).is_whole


def test_who_is_not_in_the_record_cannot_be_erased(ledger: Ledger):
    with pytest.raises(NotFound, match="'C9'"):
        erase_customer(ledger, "C9", *WHY)
    assert verify_record(ledger).acts == 0


@pytest.mark.parametrize(("reason", "by"), [("", "x"), ("x", " ")])
def test_an_act_names_who_and_why(ledger: Ledger, reason: str, by: str):
    write_decisions(ledger, [a_decision("D1")])
    for act in (erase_customer, legal_hold, release_hold):
        with pytest.raises(UsageError):
            act(ledger, "C1", reason, by, WHEN)


def test_a_held_customer_is_not_erased_until_the_hold_is_released(ledger: Ledger):
    write_decisions(ledger, [a_decision("D1")])
    legal_hold(ledger, "C1", "court file 7", "legal", WHEN)
    with pytest.raises(Conflict, match="since 2026-11-25 by legal: court file 7"):
        erase_customer(ledger, "C1", *WHY)
    with pytest.raises(Conflict, match="already"):
        legal_hold(ledger, "C1", "again", "legal", WHEN)
    release_hold(ledger, "C1", "settled", "legal", WHEN + timedelta(days=1))
    assert hold_of(ledger, "C1") is None
    with pytest.raises(Conflict, match="no legal hold"):
        release_hold(ledger, "C1", "again", "legal", WHEN)
    assert erase_customer(ledger, "C1", *WHY).decisions == 1
    assert verify_record(ledger).is_whole


def test_each_class_is_kept_for_its_years_and_a_held_customer_longer(ledger: Ledger):
    old = NOW - timedelta(days=366 * 4)
    write_decisions(
        ledger,
        [
            a_decision("full", "C1", decided_at=old),
            a_decision("batch", "C1", decided_at=old, record_class="batch"),
            a_decision("young", "C1", record_class="batch"),
            a_decision("held", "C2", decided_at=old, record_class="batch"),
            a_decision("service", "C3", decided_at=old, record_class="service"),
        ],
    )
    legal_hold(ledger, "C2", "court file 7", "legal", WHEN)
    assert purge(ledger, YEARS, NOW, "records.office") == {"full": 0, "batch": 1, "service": 1}
    for decision_id in ("full", "young", "held"):
        read_decision(ledger, decision_id)
    for decision_id in ("batch", "service"):
        with pytest.raises(RecordGone, match="not kept as long"):
            read_decision(ledger, decision_id)
    report = verify_record(ledger)
    assert (report.is_whole, report.past_retention) == (True, 2)
    assert purge(ledger, YEARS, NOW, "records.office") == {"full": 0, "batch": 0, "service": 0}


def test_a_tombstone_or_a_purge_that_was_slipped_in_is_found(ledger: Ledger):
    write_decisions(ledger, [a_decision("D1")])
    with ledger.writing() as connection:
        connection.exec_driver_sql(
            "insert into record_events select segment_id, 2, 'erase', customer_ref, 'x', decided_at, 'y', null, link "
            "from decisions"
        )
        connection.exec_driver_sql("update decisions set payload = null")
    assert [(one.kind, one.sequence) for one in verify_record(ledger).findings] == [("record_rewritten", 2)]

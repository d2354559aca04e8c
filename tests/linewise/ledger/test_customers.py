"""The keys of customers: remembered for a while, and never beyond the customer's erasure."""

import gc
import weakref
from collections import Counter
from datetime import UTC, datetime

import pytest

from linewise.core.home import Home
from linewise.ledger import customers
from linewise.ledger.erasing import erase_customer
from linewise.ledger.keys import FileKeys
from linewise.ledger.payload import PayloadKeys
from linewise.ledger.record import read_decision, write_decisions
from linewise.ledger.store import Ledger, open_ledger
from tests.linewise.ledger.builders import a_decision

WHY = ("asked for it", "privacy.officer", datetime(2026, 11, 25, 8, 0, tzinfo=UTC))


def key_in_memory(ledger: Ledger, customer_id: str) -> "weakref.ref[PayloadKeys]":
    """What the ledger remembers of a customer's key, without keeping it alive."""
    with ledger.engine.connect() as connection:
        return weakref.ref(ledger.writer.customers.find(connection, [customer_id])[customer_id].payload)


def is_gone(key: "weakref.ref[PayloadKeys]") -> bool:
    gc.collect()
    return key() is None


def test_an_erased_customer_s_key_is_in_no_memory_of_the_process_that_erased(ledger: Ledger):
    write_decisions(ledger, [a_decision("D1"), a_decision("D2", "C2")])
    read_decision(ledger, "D1")
    key = key_in_memory(ledger, "C1")
    assert not is_gone(key)
    erase_customer(ledger, "C1", *WHY)
    assert is_gone(key)


def test_a_key_that_another_process_destroyed_is_forgotten_after_a_while(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
):
    write_decisions(ledger, [a_decision("D1"), a_decision("D2", "C2")])
    key, other = key_in_memory(ledger, "C1"), open_ledger(home)
    erase_customer(other, "C1", *WHY)
    other.close()
    read_decision(ledger, "D2")
    assert not is_gone(key)
    later = customers.time.monotonic() + customers.KEPT_SECONDS + 1
    monkeypatch.setattr(customers.time, "monotonic", lambda: later)
    read_decision(ledger, "D2")
    assert is_gone(key)


def test_no_more_keys_are_remembered_than_the_bound(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(customers, "MOST_KEPT", 3)
    write_decisions(ledger, [a_decision(f"D{number}", f"C{number}") for number in range(7)])
    first = key_in_memory(ledger, "C0")
    assert not is_gone(first)
    for number in range(1, 4):
        read_decision(ledger, f"D{number}")
    assert is_gone(first)


def test_a_key_service_is_asked_once_for_a_customer_who_calls_again(home: Home, monkeypatch: pytest.MonkeyPatch):
    ledger = open_ledger(home)
    write_decisions(ledger, [a_decision("D1"), a_decision("D2", "C2")])
    unwrap, asked = FileKeys.unwrap, Counter[bytes]()

    def counted(self: FileKeys, wrapped: bytes) -> bytes:
        asked[wrapped] += 1
        return unwrap(self, wrapped)

    monkeypatch.setattr(FileKeys, "unwrap", counted)
    for _ in range(3):
        read_decision(ledger, "D1")
        read_decision(ledger, "D2")
    assert sorted(asked.values()) == [1, 1]
    ledger.close()

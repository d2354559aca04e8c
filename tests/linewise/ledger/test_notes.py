"""No door can store a number of a customer: the ledger takes it out of every note on its way in."""

from dataclasses import replace

from linewise.ledger import layout
from linewise.ledger.acts import events_on
from linewise.ledger.holds import legal_hold
from linewise.ledger.notes import Note
from linewise.ledger.outcomes import outcomes_of
from linewise.ledger.schema import SCHEMA
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import DECLINED, NOW, write_outcome

TOLD = "打 13812345678，卡 4111-1111-1111-1111"
KEPT = "打 [phone …5678]，卡 [card …1111]"

SCRUBBED_BEFORE = {"record_events", "stops"}
"""Their reasons are bound by a chain or a signature, so they are scrubbed before that."""

OF_NO_CUSTOMER = {"budget_proposals"}
"""People sign what stands there, word for word, and it is about an amount of the whole bank."""


def test_whatever_somebody_types_goes_into_a_column_that_scrubs() -> None:
    assert layout.ROOMS
    forgetting = [
        f"{table.name}.{column.name}"
        for table in SCHEMA.sorted_tables
        if table.name not in SCRUBBED_BEFORE | OF_NO_CUSTOMER
        for column in table.columns
        if column.name in {"note", "reason", "reasons", "evidence"} and not isinstance(column.type, Note)
    ]
    assert forgetting == []


def test_an_outcome_keeps_its_note_without_the_numbers(ledger: Ledger) -> None:
    write_outcome(ledger, replace(DECLINED, note=TOLD))
    assert [one["note"] for one in outcomes_of(ledger, "D1")] == [KEPT]


def test_a_reason_is_scrubbed_before_the_chain_binds_it(ledger: Ledger) -> None:
    legal_hold(ledger, "C1", TOLD, "privacy", NOW)
    with ledger.engine.connect() as connection:
        reference = ledger.writer.customers.find(connection, ["C1"])["C1"].customer_ref
        assert [one.reason for one in events_on(connection, reference)] == [KEPT]

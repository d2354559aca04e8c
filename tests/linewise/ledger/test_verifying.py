"""The record proves itself: what was rewritten, moved, cut off or taken away is found and named."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.ledger.chain import decision_body, genesis, link_of
from linewise.ledger.checkpoints import CHECKPOINTS_FILE
from linewise.ledger.findings import VerifyReport
from linewise.ledger.record import write_decisions
from linewise.ledger.segments import SEAL_AFTER_ENTRIES
from linewise.ledger.store import Ledger, open_ledger
from linewise.ledger.verifying import record_size, verify_record
from tests.linewise.ledger.builders import a_decision

SOME = 12


def written(home: Home, *batches: int, closes: bool = True) -> None:
    """One segment a batch, each of so many decisions, `D<segment>-<sequence>`."""
    for segment_id, count in enumerate(batches, start=1):
        ledger = open_ledger(home)
        for sequence in range(1, count + 1):
            write_decisions(ledger, [a_decision(f"D{segment_id}-{sequence}", f"C{sequence % 3}")])
        if closes:
            ledger.close()


def verified(home: Home, **options: bool) -> VerifyReport:
    ledger = open_ledger(home)
    try:
        return verify_record(ledger, **options)
    finally:
        ledger.close()


def found(home: Home, **options: bool) -> list[tuple[str, int, int]]:
    return [(one.kind, one.segment_id, one.sequence) for one in verified(home, **options).findings]


def tamper(home: Home, *statements: str) -> None:
    database = sqlite3.connect(home.ledger_path)
    with database:
        for statement in statements:
            database.execute(statement)
    database.close()


def outside(home: Home) -> Path:
    return home.checkpoints_dir / CHECKPOINTS_FILE


def test_an_untouched_record_is_whole_and_says_what_it_holds(home: Home):
    written(home, SOME, 3)
    report = verified(home, opens_payloads=True)
    assert report.is_whole
    assert (report.segments, report.decisions, report.checkpoints, report.unsealed) == (2, SOME + 3, 4, 0)


def test_an_empty_record_is_whole(home: Home):
    assert verified(home).is_whole


def test_a_record_is_verified_while_its_writer_goes_on(home: Home, ledger: Ledger):
    write_decisions(ledger, [a_decision(f"D{i}") for i in range(5)])
    report = verify_record(ledger)
    assert (report.is_whole, report.unsealed, record_size(ledger)) == (True, 5, 5)


SWAP = (
    "update decisions set sequence = 100 where sequence = 5",
    "update decisions set sequence = 5 where sequence = {other}",
    "update decisions set sequence = {other} where sequence = 100",
)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["update decisions set channel = 'app' where sequence = 5"], [("record_rewritten", 1, 5)]),
        (["update decisions set decided_at = decided_at + 1 where sequence = 1"], [("record_rewritten", 1, 1)]),
        (["update decisions set customer_ref = 'x' where sequence = 5"],
         [("key_missing", 1, 5), ("record_rewritten", 1, 5)]),
        (["update decisions set commitment = payload_digest where sequence = 5"], [("record_rewritten", 1, 5)]),
        (["update decisions set link = commitment where sequence = 5"], [("record_rewritten", 1, 5)]),
        (["update decisions set payload = x'00' where sequence = 5"], [("payload_rewritten", 1, 5)]),
        (["update decisions set payload = null where sequence = 5"], [("payload_missing", 1, 5)]),
        (["delete from record_customers"], [("key_missing", 1, n) for n in range(1, SOME + 1)]),
        (["delete from decisions where sequence = 1"], [("record_missing", 1, 1)]),
        (["delete from decisions where sequence between 5 and 7"], [("record_missing", 1, 5)]),
        (["delete from decisions where sequence > 10"], [("tail_missing", 1, 11)]),
        (["delete from decisions"], [("tail_missing", 1, 1)]),
        ([line.format(other=9) for line in SWAP], [("record_moved", 1, 5), ("record_moved", 1, 9)]),
        ([line.format(other=6) for line in SWAP], [("record_moved", 1, 5), ("record_moved", 1, 6)]),
        (["delete from record_segments"],
         [("segment_missing", 1, 0), ("record_rewritten", 1, 0), ("record_rewritten", 1, 1)]),
        (["delete from record_segments", "delete from decisions", "delete from record_checkpoints where number = 0"],
         [("checkpoint_missing", 1, 0), ("segment_missing", 1, 0), ("record_rewritten", 1, 0), ("tail_missing", 1, 1)]),
        (["delete from record_checkpoints where number = 0"], [("checkpoint_missing", 1, 0)]),
        (["update record_checkpoints set line = replace(line, '\"sequence\":12', '\"sequence\":11')"],
         [("checkpoint_forged", 1, 1)]),
    ],
)  # fmt: skip
def test_tampering_with_the_database_is_found_and_named(
    home: Home, statements: list[str], expected: list[tuple[str, int, int]]
):
    written(home, SOME)
    tamper(home, *statements)
    assert sorted(found(home)) == sorted(expected)


def test_a_rewritten_middle_that_was_chained_anew_does_not_end_where_the_seal_says(home: Home):
    written(home, SOME)
    database = sqlite3.connect(home.ledger_path)
    with database:
        database.execute("update decisions set channel = 'app' where sequence = 5")
        writer = database.execute("select writer from record_segments").fetchone()[0]
        head = genesis(1, writer).head
        for row in database.execute("select * from decisions order by sequence").fetchall():
            head = link_of(head, 1, row[1], decision_body(*row[2:12]))
            database.execute("update decisions set link = ? where sequence = ?", (head, row[1]))
    database.close()
    report = verified(home)
    assert [(one.kind, one.sequence) for one in report.findings] == [("record_rewritten", SOME)]
    assert "Records 1 to 12 were rewritten and chained anew" in report.findings[0].says


def test_a_payload_sealed_anew_by_whoever_has_the_database_alone_does_not_fit_its_commitment(home: Home):
    written(home, 2)
    tamper(
        home,
        "update decisions set payload = (select payload from decisions where sequence = 2), payload_digest = "
        "(select payload_digest from decisions where sequence = 2) where sequence = 1",
    )
    assert sorted(found(home)) == [("record_rewritten", 1, 1)]
    assert sorted(found(home, opens_payloads=True)) == [("payload_rewritten", 1, 1), ("record_rewritten", 1, 1)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda lines: lines[:1], [("checkpoint_missing", 1, 1)]),
        (lambda lines: lines[1:], [("checkpoint_missing", 1, 0)]),
        (lambda lines: [], [("checkpoint_missing", 1, 0), ("checkpoint_missing", 1, 1)]),
        (lambda lines: [lines[0], lines[1].replace('"sequence":12', '"sequence":3')], [("checkpoint_forged", 1, 1)]),
    ],
    ids=["last", "first", "all", "changed"],
)  # fmt: skip
def test_tampering_with_the_checkpoints_outside_is_found_and_named(
    home: Home, change: Callable[[list[str]], list[str]], expected: list[tuple[str, int, int]]
):
    written(home, SOME)
    lines = outside(home).read_text().splitlines()
    outside(home).write_text("".join(f"{line}\n" for line in change(lines)))
    assert sorted(found(home)) == sorted(expected)


def test_a_checkpoint_that_is_missing_on_both_sides_is_found_by_its_number(home: Home):
    ledger = open_ledger(home)
    for batch in range(3):
        write_decisions(ledger, [a_decision(f"D{batch}-{i}") for i in range(SEAL_AFTER_ENTRIES)])
    ledger.close()
    assert verified(home).checkpoints == 4
    tamper(home, "delete from record_checkpoints where number = 2")
    lines = outside(home).read_text().splitlines()
    outside(home).write_text("".join(f"{line}\n" for line in lines if json.loads(line)["number"] != 2))
    report = verified(home)
    assert [(one.kind, one.sequence) for one in report.findings] == [("checkpoint_missing", 2)]
    assert "in the database and outside" in report.findings[0].says


def test_a_whole_segment_that_is_gone_from_the_database_is_known_from_outside(home: Home):
    written(home, 3, 3, 3)
    tables = ("decisions", "record_segments", "record_checkpoints")
    tamper(home, *(f"delete from {table} where segment_id = 3" for table in tables))
    assert {kind for kind, segment_id, _ in found(home) if segment_id == 3} >= {"segment_missing", "tail_missing"}


def test_an_older_copy_of_the_database_is_found_out(home: Home):
    written(home, 5)
    before = home.ledger_path.read_bytes()
    ledger = open_ledger(home)
    write_decisions(ledger, [a_decision("late")])
    ledger.close()
    home.ledger_path.write_bytes(before)
    assert ("segment_missing", 2, 0) in found(home)


def test_the_tail_of_a_writer_that_was_killed_is_witnessed_by_the_next_one(home: Home):
    killed = open_ledger(home)
    write_decisions(killed, [a_decision(f"D{i}") for i in range(4)])
    killed._ending.detach()  # as kill -9: no last checkpoint
    nexts = open_ledger(home)
    write_decisions(nexts, [a_decision("next")])
    nexts.close()
    assert verified(home).is_whole
    tamper(home, "delete from decisions where segment_id = 1 and sequence > 2")
    report = verified(home)
    assert [(one.kind, one.segment_id, one.sequence) for one in report.findings] == [("tail_missing", 1, 3)]
    assert "the opening of segment 2" in report.findings[0].says


def test_records_put_behind_a_closed_segment_are_found(home: Home):
    written(home, 3)
    database = sqlite3.connect(home.ledger_path)
    with database:
        row = list(database.execute("select * from decisions where sequence = 3").fetchone())
        row[1], row[2] = 4, "forged"
        row[12] = link_of(row[12], 1, 4, decision_body(*row[2:12]))
        database.execute(f"insert into decisions values ({', '.join('?' * len(row))})", row)
    database.close()
    assert found(home) == [("record_added", 1, 4)]


def test_a_line_that_a_power_cut_left_half_written_is_closed_off_and_said(home: Home):
    written(home, 3)
    with outside(home).open("a") as file:
        file.write('{"half')
    ledger = open_ledger(home)
    write_decisions(ledger, [a_decision("next")])
    ledger.close()
    report = verified(home)
    assert report.is_whole
    assert any("Line 3" in note for note in report.notes)

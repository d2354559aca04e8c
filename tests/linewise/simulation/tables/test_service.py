from collections import Counter

from linewise.simulation.lives.record import CALL, CALL_REASONS, CASE, CASES
from linewise.simulation.tables.service import call_table, case_table
from tests.linewise.simulation.tables.builders import WORLD, at_s, chunk_of, event, moment, person

NOON = at_s("2026-03-05 12:00")
CROWD = [person(number) for number in range(1, 3_001)]


def test_a_call_is_known_when_it_has_ended() -> None:
    fields = {"a": CALL_REASONS.index("bill"), "b": 2, "c": 1, "d": 7, "e": 185, "f": 1}
    row = call_table(chunk_of([person(4)], events=[event(CALL, NOON, **fields)])).to_pylist()[0]
    assert (row["call_id"], row["agent_id"]) == ("CA000000040000", "agent-007")
    assert (row["reason"], row["tone"], row["outcome"]) == ("bill", "upset", "passed_on")
    assert row["ended_at"] == row["recorded_at"] == moment(NOON + 185)


def test_a_case_is_closed_when_it_was_and_open_otherwise() -> None:
    kinds = [("complaint", NOON + 900), ("hardship", -1), ("fraud", WORLD.calendar.data_until_s + 9)]
    events = [event(CASE, NOON + i, a=CASES.index(kind), g=end) for i, (kind, end) in enumerate(kinds)]
    rows = case_table(chunk_of([person(4)], events=events)).to_pylist()
    of_lives = {row["kind"]: row["closed_at"] for row in rows if row["opened_at"] < moment(NOON + 9)}
    assert of_lives["complaint"] == moment(NOON + 900)
    assert of_lives["hardship"] is None
    assert of_lives["fraud"] is None


def test_cards_are_lost_payments_disputed_and_suspicions_come_to_nothing() -> None:
    rows = case_table(chunk_of(CROWD)).to_pylist()
    counts = Counter(row["kind"] for row in rows)
    assert set(counts) == {"dispute", "lost_card", "fraud", "bereavement"}
    assert counts["lost_card"] > counts["fraud"] > counts["bereavement"] > 0
    assert any(row["closed_at"] is None for row in rows)
    assert any(row["closed_at"] is not None for row in rows)


def test_nothing_happens_to_a_card_before_it_is_opened() -> None:
    day = WORLD.calendar.last_day - 30
    rows = case_table(chunk_of([person(i, card_day=day, since_day=day) for i in range(1, 3_001)])).to_pylist()
    opened = WORLD.calendar.midnight_s(day + 1)
    assert rows
    assert min(row["opened_at"] for row in rows) >= moment(int(opened))

from collections import Counter

import numpy as np
import pytest

from linewise.simulation.lives.record import DECISIONS, LIMIT_CHANGE, LIMIT_REASONS, LIMIT_REQUEST, REFUSALS, REQUESTS
from linewise.simulation.tables.chunk import DAY_US, Chunk, Happenings
from linewise.simulation.tables.limits import limit_change_table, limit_request_table, told_us
from tests.linewise.simulation.tables.builders import WORLD, at_s, chunk_of, event, moment, person, texts

NOON = at_s("2026-03-05 12:00")
CROWD = [person(number) for number in range(1, 1_001)]


def _changes(reason: str, new_amt: int) -> tuple[Chunk, Happenings]:
    fields = {"a": 2_000_000, "b": new_amt, "c": 1, "d": LIMIT_REASONS.index(reason)}
    chunk = chunk_of(CROWD, events=[event(LIMIT_CHANGE, NOON, person=i, **fields) for i in range(len(CROWD))])
    return chunk, chunk.events(LIMIT_CHANGE)


def test_a_change_of_the_limit_says_who_began_it_and_why() -> None:
    fields = {"a": 2_000_000, "b": 2_500_000, "c": 1, "d": LIMIT_REASONS.index("randomised")}
    row = limit_change_table(chunk_of([person(5)], events=[event(LIMIT_CHANGE, NOON, **fields)])).to_pylist()[0]
    assert (row["old_limit_amt"], row["new_limit_amt"]) == (2_000_000, 2_500_000)
    assert (row["initiated_by"], row["decision"], row["account_id"]) == ("bank", "randomised", "K00000005")


def test_most_cuts_of_dormant_lines_are_told_ten_days_ahead_and_a_few_too_late() -> None:
    chunk, changes = _changes("dormant", 1_000_000)
    days_ahead = (changes.at_us - told_us(chunk, changes)) / DAY_US
    assert 0.9 < (days_ahead > 9).mean() < 1.0
    assert 0 < ((days_ahead > 0) & (days_ahead < 3)).mean() < 0.06


def test_a_cut_that_is_told_ahead_is_in_the_books_ahead() -> None:
    chunk, _ = _changes("dormant", 1_000_000)
    table = limit_change_table(chunk)
    assert all(
        recorded < changed
        for recorded, changed in zip(texts(table, "recorded_at"), texts(table, "changed_at"), strict=True)
    )


@pytest.mark.parametrize(("reason", "new_amt", "most_days"), [("rule", 3_000_000, 1), ("risk", 500_000, 30)])
def test_raises_are_told_at_once_and_cuts_within_thirty_days_but_for_a_few(
    reason: str, new_amt: int, most_days: int
) -> None:
    chunk, changes = _changes(reason, new_amt)
    days = (told_us(chunk, changes) - changes.at_us) / DAY_US
    assert (days > 0).all()
    assert 0.9 < (days < most_days).mean() < 1.0


def test_a_refused_request_carries_the_reason_and_no_amount() -> None:
    fields = {
        "a": REQUESTS.index("increase"), "b": 4_000_000, "c": -1, "d": -1, "e": DECISIONS.index("refused"),
        "f": REFUSALS.index("TOO_SOON"),
    }  # fmt: skip
    row = limit_request_table(chunk_of([person(5)], events=[event(LIMIT_REQUEST, NOON, **fields)])).to_pylist()[0]
    assert (row["kind"], row["decision"], row["reason_codes"]) == ("increase", "refused", "TOO_SOON")
    assert (row["offered_amt"], row["taken_amt"], row["term_months"]) == (None, None, None)
    assert row["account_id"] == "K00000005"
    assert row["requested_at"] == moment(NOON)


def test_a_loan_is_asked_for_without_an_account_and_with_a_term() -> None:
    fields = {"a": REQUESTS.index("loan"), "b": 4_000_000, "c": 4_000_000, "d": 4_000_000, "f": -1, "g": 24}
    row = limit_request_table(chunk_of([person()], events=[event(LIMIT_REQUEST, NOON, **fields)])).to_pylist()[0]
    assert (row["account_id"], row["term_months"], row["taken_amt"]) == (None, 24, 4_000_000)


def test_a_card_opened_in_the_data_was_asked_for_and_at_times_for_more() -> None:
    day = WORLD.calendar.first_day + 30
    table = limit_request_table(chunk_of([person(i, card_day=day, since_day=day) for i in range(1, 201)]))
    assert Counter(texts(table, "kind")) == {"new_line": 200}
    asked, taken = np.array(texts(table, "asked_amt")), np.array(texts(table, "taken_amt"))
    assert (asked >= taken).all()
    assert [one == "countered" for one in texts(table, "decision")] == (asked > taken).tolist()
    assert 0.2 < (asked > taken).mean() < 0.6


def test_a_card_from_before_the_data_brings_no_request() -> None:
    assert limit_request_table(chunk_of([person()])).num_rows == 0

from collections import Counter
from datetime import timedelta

from linewise.simulation.lives.record import (
    CASE,
    CASES,
    DECISIONS,
    LIMIT_CHANGE,
    LIMIT_REASONS,
    LIMIT_REQUEST,
    PLAN,
    PLANS,
    REQUESTS,
)
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.tables.notices import notice_table
from tests.linewise.simulation.tables.builders import AMERICAN, WORLD, at_s, chunk_of, event, lives_of, moment, person

NOON = at_s("2026-03-05 12:00")
CROWD = [person(number) for number in range(1, 501)]


def _sent(purpose: str, events: list[dict[str, object]], *, is_american: bool = False) -> list[float]:
    """Days from noon to each notice of that purpose."""
    lives = lives_of(CROWD, events=events)
    rows = notice_table(Chunk(AMERICAN if is_american else WORLD, lives)).to_pylist()
    return [(row["sent_at"] - moment(NOON)) / timedelta(days=1) for row in rows if row["purpose"] == purpose]


def _of_all(kind: int, **fields: int) -> list[dict[str, object]]:
    return [event(kind, NOON, person=i, **fields) for i in range(len(CROWD))]


def test_privacy_is_told_with_the_card_and_once_a_year() -> None:
    rows = notice_table(chunk_of(CROWD)).to_pylist()
    assert {row["purpose"] for row in rows} == {"privacy"}
    by_customer = Counter(row["customer_id"] for row in rows)
    assert by_customer.most_common(1)[0][1] == 2
    assert 0.97 < len(rows) / 1_000 < 1.0


def test_a_cut_of_a_dormant_line_is_told_before_it_is_made() -> None:
    fields = {"a": 2_000_000, "b": 1_000_000, "c": 1, "d": LIMIT_REASONS.index("dormant")}
    days = _sent("limit_cut_dormant", _of_all(LIMIT_CHANGE, **fields))
    assert len(days) > 480
    assert max(days) < 0


def test_a_complaint_is_answered_within_fifteen_days_but_for_a_few() -> None:
    days = _sent("complaint_answer", _of_all(CASE, a=CASES.index("complaint"), g=-1))
    late = sum(one > 15 for one in days)
    assert 0 < late < 0.07 * len(days)


def test_a_refusal_is_explained_within_thirty_days_in_america_but_for_a_few_and_at_once_in_china() -> None:
    refused = {"a": REQUESTS.index("increase"), "d": -1, "e": DECISIONS.index("refused"), "f": 0}
    days = _sent("adverse_action", _of_all(LIMIT_REQUEST, **refused), is_american=True)
    assert 0 < sum(one > 30 for one in days) < 0.07 * len(days)
    at_home = _sent("adverse_action", _of_all(LIMIT_REQUEST, **refused))
    assert sorted(at_home)[len(at_home) // 2] < 1


def test_a_counter_offer_that_was_taken_needs_no_notice_and_one_that_was_not_does() -> None:
    countered = {"a": REQUESTS.index("increase"), "e": DECISIONS.index("countered"), "f": -1}
    assert not _sent("counter_offer", _of_all(LIMIT_REQUEST, d=2_000_000, **countered))
    assert len(_sent("counter_offer", _of_all(LIMIT_REQUEST, d=-1, **countered))) > 480


def test_the_terms_of_a_plan_follow_within_hours_but_for_a_few() -> None:
    days = _sent("credit_cost", _of_all(PLAN, a=PLANS.index("statement")))
    assert 0 < sum(one > 1 for one in days) < 0.07 * len(days)
    assert len(_sent("art70_terms", _of_all(PLAN, a=PLANS.index("art70")))) > 480


def test_a_notice_that_would_go_out_after_the_end_of_the_data_is_not_there() -> None:
    last = WORLD.calendar.data_until_s - 60
    events = [event(PLAN, last, person=i, a=PLANS.index("cash")) for i in range(len(CROWD))]
    assert not _sent("credit_cost", events)

from collections import Counter

import numpy as np

from linewise.simulation.lives.record import PLAN, PLANS
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.tables.consents import consent_table
from tests.linewise.simulation.tables.builders import (
    AMERICAN,
    WORLD,
    at_s,
    chunk_of,
    event,
    lives_of,
    moment,
    person,
    texts,
)

NOON = at_s("2026-03-05 12:00")
CROWD = [person(number, employment=2 * (number % 10 == 0)) for number in range(1, 1_001)]


def test_each_purpose_has_customers_who_agreed_who_did_not_and_who_took_it_back() -> None:
    rows = consent_table(chunk_of(CROWD)).to_pylist()
    given = Counter(row["purpose"] for row in rows if row["text_version"] < "2026")
    back = Counter(row["purpose"] for row in rows if row["withdrawn_at"] is not None)
    for purpose in ("marketing", "profiling", "credit_enquiry", "limit_increase", "sensitive_data", "over_limit"):
        assert 0 < given[purpose] < 1_000 + back[purpose]
        assert 0 < back[purpose] < 0.2 * given[purpose]


def test_purposes_are_those_of_the_country() -> None:
    here = set(texts(consent_table(chunk_of(CROWD)), "purpose"))
    there = set(texts(consent_table(Chunk(AMERICAN, lives_of(CROWD))), "purpose"))
    assert here - there == {"sensitive_data", "automated_decision", "limit_cut_when_dormant"}
    assert there - here == {"automated_calls", "prescreen"}


def test_only_of_students_a_second_repayer_is_asked_and_not_all_have_one() -> None:
    rows = [row for row in consent_table(chunk_of(CROWD)).to_pylist() if row["purpose"] == "second_repayer"]
    assert {int(row["customer_id"][1:]) % 10 for row in rows} == {0}
    assert 40 < len({row["customer_id"] for row in rows}) < 90
    assert {row["channel"] for row in rows if row["withdrawn_at"] is None} <= {"branch", "app"}


def test_boxes_ticked_in_advance_are_common_only_before_they_were_forbidden() -> None:
    new = [person(number, card_day=WORLD.calendar.first_day) for number in range(1, 1_001)]
    before = np.mean(texts(consent_table(chunk_of(CROWD)), "is_own_act"))
    since = np.mean(texts(consent_table(chunk_of(new)), "is_own_act"))
    assert before < 0.9
    assert 0.97 < since < 1.0


def test_what_was_taken_back_may_be_given_anew_later_by_another_act() -> None:
    rows = consent_table(chunk_of(CROWD)).to_pylist()
    acts: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in rows:
        acts.setdefault((row["customer_id"], row["purpose"]), []).append(row)
    twice = [pair for pair in acts.values() if len(pair) == 2]
    assert twice
    for first, second in twice:
        assert first["withdrawn_at"] is not None
        assert first["withdrawn_at"] < second["given_at"]
        assert second["withdrawn_at"] is None


def test_each_plan_was_confirmed_by_the_customer_just_before_but_for_a_few() -> None:
    kinds = [("cash", "instalment"), ("loan", "loan_contract"), ("art70", "art70_terms")]
    events = [
        event(PLAN, NOON + i, person=who, a=PLANS.index(kind))
        for who in range(len(CROWD))
        for i, (kind, _) in enumerate(kinds)
    ]
    rows = consent_table(chunk_of(CROWD, events=events)).to_pylist()
    confirmed = Counter(row["purpose"] for row in rows if row["given_at"] > moment(NOON - 700))
    for _, purpose in kinds:
        assert 960 < confirmed[purpose] < 1_000
    scopes = {row["purpose"]: row["scope"] for row in rows}
    assert (scopes["instalment"], scopes["art70_terms"]) == ("cash", "art70")


def test_no_consent_is_taken_back_after_the_end_of_the_data() -> None:
    day = WORLD.calendar.last_day - 2
    rows = consent_table(chunk_of([person(i, card_day=day) for i in range(1, 501)])).to_pylist()
    moments = [row["withdrawn_at"] or row["given_at"] for row in rows]
    assert max(moments) < WORLD.calendar.data_until

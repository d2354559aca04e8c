from collections import Counter

import numpy as np

from linewise.simulation.lives.record import EVIDENCE, INCOME, PLAN, PLANS, STATUSES
from linewise.simulation.tables.credit_file import income_table, instalment_table
from tests.linewise.simulation.tables.builders import WORLD, at_s, chunk_of, event, moment, person, texts

NOON = at_s("2026-03-05 12:00")


def _plan(kind: str, **fields: float) -> dict[str, object]:
    usual = {"a": PLANS.index(kind), "b": 600_000, "c": 12, "d": 53_000, "e": 300_000, "g": NOON + 9_000, "x": 0.13}
    return event(PLAN, NOON, **(usual | fields))


def test_a_plan_shows_what_was_agreed_and_how_it_stands() -> None:
    row = instalment_table(chunk_of([person(5)], events=[_plan("statement", f=STATUSES.index("running"))])).to_pylist()[
        0
    ]
    assert (row["kind"], row["status"], row["status_at"]) == ("statement", "running", moment(NOON + 9_000))
    assert (row["principal_amt"], row["remaining_amt"], row["term_months"], row["payment_amt"]) == (
        600_000, 300_000, 12, 53_000,
    )  # fmt: skip
    assert (row["annualised_rate_ratio"], row["settlement_fee_ratio"]) == (0.13, 0.03)


def test_a_loan_is_repaid_from_the_current_account_and_a_plan_from_the_card() -> None:
    table = instalment_table(chunk_of([person(5, has_payroll=1)], events=[_plan("loan"), _plan("cash")]))
    assert texts(table, "account_id") == ["A00000005", "K00000005"]


def test_settling_a_repayment_agreed_in_difficulty_or_a_loan_costs_nothing() -> None:
    table = instalment_table(chunk_of([person(5)], events=[_plan("loan"), _plan("art70"), _plan("purchase")]))
    assert texts(table, "settlement_fee_ratio") == [0.0, 0.0, 0.03]


def test_a_status_is_never_seen_after_the_end_of_the_data() -> None:
    table = instalment_table(chunk_of([person()], events=[_plan("loan", g=WORLD.calendar.data_until_s + 5)]))
    assert texts(table, "status_at") == [WORLD.calendar.data_until]


def test_income_is_proved_best_where_the_salary_comes_in_and_worst_by_students() -> None:
    people = [person(i, has_payroll=i % 2, employment=2 * (i % 3 == 0)) for i in range(1, 1_201)]
    rows = income_table(chunk_of(people)).to_pylist()
    of = {(i % 2, i % 3 == 0): [] for i in range(6)}
    for row in rows:
        number = int(row["customer_id"][1:])
        of[number % 2, number % 3 == 0].append(row["evidence_class"])
    assert Counter(of[1, False]).most_common(1)[0][0] == "A"
    assert "A" not in of[0, False]
    assert set(of[0, True]) == {"D", "E"}


def test_stated_income_is_told_too_high_and_proved_income_is_about_right() -> None:
    day = WORLD.calendar.last_day
    people = [person(i, employment=1, income_amt=1_000_000, card_day=day) for i in range(1, 2_001)]
    table = income_table(chunk_of(people))
    amount, evidence = np.array(texts(table, "income_amt")), np.array(texts(table, "evidence_class"))
    assert 1.05 < np.median(amount[evidence == "D"]) / 1_000_000 < 1.15
    assert 0.98 < np.median(amount[evidence == "C"]) / 1_000_000 < 1.02


def test_some_evidence_is_fresh_some_years_old_and_some_customers_have_none() -> None:
    table = income_table(chunk_of([person(i, employment=i % 3) for i in range(1, 1_001)]))
    years = np.array([(WORLD.calendar.data_until - one).days / 365 for one in texts(table, "evidenced_at")])
    assert (years < 1).any()
    assert (years > 2).any()
    assert 0 < 1_000 - len(set(texts(table, "customer_id"))) < 150


def test_evidence_of_the_lives_is_delivered_in_its_place() -> None:
    given = event(INCOME, NOON, a=777_700, b=EVIDENCE.index("B"))
    table = income_table(chunk_of([person()], events=[given]))
    at = texts(table, "evidenced_at").index(moment(NOON))
    assert (texts(table, "income_amt")[at], texts(table, "evidence_class")[at]) == (777_700, "B")

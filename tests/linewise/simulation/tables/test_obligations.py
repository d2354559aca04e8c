from itertools import pairwise

import numpy as np

from linewise.simulation.lives.record import INCOME, OBLIGATION, OBLIGATIONS
from linewise.simulation.tables.obligations import obligation_table
from tests.linewise.simulation.tables.builders import WORLD, at_s, chunk_of, event, moment, person, texts

NOON = at_s("2026-03-05 12:00")
INDEBTED = {"other_limit_amt": 6_000_000, "other_debt_amt": 2_000_000}


def test_the_cards_of_an_enquiry_sum_to_the_customers_line_elsewhere() -> None:
    rows = obligation_table(chunk_of([person(i, **INDEBTED) for i in range(1, 301)])).to_pylist()
    sums: dict[tuple[str, object], int] = {}
    for row in rows:
        key = (row["customer_id"], row["enquired_at"])
        sums[key] = sums.get(key, 0) + row["limit_amt"]
    assert set(sums.values()) == {6_000_000}
    assert all(row["balance_amt"] <= row["limit_amt"] for row in rows)


def test_some_owe_at_one_bank_some_at_several_and_never_twice_at_one() -> None:
    rows = obligation_table(chunk_of([person(i, **INDEBTED) for i in range(1, 301)])).to_pylist()
    lenders: dict[tuple[str, object], list[str]] = {}
    for row in rows:
        lenders.setdefault((row["customer_id"], row["enquired_at"]), []).append(row["lender"])
    assert {len(names) for names in lenders.values()} == {1, 2, 3}
    assert all(len(names) == len(set(names)) for names in lenders.values())


def test_an_enquiry_that_found_nothing_says_so() -> None:
    rows = obligation_table(chunk_of([person(i) for i in range(1, 51)])).to_pylist()
    assert rows
    for row in rows:
        assert (row["kind"], row["lender"], row["limit_amt"], row["balance_amt"]) == ("other", None, 0, 0)


def test_of_some_customers_nothing_is_known_from_elsewhere() -> None:
    table = obligation_table(chunk_of([person(i, **INDEBTED) for i in range(1, 301)]))
    assert 0.05 < 1 - len(set(texts(table, "customer_id"))) / 300 < 0.25


def test_a_few_enquiries_lack_the_customers_word_or_a_purpose() -> None:
    table = obligation_table(chunk_of([person(i, **INDEBTED) for i in range(1, 2_001)]))
    assert 0.01 < 1 - np.mean(texts(table, "is_authorised")) < 0.06
    assert 0 < table["purpose"].null_count / table.num_rows < 0.03
    by_enquiry: dict[tuple[str, object], set[bool]] = {}
    for row in table.to_pylist():
        by_enquiry.setdefault((row["customer_id"], row["enquired_at"]), set()).add(row["is_authorised"])
    assert all(len(answers) == 1 for answers in by_enquiry.values())


def test_a_request_for_a_loan_brings_a_report_of_all_that_is_owed_elsewhere() -> None:
    loan = event(OBLIGATION, NOON + 3_600, a=OBLIGATIONS.index("loan"), b=500, c=400, d=30, e=2, f=1)
    events = [event(INCOME, NOON, a=1), loan]
    table = obligation_table(chunk_of([person(1, mortgage_amt=300_000)], events=events))
    found = [row for row in table.to_pylist() if row["enquired_at"] == moment(NOON + 3_600)]
    assert sorted(row["kind"] for row in found) == ["loan", "mortgage"]
    assert next(row for row in found if row["kind"] == "loan")["balance_amt"] == 400
    assert next(row for row in found if row["kind"] == "mortgage")["payment_amt"] == 300_000


def test_rows_come_by_customer_and_moment() -> None:
    rows = obligation_table(chunk_of([person(i, card_day=WORLD.calendar.first_day, **INDEBTED) for i in range(1, 51)]))
    keys = list(zip(texts(rows, "customer_id"), texts(rows, "enquired_at"), texts(rows, "obligation_id"), strict=True))
    assert all(one < other for one, other in pairwise(keys))

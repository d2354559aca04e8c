"""Columns of credit at their edges: lines, loans, reports, statements."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from serving.scoring.columns.credit_here import account_columns, component_columns, loan_columns, request_columns
from serving.scoring.columns.lenders import income_columns, lender_columns
from serving.scoring.columns.statements import Grace, statement_columns
from tests.serving.scoring.sights import CUT, NOW, sight

DAY = timedelta(days=1)
LONG_AGO = NOW - 900 * DAY
GRACE = Grace(3, 1_000)


def line(account_id: str = "A1", limit_amt: int | None = 40_000_00, **more: Any) -> dict[str, Any]:
    plain = {"card_role": "principal", "product": "card", "status": "open", "opened_at": LONG_AGO}
    return plain | {"account_id": account_id, "permanent_limit_amt": limit_amt} | more


def equal(found: object, expected: object) -> bool:
    if isinstance(expected, float | int):
        return bool(np.array_equal(np.float64(found), np.float64(expected), equal_nan=True))  # type: ignore[arg-type]
    return found == expected


TEMPORARY = {"temporary_limit_amt": 60_000_00, "temporary_limit_from": NOW - DAY, "temporary_limit_until": NOW + DAY}


@pytest.mark.parametrize(
    ("accounts", "column", "expected"),
    [
        ([], "other_own_limit_amt", 0),
        ([line(instalment_limit_amt=5_000_00), line("A2", instalment_limit_amt=None)], "other_own_limit_amt", 5_000_00),
        ([], "non_cash_limit_amt", 0),
        ([line(), line("A2", 10_000_00)], "non_cash_limit_amt", 50_000_00),
        ([line(limit_group="g"), line("A2", 10_000_00, limit_group="g")], "non_cash_limit_amt", 40_000_00),
        ([line(**TEMPORARY)], "non_cash_limit_amt", 60_000_00),
        ([line(**TEMPORARY | {"temporary_limit_until": NOW})], "non_cash_limit_amt", 40_000_00),
        ([line(status="closed")], "non_cash_limit_amt", 0),
        ([line(closed_at=NOW)], "non_cash_limit_amt", 0),
        ([line(opened_at=NOW + DAY)], "non_cash_limit_amt", 0),
        ([line(recorded_at=NOW + DAY)], "non_cash_limit_amt", 0),
        ([line(currency="USD")], "non_cash_limit_amt", 284_000_00),
        ([line(cash_limit_amt=15_000_00)], "non_cash_limit_amt", 25_000_00),
        ([line(cash_limit_amt=99_000_00)], "non_cash_limit_amt", 0),
        ([line(), line("A2", card_role="supplementary"), line("A3", card_role="none")], "card_count", 2),
        ([line(status="charged_off")], "card_count", 0),
        ([line(provision_stage=1), line("A2", provision_stage=3)], "provision_stage", 3),
        ([line()], "provision_stage", np.nan),
        ([line()], "limit_review_age_days", 900),
        ([line("A1", None)], "limit_review_age_days", np.nan),
    ],
)  # fmt: skip
def test_lines_count_as_they_stand_at_the_moment(accounts: list[dict[str, Any]], column: str, expected: float):
    rate = {"fact": "exchange_rate_usd", "value": 7.1, "as_of": LONG_AGO, "recorded_at": LONG_AGO}
    seen = sight(accounts=accounts, bank_facts=[rate])
    assert equal(account_columns(seen)[column][0], expected)


SHARED = [line(limit_group="g"), line("A2", 30_000_00, limit_group="g"), line("A3", 10_000_00)]
EXTRA = [line(cash_limit_amt=20_000_00), line("A2", card_role="supplementary", cash_limit_amt=20_000_00)]


@pytest.mark.parametrize(
    ("accounts", "column", "expected"),
    [
        ([], "permanent_limit_amt", 0),
        (SHARED, "permanent_limit_amt", 50_000_00),
        (SHARED, "line_card_count", 3),
        (EXTRA, "permanent_limit_amt", 40_000_00),
        (EXTRA, "cash_limit_amt", 20_000_00),
        (EXTRA, "line_card_count", 2),
        ([line(**TEMPORARY)], "permanent_limit_amt", 40_000_00),
        ([line(**TEMPORARY)], "temporary_limit_amt", 60_000_00),
        ([line(**TEMPORARY), line("A2", 10_000_00)], "temporary_limit_amt", 70_000_00),
        ([line(**TEMPORARY)], "temporary_limit_days", 1.0),
        ([line(**TEMPORARY | {"temporary_limit_until": NOW})], "temporary_limit_amt", np.nan),
        ([line()], "temporary_limit_days", np.nan),
        ([line(cash_limit_amt=99_000_00)], "cash_limit_amt", 40_000_00),
        ([line(instalment_limit_amt=5_000_00), line("A2")], "instalment_limit_amt", 5_000_00),
    ],
)  # fmt: skip
def test_a_line_is_told_by_its_parts_and_what_cards_share_counts_once(
    accounts: list[dict[str, Any]], column: str, expected: float
):
    assert equal(component_columns(sight(accounts=accounts))[column][0], expected)


@pytest.mark.parametrize(
    ("table", "row", "age"),
    [
        ("limit_changes", {"changed_at": NOW - 30 * DAY}, 30),
        ("limit_changes", {"changed_at": NOW + DAY, "recorded_at": NOW - DAY}, 900),
        ("limit_requests", {"requested_at": NOW - 40 * DAY, "decision": "refused", "kind": "increase"}, 40),
        ("limit_requests", {"requested_at": NOW - 40 * DAY, "decision": "withdrawn", "kind": "increase"}, 900),
    ],
)
def test_a_limit_was_reviewed_when_it_changed_or_a_request_was_decided(table: str, row: dict[str, Any], age: float):
    assert account_columns(sight(accounts=[line()], **{table: [row]}))["limit_review_age_days"][0] == age


def loan(status: str = "running", status_at: datetime = NOW - DAY, **more: Any) -> dict[str, Any]:
    plain = {"kind": "loan", "opened_at": LONG_AGO, "principal_amt": 1_000_00, "remaining_amt": 400_00}
    return plain | {"payment_amt": 50_00, "status": status, "status_at": status_at} | more


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (loan(), "own_loan_balance_amt", 400_00),
        # What will be observed later is not known: at most the principal is owed.
        (loan(status_at=NOW + DAY), "own_loan_balance_amt", 1_000_00),
        (loan("settled", NOW + DAY), "own_loan_balance_amt", 1_000_00),
        (loan("settled"), "own_loan_balance_amt", 0),
        (loan("defaulted"), "own_payment_sum_amt", 50_00),
        (loan(kind="cash"), "own_loan_balance_amt", 0),
        (loan(kind="cash"), "own_payment_sum_amt", 50_00),
        (loan(kind="art70"), "is_in_art70_plan", 1),
        (loan("settled", kind="art70"), "is_in_art70_plan", 0),
        (loan("settled", NOW - 364 * DAY, kind="art70"), "is_restructured", 1),
        (loan("settled", NOW - 365 * DAY, kind="art70"), "is_restructured", 0),
        (loan(), "is_restructured", 0),
    ],
)
def test_loans_and_plans_run_until_their_end_was_observed(row: dict[str, Any], column: str, expected: float):
    assert loan_columns(sight(instalments=[row]))[column][0] == expected


def request(days: float, **more: Any) -> dict[str, Any]:
    plain = {"kind": "increase", "initiated_by": "customer", "decision": "refused"}
    return plain | {"requested_at": NOW - days * DAY} | more


def test_a_counter_offer_is_open_until_it_is_taken_or_another_request_follows():
    countered = request(5, decision="countered")
    taken = {"taken_amt": 1}
    for rows, expected in (
        ([countered], 1.0),
        ([countered | taken], 0.0),
        ([countered, request(1)], 0.0),
        ([request(9), countered], 1.0),
        ([], 0.0),
    ):
        assert request_columns(sight(limit_requests=rows))["has_open_counter_offer"][0] == expected


def test_what_the_customer_asked_for_within_thirty_days_counts():
    rows = [request(29.9), request(30), request(1, initiated_by="bank")]
    assert request_columns(sight(limit_requests=rows))["request_count_30d"][0] == 1


def debt(days: float = 10, **more: Any) -> dict[str, Any]:
    plain = {"kind": "card", "lender": "north", "limit_amt": 20_000_00, "purpose": "card", "is_authorised": True}
    return plain | {"enquired_at": NOW - days * DAY} | more


@pytest.mark.parametrize(
    ("rows", "column", "expected"),
    [
        ([], "other_bank_card_limit_amt", np.nan),
        ([debt(), debt(lender="south", limit_amt=5_000_00)], "other_bank_card_limit_amt", 25_000_00),
        ([debt(kind="loan")], "other_bank_card_limit_amt", 0),
        ([debt(limit_amt=None)], "other_bank_card_limit_amt", np.nan),
        ([debt(400), debt(10, limit_amt=1)], "other_bank_card_limit_amt", 1),
        ([debt(is_authorised=False)], "other_bank_card_limit_amt", np.nan),
        ([debt(400), debt(10, is_authorised=False, limit_amt=1)], "other_bank_card_limit_amt", 20_000_00),
        ([debt(400), debt(10, is_authorised=False)], "bureau_is_authorised", 0),
        ([debt(10, recorded_at=NOW + DAY)], "bureau_age_days", np.nan),
        ([debt(400), debt(10)], "bureau_age_days", 10),
        ([debt(purpose=None)], "bureau_has_purpose", 0),
        ([debt()], "bureau_has_purpose", 1),
        ([debt(), debt(lender="south"), debt(lender="south", limit_amt=1)], "other_issuer_count", 2),
        ([debt(lender=None), debt(lender=None)], "other_issuer_count", 2),
        ([debt(kind="loan", payment_amt=300), debt(payment_amt=None)], "other_debt_payment_amt", 300),
        ([debt(29), debt(29), debt(5), debt(31)], "report_count_30d", 2),
    ],
)  # fmt: skip
def test_credit_elsewhere_is_what_the_latest_authorised_report_says(
    rows: list[dict[str, Any]], column: str, expected: float
):
    assert equal(lender_columns(sight(obligations=rows))[column][0], expected)


def evidence(name: str, days: float) -> dict[str, Any]:
    return {"evidence_class": name, "income_amt": 1, "evidenced_at": NOW - days * DAY}


@pytest.mark.parametrize(
    ("rows", "best", "age"),
    [
        ([], None, np.nan),
        ([evidence("E", 1)], "E", 1),
        ([evidence("B", 90), evidence("E", 1), evidence("B", 40)], "B", 40),
        ([evidence("A", 3) | {"recorded_at": NOW + DAY}, evidence("D", 9)], "D", 9),
    ],
)
def test_the_best_evidence_of_income_counts_with_its_own_age(rows: list[Any], best: str | None, age: float):
    found = income_columns(sight(incomes=rows), 365)
    assert found["income_evidence_class"][0] == best
    assert equal(found["income_evidence_age_days"][0], age)


def statement(days: float, balance_amt: int = 500_00, past_due: int = 0, **more: Any) -> dict[str, Any]:
    plain = {"account_id": "A1", "minimum_due_amt": 50_00, "paid_amt": 50_00, "due_at": NOW}
    return plain | {"cycle_end_at": NOW - days * DAY, "balance_amt": balance_amt, "days_past_due": past_due} | more


@pytest.mark.parametrize(
    ("rows", "column", "expected"),
    [
        ([], "is_late", 0),
        ([], "card_balance_amt", np.nan),
        ([statement(40, past_due=30), statement(10)], "is_late", 0),
        ([statement(10, past_due=1)], "is_late", 1),
        ([statement(10, past_due=3, paid_amt=40_00)], "is_within_grace", 1),
        ([statement(10, past_due=4, paid_amt=40_00)], "is_within_grace", 0),
        ([statement(10, past_due=3, paid_amt=39_99)], "is_within_grace", 0),
        ([statement(10)], "is_within_grace", 0),
        ([statement(10, -3_00), statement(10, 5_00, account_id="A2")], "card_balance_amt", 2_00),
        ([statement(10, -3_00), statement(10, 5_00, account_id="A2")], "total_card_debt_amt", 5_00),
        ([statement(days, 50_000_00) for days in (70, 40, 10)], "over_limit_cycles_count", 3),
        ([statement(70, 50_000_00), statement(40), statement(10, 50_000_00)], "over_limit_cycles_count", 1),
        ([statement(40, 50_000_00), statement(10)], "over_limit_cycles_count", 0),
        ([statement(40, 40_000_00)], "over_limit_cycles_count", 0),
        ([statement(10, 50_000_00, recorded_at=NOW + DAY)], "over_limit_cycles_count", 0),
    ],
)  # fmt: skip
def test_statements_say_what_is_overdue_and_how_often_the_line_was_passed(
    rows: list[dict[str, Any]], column: str, expected: float
):
    found = statement_columns(sight(accounts=[line(), line("A2")], statements=rows), GRACE)
    assert equal(found[column][0], expected)


def test_what_came_after_an_extract_was_cut_is_not_known():
    later = CUT + DAY
    seen = sight(
        customer={"observed_until": CUT},
        accounts=[line(opened_at=later)],
        instalments=[loan(opened_at=later)],
        statements=[statement(0, cycle_end_at=later, past_due=9)],
        obligations=[debt(0, enquired_at=later)],
    )
    assert account_columns(seen)["card_count"][0] == 0
    assert loan_columns(seen)["has_loan_here"][0] == 0
    assert statement_columns(seen, GRACE)["is_late"][0] == 0
    assert lender_columns(seen)["has_report"][0] == 0

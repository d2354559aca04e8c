import pytest

from linewise.simulation.lives.record import CHARGED_OFF, HOLDING, PRODUCTS
from linewise.simulation.tables.accounts import account_table, holding_table, statement_table
from tests.linewise.simulation.tables.builders import WORLD, at_s, chunk_of, event, moment, person, texts

NOON = at_s("2026-03-05 12:00")


def test_a_card_account_each_a_current_account_with_the_salary_and_supplementary_cards() -> None:
    table = account_table(chunk_of([person(1, has_payroll=1), person(2, has_supplementary=1)]))
    assert texts(table, "account_id") == ["A00000001", "K00000001", "K00000002", "S00000002"]
    assert texts(table, "card_role") == ["none", "principal", "principal", "supplementary"]


def test_a_supplementary_card_draws_on_the_line_of_the_principal() -> None:
    table = account_table(chunk_of([person(1), person(2, has_supplementary=1)]))
    assert texts(table, "limit_group") == [None, "G00000002", "G00000002"]
    assert texts(table, "permanent_limit_amt") == [3_000_000] * 3


def test_a_current_account_has_no_line() -> None:
    row = account_table(chunk_of([person(has_payroll=1)])).to_pylist()[0]
    credit = ("permanent_limit_amt", "cash_limit_amt", "instalment_limit_amt", "limit_group", "provision_stage",
              "cycle_day", "minimum_payment_ratio", "minimum_payment_floor_amt", "temporary_limit_amt")  # fmt: skip
    assert {row[name] for name in credit} == {None}
    assert row["product"] == "current_account"


def test_a_temporary_limit_stands_between_its_two_moments() -> None:
    given = person(temporary_limit_amt=5_000_000, temporary_from_s=NOON, temporary_until_s=NOON + 86_400)
    row = account_table(chunk_of([given])).to_pylist()[0]
    assert row["temporary_limit_amt"] == 5_000_000
    assert (row["temporary_limit_from"], row["temporary_limit_until"]) == (moment(NOON), moment(NOON + 86_400))


@pytest.mark.parametrize(("days", "stage"), [(0, 1), (30, 1), (31, 2), (90, 2), (91, 3)])
def test_the_stage_of_impairment_follows_the_last_known_days_past_due(days: int, stage: int) -> None:
    months = [[{"days_past_due": 200}, {"days_past_due": days}, {"days_past_due": -1}]]
    assert texts(account_table(chunk_of([person()], months=months)), "provision_stage") == [stage]


def test_an_account_that_was_written_off_is_closed_when_that_happened_and_impaired() -> None:
    months = [[{"days_past_due": 181}, {"days_past_due": -1, "bucket": CHARGED_OFF}]]
    row = account_table(chunk_of([person(account_status=3)], months=months)).to_pylist()[0]
    assert (row["status"], row["provision_stage"]) == ("charged_off", 3)
    assert row["closed_at"] == moment(at_s("2026-01-10 00:00"))


@pytest.mark.parametrize(
    ("open_count", "closed_at"),
    [(1, "2025-12-30 00:00"), (2, "2026-01-30 00:00"), (0, "2025-11-30 00:00")],  # given back before the data begin
)
def test_a_card_that_was_given_back_is_closed_in_the_cycle_after_the_last_open_one(open_count: int, closed_at: str):
    months = [[{"is_open": int(at < open_count)} for at in range(3)]]
    chunk = chunk_of([person(account_status=2, has_supplementary=1, has_payroll=1)], months=months)
    rows = account_table(chunk).to_pylist()
    cards = [row for row in rows if row["card_role"] != "none"]
    assert [(row["status"], row["closed_at"]) for row in cards] == [("closed", moment(at_s(closed_at)))] * 2
    assert [row["closed_at"] for row in rows if row["card_role"] == "none"] == [None]
    assert [row["closed_at"] for row in holding_table(chunk).to_pylist()] == [moment(at_s(closed_at))]


def test_half_of_the_line_may_be_drawn_in_cash_and_more_by_some_contracts_from_before_the_rule() -> None:
    old, new = WORLD.calendar.first_day - 2_900, WORLD.calendar.first_day - 100
    table = account_table(chunk_of([person(i, card_day=old if i <= 2_000 else new) for i in range(1, 4_001)]))
    cash = texts(table, "cash_limit_amt")
    assert set(cash[2_000:]) == {1_500_000}
    assert set(cash[:2_000]) == {1_500_000, 2_400_000}


def test_only_customers_of_a_good_score_have_a_line_for_instalments() -> None:
    table = account_table(chunk_of([person(i, application_score=600 + 200 * (i % 2)) for i in range(1, 401)]))
    lines = texts(table, "instalment_limit_amt")
    assert {line for i, line in enumerate(lines, start=1) if i % 2 == 0} == {None}
    assert set(lines) == {None, 1_500_000}


def test_the_credit_card_is_held_beside_what_was_taken_of_the_offers() -> None:
    gold = PRODUCTS.index("card_gold")
    events = [event(HOLDING, NOON, a=gold, g=-1), event(HOLDING, NOON + 60, a=gold + 1, g=NOON + 9_000)]
    rows = holding_table(chunk_of([person(7, product=1)], events=events)).to_pylist()
    assert [row["product"] for row in rows] == ["credit_premium", "card_gold", "card_travel"]
    assert [row["closed_at"] for row in rows] == [None, None, moment(NOON + 9_000)]
    assert [row["holding_id"] for row in rows] == ["HO00000007000", "HO00000007001", "HO00000007002"]


def test_a_statement_is_recorded_the_night_after_it_fell_due() -> None:
    month = {"balance_amt": 50_000, "minimum_amt": 5_000, "paid_amt": 50_000, "days_past_due": 0}
    row = statement_table(chunk_of([person(7, cycle_day=10)], months=[[month]])).to_pylist()[0]
    assert row["statement_id"] == "B00000007202512"
    assert row["cycle_end_at"] == moment(at_s("2025-12-10 00:00"))
    assert row["due_at"] == moment(at_s("2025-12-30 23:59:59"))
    assert row["recorded_at"] == moment(at_s("2025-12-31 01:00"))
    assert (row["balance_amt"], row["minimum_due_amt"], row["paid_amt"]) == (50_000, 5_000, 50_000)


def test_statements_that_are_not_recorded_yet_or_of_no_card_are_not_delivered() -> None:
    recorded, pending, no_card = {"days_past_due": 0}, {"days_past_due": -1}, {"is_open": 0, "days_past_due": 0}
    table = statement_table(chunk_of([person()], months=[[no_card, recorded, pending]]))
    assert texts(table, "statement_id") == ["B00000001202601"]
    every = [[{"days_past_due": 0}] * 12]
    assert statement_table(chunk_of([person(cycle_day=10)], months=every)).num_rows == 11

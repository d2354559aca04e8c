import pytest

from linewise.simulation.tables.bank_facts import BankCounts, bank_fact_table, count_bank
from linewise.simulation.world import World
from tests.linewise.simulation.tables.builders import at_s, chunk_of, person, posting, texts

LONG = World(country="cn", customer_count=10, month_count=24)
KNOWN = [[{"days_past_due": 0, "balance_amt": 0}]]


def _dormant(*, bought: str | None = None, world: World = LONG, **fields: object) -> int:
    balance = fields.pop("balance_amt", 0)
    months = [[{"days_past_due": 0, "balance_amt": balance}]]
    postings = [posting(at_s(bought))] if bought else []
    return count_bank(chunk_of([person(**fields)], months=months, postings=postings, world=world)).dormant_cards


@pytest.mark.parametrize(("bought", "dormant"), [("2025-05-20 09:00", 1), ("2025-05-21 09:00", 0), (None, 1)])
def test_a_card_is_dormant_after_eighteen_months_without_a_transaction(bought: str | None, dormant: int) -> None:
    assert _dormant(bought=bought) == dormant


@pytest.mark.parametrize("balance", [100, -100])
def test_a_card_on_which_something_is_owed_or_overpaid_is_not_dormant(balance: int) -> None:
    assert _dormant(balance_amt=balance) == 0


def test_a_young_card_is_not_dormant() -> None:
    assert _dormant(card_day=LONG.calendar.last_day - 500) == 0
    assert _dormant(card_day=LONG.calendar.last_day - 600) == 1


def test_closed_and_written_off_cards_are_not_counted() -> None:
    people = [person(1), person(2, account_status=2), person(3, account_status=3), person(4, account_status=1)]
    counts = count_bank(chunk_of(people))
    assert (counts.customers, counts.cards) == (4, 2)
    assert counts.limits_amt == 6_000_000


def test_a_supplementary_card_is_a_card_of_its_own() -> None:
    given = [posting(at_s("2026-03-05 12:00"), account=2)]
    counts = count_bank(chunk_of([person(has_supplementary=1)], postings=given))
    assert (counts.cards, counts.dormant_cards) == (2, 1)


def test_counts_of_two_parts_add_up() -> None:
    assert BankCounts(1, 2, 1, 100, 50) + BankCounts(10, 20, 3, 7, 1) == BankCounts(11, 22, 4, 107, 51)


def test_the_facts_name_the_dormant_share_the_budgets_and_the_load_of_every_hour() -> None:
    table = bank_fact_table(LONG, BankCounts(1_000, 1_200, 60, 10_000_000, 4_000_000))
    facts = dict(zip(texts(table, "fact"), texts(table, "value"), strict=True))
    assert facts["dormant_card_ratio"] == 0.05
    assert facts["customers_count"] == 1_000
    assert facts["expected_loss_budget_amt"] == 150_000
    loads = [facts[f"queue_load_ratio_hour_{hour:02d}"] for hour in range(24)]
    assert loads == list(LONG.profile.queue_load)
    assert set(texts(table, "recorded_at")) == {LONG.calendar.data_until}


def test_a_bank_without_cards_has_no_dormant_share() -> None:
    table = bank_fact_table(LONG, BankCounts())
    assert dict(zip(texts(table, "fact"), texts(table, "value"), strict=True))["dormant_card_ratio"] == 0.0

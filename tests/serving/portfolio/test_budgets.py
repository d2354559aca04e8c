"""Budgets as people write them, as the ledger has them and as the bank's facts tell them; what is none is refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest

from linewise.core.errors import UsageError
from linewise.ledger.budgets import Budget, Kind, Pot
from serving.portfolio.budgets import budgets_in_file, given_budgets, known_budgets, told_budgets

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
RATES = pa.table(
    {"fact": ["exchange_rate_eur"], "value": [8.0], "as_of": [NOW - timedelta(days=9)], "recorded_at": [NOW]}
)
BANK = SimpleNamespace(manifest=SimpleNamespace(currency="CNY"), read=lambda table, columns: RATES.select(columns))


def amounts(**told: str) -> dict[str, float]:
    return {name: one.amount for name, one in told_budgets(told, BANK, NOW, "here").items()}


def test_amounts_are_major_units_of_the_banks_currency():
    assert amounts(money="50000", loss="1,234.5", exposure="2_000_000") == {
        "money": 5_000_000.0, "loss": 123_450.0, "exposure": 200_000_000.0,
    }  # fmt: skip


def test_an_amount_in_another_currency_is_converted_by_the_banks_rate():
    assert amounts(money="100 EUR", loss="1CNY") == {"money": 80_000.0, "loss": 100.0}


def test_nothing_and_no_end_are_budgets():
    assert amounts(money="0", loss="unlimited") == {"money": 0.0, "loss": float("inf")}


def test_contacts_are_counted():
    assert amounts(contacts="4000") == {"contacts": 4000.0}


REFUSED = [
    ("money", "", "is empty"),
    ("money", "  ", "is empty"),
    ("money", "EUR", "is empty"),
    ("money", "-1", "An amount from 0"),
    ("money", "NaN", "is 'Na'|An amount"),
    ("money", "1e30", "An amount from 0"),
    ("money", "much", "An amount was expected"),
    ("money", "100USD", "no exchange rate"),
    ("money", "100XXX", "no exchange rate"),
    ("contacts", "10EUR", "Contacts are counted"),
    ("contacts", "1.5", "Contacts are counted"),
    ("luck", "7", "There is no budget 'luck'"),
]


@pytest.mark.parametrize(("name", "amount", "told"), REFUSED)
def test_what_is_no_budget_is_refused_in_words(name: str, amount: str, told: str):
    with pytest.raises(UsageError, match=told):
        amounts(**{name: amount})


def test_a_currency_without_a_rate_names_those_that_have_one_and_what_to_deliver():
    with pytest.raises(UsageError, match=r"one of CNY, EUR .* exchange_rate_usd"):
        amounts(money="100USD")


@pytest.mark.parametrize(("texts", "told"), [(["money"], "NAME=AMOUNT"), (["loss=1", "loss=2"], "given twice")])
def test_a_budget_has_a_name_an_amount_and_comes_once(texts: list[str], told: str):
    with pytest.raises(UsageError, match=told):
        given_budgets(texts)


def test_a_file_says_the_same(tmp_path: Path):
    path = tmp_path / "budgets.yaml"
    path.write_text("money: 50000\nloss: 7 EUR\ncontacts:\n", encoding="utf-8")
    assert budgets_in_file(path) == {"money": "50000", "loss": "7 EUR", "contacts": ""}


@pytest.mark.parametrize("text", ["", "- 1\n", "a: [", "\x00"])
def test_a_file_that_holds_no_budgets_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "budgets.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        budgets_in_file(path)


def a_budget(budget_id: str, kind: Kind, amount: int, days: float, *, spent: int = 0, covers: str = "") -> Budget:
    proposed = Pot(amount, consumed_amt=spent)
    ends = NOW + timedelta(days=days)
    return Budget(budget_id, kind, NOW - timedelta(days=1), ends, covers, "p", proposed, Pot(0))


class Facts(dict):
    def figure(self, fact: str, now: datetime) -> float:
        return self.get(fact, float("nan"))


def test_of_a_ledgers_budget_what_is_left_for_proposals_counts_for_the_time_asked_about():
    open_ones = [a_budget("b", "loss", 900, 90, spent=300), a_budget("short", "exposure", 500, 10)]
    found = known_budgets(open_ones, Facts(), NOW, 30, 0.3)
    assert {name: one.amount for name, one in found.items()} == {"loss": pytest.approx(200.0), "exposure": 500.0}
    assert found["loss"].source == "ledger: b"


def test_of_several_budgets_of_one_kind_the_tightest_counts_and_pots_of_the_catalogue_do_not():
    open_ones = [
        a_budget("wide", "money", 900, 30), a_budget("tight", "money", 100, 30),
        a_budget("gifts", "money", 1, 30, covers="retention"), a_budget("quota", "quota", 1, 30),
    ]  # fmt: skip
    found = known_budgets(open_ones, Facts(), NOW, 30, 0.3)
    assert {name: one.source for name, one in found.items()} == {"money": "ledger: tight"}


def test_an_overdrawn_budget_has_nothing_left():
    assert known_budgets([a_budget("b", "loss", 100, 30, spent=120)], Facts(), NOW, 30, 0.0)["loss"].amount == 0.0


def test_the_banks_yearly_figures_count_where_the_ledger_has_none_less_what_is_put_aside_for_requests():
    facts = Facts(campaign_budget_amt=36_500.0, expected_loss_budget_amt=7_300.0, new_limits_budget_amt=1e9)
    found = known_budgets([a_budget("b", "exposure", 1, 10)], facts, NOW, 10, 0.25)
    assert {name: one.amount for name, one in found.items()} == {
        "money": pytest.approx(1_000.0), "loss": pytest.approx(150.0), "exposure": 1.0,
    }  # fmt: skip

"""Round sums to one merchant, again and again, for half the line: what a cash-out ring looks like in the postings."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from linewise.bank.tables import open_bank
from linewise.core.home import Home
from serving.scoring.card_use import card_use_columns, read_card_use
from serving.scoring.facts import read_bank_facts
from serving.scoring.sight import sight_of
from tests.builders import FixedScorers, decided, some_customers
from tests.linewise.bank.builders import END, a_transaction, an_account, rows_of, small_tables, write_small

LINE = 20_000_00


def bought(number: int, amount: int, days: float = 10.0, merchant: str = "M1", **more: Any) -> dict[str, Any]:
    at = END - timedelta(days=days)
    given = {"billing_amt": amount, "merchant_id": merchant, "posted_at": at, "recorded_at": at}
    return a_transaction(number, **given, **more)


def ratio_of(home: Home, rows_a_group: int, *transactions: dict[str, Any]) -> float:
    tables = small_tables(*transactions)
    tables["accounts"] = rows_of("accounts", an_account(permanent_limit_amt=LINE))
    bank = write_small(home, tables)
    (path,) = bank.files("transactions")
    pq.write_table(pq.read_table(path), path, row_group_size=rows_a_group)
    facts = read_bank_facts(bank)
    use = read_card_use(bank, facts.roster, END)
    return float(card_use_columns(use, sight_of(facts, ["c1"], END))["carousel_ratio"][0])


ROUND = [bought(number, 4_000_00, days=5.0 + number) for number in range(3)]


@pytest.mark.parametrize("rows_a_group", [1, 2, 9])
@pytest.mark.parametrize(
    ("transactions", "expected"),
    [
        (ROUND, 0.6),
        (ROUND[:2], 0.0),
        ([bought(n, 4_001_50, days=5.0 + n) for n in range(3)], 0.0),
        ([bought(n, 4_000_00, merchant=f"M{n}") for n in range(3)], 0.0),
        ([bought(n, 4_000_00, days=91.0 + n) for n in range(3)], 0.0),
        ([bought(n, 4_000_00, is_declined=True) for n in range(3)], 0.0),
        ([*ROUND, bought(9, 13_000_17, merchant="M2")], 0.0),
        ([*ROUND, bought(9, 11_000_17, merchant="M2")], 0.6),
    ],
)
def test_round_sums_to_one_merchant_that_are_most_of_what_was_bought_however_the_file_is_cut(
    home: Home, transactions: list[dict[str, Any]], expected: float, rows_a_group: int
):
    assert ratio_of(home, rows_a_group, *transactions) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("fact", "rule_id"),
    [
        ({"is_cash_out_suspected": 1.0}, "CN-13-17"),
        ({"is_burst_suspected": 1.0}, "BANK-BURST"),
        ({"contact_point_changed_days": 12.0}, "BANK-ATO"),
        ({"interest_and_fees_paid_18m_amt": 101.0, "principal_paid_18m_amt": 100.0}, "BANK-PD"),
    ],
)
def test_rings_bursts_takeovers_and_persistent_debtors_are_raised_never(fact: dict[str, float], rule_id: str):
    customers = some_customers({"current_limit_amt": 2_000_000})
    facts = dict(customers.facts) | {name: np.array([value]) for name, value in fact.items()}
    limit = decided(replace(customers, facts=facts), FixedScorers(offset=-9.0)).limit
    assert (limit.suggested_amt[0], limit.kind[0], limit.binding[0]) == (2_000_000, "hold", rule_id)


def test_customers_are_known_by_a_range_of_them_as_by_all(served_home: Home) -> None:
    bank = open_bank(served_home)
    whole, now = read_bank_facts(bank), bank.manifest.horizon
    ids = list(whole.roster.row_of)[900:1_300]
    part = read_bank_facts(bank, (ids[0], ids[-1]))
    assert list(part.roster.row_of) == ids
    of_all, of_part = (read_card_use(bank, one.roster, now) for one in (whole, part))
    for name in ("opened_at", "used_at", "cost_amt", "repaid_amt", "carousel_ratio"):
        np.testing.assert_array_equal(getattr(of_all, name)[900:1_300], getattr(of_part, name))

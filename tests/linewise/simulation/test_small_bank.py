from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from linewise.bank.checking import check_bank
from linewise.bank.dictionary import load_dictionary
from linewise.bank.tables import Bank
from linewise.core.errors import Conflict, UsageError
from linewise.core.home import Home
from linewise.simulation.days import DATA_UNTIL
from linewise.simulation.small_bank import simulate_small_bank, small_bank_tables


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return simulate_small_bank(Home(tmp_path_factory.mktemp("home")), 60, 3)


def files_of(home: Home) -> dict[str, bytes]:
    return {str(path.relative_to(home.root)): path.read_bytes() for path in home.root.rglob("*") if path.is_file()}


def of_customers(table: pa.Table, customers: list[str]) -> pa.Table:
    kept = table.filter(pc.is_in(table["customer_id"], value_set=pa.array(customers)))
    return kept.sort_by([(name, "ascending") for name in kept.column_names[:3]])


def test_the_same_seed_gives_the_same_bytes(bank: Bank, tmp_path: Path) -> None:
    again = simulate_small_bank(Home(tmp_path), 60, 3)
    assert files_of(again.home) == files_of(bank.home)


def test_another_seed_gives_another_bank(bank: Bank, tmp_path: Path) -> None:
    other = simulate_small_bank(Home(tmp_path), 60, 4)
    assert other.manifest.data_hash != bank.manifest.data_hash


def test_every_table_is_filled_and_no_row_is_put_aside(bank: Bank) -> None:
    facts = bank.manifest.tables
    assert set(facts) == set(load_dictionary())
    assert [name for name, of_table in facts.items() if of_table.is_absent or not of_table.rows] == []
    assert {name: of_table.quarantined_rows for name, of_table in facts.items() if of_table.quarantined_rows} == {}
    assert check_bank(bank.home).is_clean


def test_the_bank_stands_at_the_end_of_its_data_on_a_fixed_day(bank: Bank) -> None:
    manifest = bank.manifest
    assert (manifest.currency, manifest.clock) == ("CNY", "data_end")
    assert manifest.data_until == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert bank.read("customers")["observed_until"].null_count == 60


@pytest.mark.parametrize("count", [59, 2_100], ids=["fewer", "more than one block"])
def test_a_customer_is_the_same_whatever_the_size_of_the_bank(bank: Bank, count: int) -> None:
    tables = small_bank_tables(count, 3)
    customers = ["C000001", "C000023", "C000059"]
    for name, table in tables.items():
        if "customer_id" in table.column_names:
            assert of_customers(table, customers).equals(of_customers(bank.read(name), customers)), name


@pytest.mark.parametrize("count", [-1, 0, 49, 100_001])
def test_an_impossible_number_of_customers_is_refused_with_the_range(home: Home, count: int) -> None:
    with pytest.raises(UsageError, match="from 50 to 100,000"):
        simulate_small_bank(home, count, 1)
    assert not home.bank_dir.exists()


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_an_impossible_seed_is_refused_with_the_range(home: Home, seed: int) -> None:
    with pytest.raises(UsageError, match="from 0 to 9223372036854775807"):
        simulate_small_bank(home, 50, seed)


def test_a_bank_that_stands_is_replaced_only_when_asked(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = simulate_small_bank(home, 50, 1).manifest
    with pytest.raises(Conflict, match="stands in"):
        simulate_small_bank(home, 50, 2)
    assert Bank(home).manifest == first
    assert simulate_small_bank(home, 50, 2, overwrite=True).manifest.data_hash != first.data_hash


def test_only_contract_columns_leave_the_room(tables: dict[str, pa.Table]) -> None:
    for name, table in tables.items():
        assert table.schema == load_dictionary()[name].arrow_schema, name


def test_there_are_defaults_enough_to_learn_from(tables: dict[str, pa.Table]) -> None:
    status = tables["instalments"]["status"].to_pandas()
    assert set(status) == {"running", "settled", "in_arrears", "defaulted"}
    assert 0.08 <= status.isin(["in_arrears", "defaulted"]).mean() <= 0.15


def test_there_are_cards_enough_taken_within_a_year_of_a_loan_request(tables: dict[str, pa.Table]) -> None:
    requests = tables["limit_requests"].to_pandas().query("kind == 'loan'")
    cards = tables["holdings"].to_pandas()[["customer_id", "product", "opened_at"]]
    pairs = requests.merge(cards, on="customer_id", how="left")
    pairs = pairs[~(pairs["opened_at"] <= pairs["requested_at"])]
    year = pd.Timedelta(days=365)
    assert (pairs["requested_at"] + year <= pd.Timestamp(DATA_UNTIL)).all()
    taken = pairs[pairs["opened_at"] <= pairs["requested_at"] + year]
    assert len(taken) >= 40
    assert len(pairs) > 4 * len(taken)
    assert set(taken["product"]) == {"card_junior", "card_classic", "card_gold"}


def test_each_balance_is_the_one_before_plus_what_moved(tables: dict[str, pa.Table]) -> None:
    moves = tables["transactions"].to_pandas()
    moves = moves[moves["account_id"].str.startswith("A")]
    assert moves["posted_at"].groupby(moves["account_id"]).is_monotonic_increasing.all()
    signed = moves["billing_amt"].where(moves["direction"] == "credit", -moves["billing_amt"])
    signed = signed.where(~moves["is_declined"], 0)
    before = moves.groupby("account_id")["balance_amt"].shift()
    follows = before.notna()
    assert (before + signed == moves["balance_amt"])[follows].all()


def test_a_new_account_starts_from_nothing(tables: dict[str, pa.Table]) -> None:
    moves = tables["transactions"].to_pandas()
    accounts = tables["accounts"].to_pandas().query("card_role == 'none'").set_index("account_id")
    first = moves[moves["balance_amt"].notna()].groupby("account_id").first()
    first["opened_at"] = accounts["opened_at"]
    new = first[first["opened_at"] >= pd.Timestamp("2024-05-31T16:00:00Z")]
    assert len(new) > 100
    assert (new["posted_at"] >= new["opened_at"]).all()
    assert (new["balance_amt"] == new["billing_amt"]).all()


def test_a_card_is_used_only_within_its_limit(tables: dict[str, pa.Table]) -> None:
    statements = tables["statements"].to_pandas()
    limits = tables["accounts"].to_pandas().set_index("account_id")["permanent_limit_amt"]
    # Interest may lift a card that is full a little above its limit; purchases may not.
    assert (statements["balance_amt"] <= 1.1 * statements["account_id"].map(limits)).mean() > 0.99
    declined = tables["transactions"].to_pandas().query("account_id.str.startswith('K') and is_declined")
    assert set(declined["kind"]) <= {"purchase"}


def test_a_statement_is_what_was_used_less_what_was_repaid(tables: dict[str, pa.Table]) -> None:
    moves = tables["transactions"].to_pandas().query("not is_declined")
    owed = moves["billing_amt"].where(moves["direction"] == "debit", -moves["billing_amt"])
    payments, statements = tables["payments"].to_pandas(), tables["statements"].to_pandas()
    for account_id in statements["account_id"].unique()[:25]:
        statement = statements[statements["account_id"] == account_id].iloc[-1]
        until = statement["cycle_end_at"]
        used = owed[(moves["account_id"] == account_id) & (moves["posted_at"] < until)].sum()
        paid = payments[(payments["account_id"] == account_id) & (payments["paid_at"] < until)]
        assert statement["balance_amt"] == used - paid["payment_amt"].sum()


def test_a_loan_in_default_is_no_longer_repaid(tables: dict[str, pa.Table]) -> None:
    loans = tables["instalments"].to_pandas().query("status == 'defaulted'").set_index("customer_id")
    repaid = tables["transactions"].to_pandas().query("category == 'loan'")
    last = repaid.groupby("customer_id")["posted_at"].max()
    late = last.reindex(loans.index).dropna()
    assert (late < loans.loc[late.index, "status_at"] - pd.Timedelta(days=89)).all()
    assert (loans["remaining_amt"] > 0).all()


def test_nothing_on_the_current_account_shows_a_loan_before_it_was_opened(tables: dict[str, pa.Table]) -> None:
    opened = tables["instalments"].to_pandas().set_index("customer_id")["opened_at"]
    moves = tables["transactions"].to_pandas().query("category == 'loan'")
    assert (moves["posted_at"] > moves["customer_id"].map(opened)).all()


def test_november_spends_most_on_singles_day(tables: dict[str, pa.Table]) -> None:
    bought = tables["transactions"].to_pandas().query("kind == 'purchase' and not is_declined")
    local = bought["posted_at"] + pd.Timedelta(hours=8)
    spent = bought["billing_amt"].groupby([local.dt.year, local.dt.month, local.dt.day]).sum()
    november = spent.loc[2025, 11]
    assert november.idxmax() == 11
    assert november.loc[11] > 1.8 * november.mean()


def test_negative_balances_cost_penalty_interest(tables: dict[str, pa.Table]) -> None:
    moves = tables["transactions"].to_pandas()
    is_overdrawn = moves["balance_amt"] < 0
    charged = moves[moves["kind"] == "penalty_interest"]
    assert 0.01 < is_overdrawn.mean() < 0.15
    assert set(charged["customer_id"]) <= set(moves[is_overdrawn]["customer_id"])
    assert len(charged) > 100


def test_some_customers_have_open_cases_or_want_no_promotion(tables: dict[str, pa.Table]) -> None:
    cases = tables["cases"].to_pandas()
    still_open = set(cases[cases["closed_at"].isna()]["kind"])
    assert {"complaint", "hardship", "collections"} <= still_open
    assert 0.03 < np.mean(tables["contact_points"]["is_opted_out"].to_numpy()) < 0.15


def test_nothing_lies_after_the_data_end_but_what_may(tables: dict[str, pa.Table]) -> None:
    for name, of_table in load_dictionary().items():
        for column in of_table.columns:
            if column.type == "timestamp" and not column.is_future_allowed:
                latest = pc.max(tables[name][column.name]).as_py()
                assert latest is None or latest <= DATA_UNTIL, (name, column.name)

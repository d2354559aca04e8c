"""The 682 loan accounts of Berka, each as of the day its loan was granted."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.building import build_features, observation_pairs
from features.card_use.keeping import VALUES, kept_card_use
from features.card_use.summing import summed_card_use
from features.catalogue import FAMILIES, FEATURE_NAMES, FEATURES, Feature
from features.historical import historical
from features.lineage import columns_needed
from features.materialising import materialise
from features.online import OnlineStore
from features.rows import row_files
from linewise.bank.importing import import_bank
from linewise.bank.tables import Bank, open_bank
from linewise.core.home import Home
from tests.features.card_use.people import people_of

END = datetime(1998, 12, 31, tzinfo=UTC)
# What no account of Berka can show: purchases by card, declines, ordinary interest charged, leases, and any loan or
# request before the one that is being granted.
CONSTANT = {
    *(one.name for family in ("Spending", "Diversity and concentration", "Habits") for one in FAMILIES[family]),
    *(one.name for one in FEATURES if one.grain in ("instalment", "limit_request")),
    "purchase_count_90d",
    "purchase_sum_amt_90d",
    "declined_count_90d",
    "declined_sum_amt_90d",
    "interest_charged_sum_amt_365d",
    "obligation_mean_amt_6m",
}
# Medians of the extract as it stands, in crowns, years, days or shares; wide enough to outlive rounding.
MEDIANS = {
    "income_mean_amt_6m": (15_000_00, 35_000_00),
    "balance_amt": (20_000_00, 60_000_00),
    "debit_sum_amt_90d": (30_000_00, 120_000_00),
    "essential_mean_amt_6m": (500_00, 6_000_00),
    "fee_sum_amt_180d": (60_00, 120_00),
    "history_days": (200, 700),
    "income_months_count_6m": (5, 6),
    "txn_count_90d": (10, 40),
    "age_years": (25, 50),
    "cash_withdrawal_share_ratio_180d": (0.5, 1.0),
}


@pytest.fixture(scope="module")
def bank(berka_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """Berka, imported, built and filled."""
    home = Home(tmp_path_factory.mktemp("berka"))
    import_bank("berka", berka_dir, home, END)
    bank = open_bank(home)
    build_features(home, observation_pairs(bank, END))
    materialise(home, END)
    return bank


@pytest.fixture(scope="module")
def rows(bank: Bank) -> pd.DataFrame:
    """The built rows."""
    parts = row_files(bank.home)
    return pa.concat_tables(pq.read_table(path) for path in parts).to_pandas().sort_values("customer_id")


def test_what_its_card_postings_come_to_is_kept_as_it_is_summed(bank: Bank) -> None:
    for some in (slice(None), slice(100, 300)):
        ids, until = people_of(bank, some)
        kept, summed = kept_card_use(bank, ids, END), summed_card_use(bank, ids, until, END)
        assert kept is not None
        for name in VALUES:
            assert getattr(kept, name).tobytes() == getattr(summed, name).tobytes(), name


def test_each_of_the_682_customers_has_a_row_at_the_day_of_the_loan(bank: Bank, rows: pd.DataFrame) -> None:
    until = bank.read("customers", ["customer_id", "observed_until"]).to_pandas().sort_values("customer_id")
    assert len(rows) == 682
    assert rows["customer_id"].tolist() == until["customer_id"].tolist()
    assert rows["event_timestamp"].tolist() == until["observed_until"].tolist()


def is_absent(bank: Bank, feature: Feature) -> bool:
    """Whether Berka delivers none of the events that the feature counts."""
    tables = {need.split(".")[0] for need in columns_needed(feature)}
    return not any(bank.has(table) for table in tables - {"accounts"})


@pytest.mark.parametrize("feature", FEATURES, ids=FEATURE_NAMES)
def test_every_feature_lies_in_its_range_and_says_something(bank: Bank, rows: pd.DataFrame, feature: Feature) -> None:
    values = rows[feature.name]
    assert values.notna().all()
    assert values.between(feature.minimum, feature.maximum).all()
    assert feature.type == "float" or (values == values.round()).all()
    assert (values.nunique() == 1) == (feature.name in CONSTANT or is_absent(bank, feature))
    low, high = MEDIANS.get(feature.name, (feature.minimum, feature.maximum))
    assert low <= values.median() <= high


def test_nothing_of_the_loan_itself_is_in_the_features(bank: Bank, rows: pd.DataFrame) -> None:
    assert (rows["obligation_mean_amt_6m"] == 0).all()
    assert (rows["instalment_count"] == 0).all()
    assert (rows["credit_request_count_365d"] == 0).all()
    assert (rows["txn_recency_days"] >= 1).all()


def test_plain_sql_gives_the_same_sums(bank: Bank, rows: pd.DataFrame) -> None:
    transactions, customers = ([str(path) for path in bank.files(name)] for name in ("transactions", "customers"))
    by_hand = duckdb.sql(
        f"""
        select customer_id,
            sum(case when direction = 'debit' then billing_amt else 0 end) as debit_amt,
            count(*) filter (where kind = 'penalty_interest') as penalties,
            count(distinct case when balance_amt < 0 then posted_at end) as negative_days
        from read_parquet({transactions}) t join read_parquet({customers}) c using (customer_id)
        where posted_at > observed_until - interval 365 days and posted_at <= observed_until
        group by customer_id order by customer_id
        """
    ).df()
    in_90_days = duckdb.sql(
        f"""
        select customer_id, coalesce(sum(billing_amt) filter (where direction = 'debit'), 0)::bigint as debit_amt
        from read_parquet({customers}) c left join read_parquet({transactions}) t using (customer_id)
        where t.posted_at > observed_until - interval 90 days
        group by customer_id order by customer_id
        """
    ).df()
    assert rows["penalty_interest_count_365d"].tolist() == by_hand["penalties"].tolist()
    assert rows["negative_balance_days_365d"].tolist() == by_hand["negative_days"].tolist()
    assert rows["debit_sum_amt_90d"].tolist() == in_90_days["debit_amt"].tolist()


def test_online_equals_historical_for_every_customer(bank: Bank, rows: pd.DataFrame) -> None:
    online = OnlineStore(bank.home).read(rows["customer_id"].tolist())
    names = list(FEATURE_NAMES)
    assert online.values.tobytes() == rows[names].to_numpy().tobytes()
    asked = rows[["customer_id", "event_timestamp"]]
    assert historical(bank.home, asked)[names].to_numpy().tobytes() == online.values.tobytes()

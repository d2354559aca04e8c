"""What features are made of agrees with the contract."""

import ibis
import pytest

from features.catalogue import FEATURE_NAMES, FEATURES, Feature
from features.grains import GRAIN_COLUMNS, KEYS, grain_tables
from features.lineage import columns_needed
from features.observation import PAIRS_SCHEMA
from linewise.bank.dictionary import load_dictionary

BY_NAME = dict(zip(FEATURE_NAMES, FEATURES, strict=True))

every_feature = pytest.mark.parametrize("feature", FEATURES, ids=FEATURE_NAMES)


@every_feature
def test_every_need_is_a_contract_column_that_may_serve_the_feature(feature: Feature) -> None:
    assert columns_needed(feature)
    for need in columns_needed(feature):
        table, column = need.split(".")
        allowed = set(load_dictionary()[table].column(column).allowed_for)
        # The affordability budget is a part of the limit, for which the dictionary has one word.
        purposes = {"limit" if purpose == "affordability" else purpose for purpose in feature.allowed_for}
        assert purposes <= allowed, need


def test_needs_follow_the_expression() -> None:
    assert "transactions.category" in columns_needed(BY_NAME["essential_mean_amt_6m"])
    assert "transactions.category" not in columns_needed(BY_NAME["debit_recency_days"])
    assert columns_needed(BY_NAME["age_years"]) == ("customers.birth_date", "customers.customer_id")
    assert "transactions.balance_amt" in columns_needed(BY_NAME["negative_balance_days_180d"])


def test_expressions_see_just_the_columns_that_the_grains_declare() -> None:
    tables = {name: load_dictionary()[name].arrow_schema for name in ("transactions", "customers")}
    unbound = {name: ibis.table(ibis.Schema.from_pyarrow(schema), name=name) for name, schema in tables.items()}
    pairs = ibis.table(ibis.Schema.from_pyarrow(PAIRS_SCHEMA), name="pairs")
    for grain, table in grain_tables(pairs, unbound["transactions"], unbound["customers"]).items():
        schema = {name: str(kind) for name, kind in table.schema().items()}
        declared = {name: kind for name, (kind, _) in GRAIN_COLUMNS[grain].items()}
        assert declared.items() <= schema.items()
        assert set(KEYS) <= set(schema)

"""What features are made of agrees with the contract."""

from collections.abc import Callable

import ibis
import pytest

from features.buckets import READ_TABLES
from features.catalogue import FEATURE_NAMES, FEATURES, Feature
from features.expressions import number
from features.feature import define
from features.grains import GRAIN_COLUMNS, KEYS, grain_tables
from features.grains.sources import contract_table
from features.lineage import columns_needed, merchant_groups_named, words_named
from features.merchant_groups import SENSITIVE_GROUPS
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
    tables = {name: contract_table(name) for name in READ_TABLES}
    pairs = ibis.table(ibis.Schema.from_pyarrow(PAIRS_SCHEMA), name="pairs")
    for grain, table in grain_tables(pairs, tables).items():
        schema = {name: str(kind) for name, kind in table.schema().items()}
        declared = {name: kind for name, (kind, _) in GRAIN_COLUMNS[grain].items()}
        assert declared.items() <= schema.items()
        assert set(KEYS) <= set(schema)


def test_the_tables_that_are_read_are_those_that_features_need() -> None:
    needed = {need.split(".")[0] for feature in FEATURES for need in columns_needed(feature)}
    assert set(READ_TABLES) == needed


def test_no_column_but_the_group_itself_is_made_of_a_merchants_code() -> None:
    made = [name for name, (_, needs) in GRAIN_COLUMNS["transaction"].items() if "transactions.mcc" in needs]
    assert made == ["mcc", "merchant_group"]


@pytest.mark.parametrize(
    ("condition", "groups"),
    [
        (lambda t: t.merchant_group == "pawn", {"pawn"}),
        (lambda t: t.merchant_group != "pawn", {"pawn"}),
        (lambda t: t.merchant_group.isin(["dining", "fuel"]), {"dining", "fuel"}),
        (lambda t: t.mcc == "7995", {"gambling"}),
        (lambda t: t.kind == "purchase", set()),
    ],
)
def test_the_groups_that_an_expression_names_are_found(
    condition: Callable[[ibis.Table], ibis.Value], groups: set[str]
) -> None:
    feature = define("some_count", "Some.", lambda t: number(condition(t)), grain="transaction", owner="nobody")
    assert merchant_groups_named(feature) == groups


@every_feature
def test_a_sensitive_group_of_merchants_reaches_neither_risk_nor_limit_nor_price(feature: Feature) -> None:
    if merchant_groups_named(feature) & set(SENSITIVE_GROUPS):
        assert feature.allowed_for == ("eligibility",)


@every_feature
def test_complaints_and_disputes_reach_neither_risk_nor_limit_nor_price(feature: Feature) -> None:
    named = {word for column in ("kind", "reason", "outcome") for word in words_named(feature, column)}
    of_cases = any(need.startswith("cases.") for need in columns_needed(feature))
    if of_cases or named & {"complaint", "dispute"}:
        assert feature.allowed_for == ("eligibility",)


def test_what_complains_is_found() -> None:
    complaining = {feature.name for feature in FEATURES if "complaint" in words_named(feature, "reason")}
    assert complaining == {"complaint_call_count_365d"}


def test_the_tone_of_a_call_is_no_feature() -> None:
    assert [one.name for one in FEATURES if "calls.tone" in columns_needed(one)] == []

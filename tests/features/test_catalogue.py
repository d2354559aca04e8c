"""The catalogue is fit to be published: names, units, ranges, meanings, and who may use what."""

import subprocess
import sys
from typing import get_args

import pytest

from features.catalogue import FEATURE_NAMES, FEATURES, Feature, definitions_hash, names_allowed_for
from features.feature import WHOLE_LIMIT, Grain, Purpose, define
from features.lineage import columns_needed

USED_BY_DECISIONING = {
    "age_years",
    "balance_amt",
    "essential_mean_amt_6m",
    "history_days",
    "income_amt_12m",
    "income_mean_amt_6m",
    "income_months_count_6m",
    "income_p25_amt_6m",
    "income_spread_ratio_6m",
    "negative_balance_days_180d",
    "negative_balance_days_365d",
    "obligation_mean_amt_6m",
    "penalty_interest_count_180d",
    "txn_recency_days",
}
PROTECTED = {"age_years"}
CREDIT: set[Purpose] = {"risk", "limit", "price"}

every_feature = pytest.mark.parametrize("feature", FEATURES, ids=FEATURE_NAMES)


def test_there_are_enough_features_and_no_name_twice() -> None:
    assert len(FEATURES) >= 120
    assert len(set(FEATURE_NAMES)) == len(FEATURES)


def test_what_decisioning_reads_is_there() -> None:
    assert set(FEATURE_NAMES) >= USED_BY_DECISIONING


@every_feature
def test_its_meaning_is_a_plain_sentence_that_no_other_has(feature: Feature) -> None:
    assert feature.meaning[0].isupper()
    assert feature.meaning.endswith(".")
    assert len(feature.meaning) >= 20
    assert [other.name for other in FEATURES if other.meaning == feature.meaning] == [feature.name]


@every_feature
def test_its_range_is_one_and_holds_its_default(feature: Feature) -> None:
    assert -WHOLE_LIMIT <= feature.minimum < feature.maximum <= WHOLE_LIMIT
    assert feature.default is None or feature.minimum <= feature.default <= feature.maximum


@every_feature
def test_its_unit_is_that_of_its_name(feature: Feature) -> None:
    suffix = {"minor units": "_amt", "count": "_count", "days": "_days", "years": "_years", "ratio": "_ratio"}
    assert suffix[feature.unit] in f"{feature.name}_"
    assert (feature.type == "float") == (feature.unit == "ratio")


@every_feature
def test_it_has_an_owner_a_grain_and_purposes(feature: Feature) -> None:
    assert feature.owner
    assert feature.grain in get_args(Grain)
    assert feature.allowed_for
    assert set(feature.allowed_for) <= set(get_args(Purpose))


def test_what_is_protected_reaches_neither_risk_nor_limit_nor_price() -> None:
    for feature in FEATURES:
        if feature.name in PROTECTED or "customers.birth_date" in columns_needed(feature):
            assert not CREDIT & set(feature.allowed_for), feature.name
    assert not PROTECTED & set(names_allowed_for("risk", "limit", "price"))


def test_a_purpose_reads_its_features_in_the_order_of_the_catalogue() -> None:
    names = names_allowed_for("take_up", "eligibility")
    assert list(names) == [name for name in FEATURE_NAMES if name in names]
    assert "age_years" in names


@pytest.mark.parametrize("name", ["income", "income_eur", "Income_amt", "income_amt_6w", "amt", "income__amt"])
def test_a_name_without_a_unit_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="a name ends in"):
        define(name, "What it means.", lambda t: t, grain="month", owner="nobody")


def test_the_hash_is_that_of_the_definitions(monkeypatch: pytest.MonkeyPatch) -> None:
    known = definitions_hash()
    assert len(known) == 64
    monkeypatch.setattr("features.catalogue._DEFINING", ("notions.py",))
    definitions_hash.cache_clear()
    assert definitions_hash() != known
    definitions_hash.cache_clear()


@pytest.mark.parametrize("module", ["features.catalogue", "features.online"])
def test_the_online_path_imports_neither_feast_nor_a_query_engine(module: str) -> None:
    heavy = ("feast", "ibis", "duckdb", "pandas", "mlflow")
    code = f"import sys, {module}; sys.exit(', '.join(name for name in {heavy} if name in sys.modules) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

"""A rebuilt date is identical, or the difference is named."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from features.building import build_features, observation_pairs
from features.rows import row_files
from features.verifying import Verification, verify_features
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home
from tests.features.builders import NOW, bank_of, numbered, txn

TRANSACTIONS = numbered(txn(days, 100 + days, customer_id=f"c{days % 3 + 1}") for days in range(1, 100))


def test_a_rebuilt_date_is_identical(home: Home) -> None:
    pairs = observation_pairs(bank_of(home, TRANSACTIONS), NOW)
    build_features(home, pairs)
    found = verify_features(home, pairs)
    assert found == Verification(rows=3, different_rows=0, missing_rows=0, different_features=())
    assert found.is_identical


def test_a_value_that_was_changed_on_disk_is_found_and_its_feature_named(home: Home) -> None:
    pairs = observation_pairs(bank_of(home, TRANSACTIONS), NOW)
    build_features(home, pairs)
    (path,) = row_files(home)
    rows = pq.read_table(path)
    at = rows.column_names.index("txn_count_90d")
    changed = pa.array([1.0 + rows["txn_count_90d"][0].as_py(), *rows["txn_count_90d"].to_pylist()[1:]])
    pq.write_table(rows.set_column(at, rows.schema.field(at), changed), path)
    found = verify_features(home, pairs)
    assert found == Verification(3, different_rows=1, missing_rows=0, different_features=("txn_count_90d",))
    assert not found.is_identical


def test_rows_that_are_not_there_are_counted(home: Home) -> None:
    pairs = observation_pairs(bank_of(home, TRANSACTIONS), NOW)
    build_features(home, pairs.filter(pc.equal(pairs["customer_id"], "c1")))
    assert verify_features(home, pairs).missing_rows == 2


def test_without_rows_there_is_nothing_to_compare_with(home: Home) -> None:
    with pytest.raises(FeaturesMissing, match="linewise features build"):
        verify_features(home, observation_pairs(bank_of(home, TRANSACTIONS), NOW))

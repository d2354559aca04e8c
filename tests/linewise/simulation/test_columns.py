import numpy as np
import pyarrow as pa
import pytest

from linewise.bank.dictionary import load_dictionary
from linewise.simulation.columns import coded, contract_table, customer_ids, numbered, optional, rank_within


def test_a_customer_id_has_six_digits() -> None:
    assert customer_ids(np.array([1, 123, 100_000])).to_pylist() == ["C000001", "C000123", "C100000"]


def test_identifiers_join_numbers_of_fixed_width() -> None:
    assert numbered("T", np.array([7]), 6, (np.array([42]), 5)).to_pylist() == ["T00000700042"]
    assert numbered("T", np.array([], dtype=np.int64)).to_pylist() == []


def test_a_negative_code_and_what_is_not_there_are_missing() -> None:
    assert coded(np.array([1, -1, 0]), ("a", "b")).to_pylist() == ["b", None, "a"]
    assert optional(np.array([5, 6]), np.array([True, False])).to_pylist() == [5, None]
    assert optional(pa.array(["x", "y"]), np.array([False, True])).to_pylist() == [None, "y"]


def test_ranks_start_anew_with_each_customer() -> None:
    assert rank_within(np.array([3, 3, 3, 5, 9, 9])).tolist() == [0, 1, 2, 0, 0, 1]
    assert rank_within(np.array([])).tolist() == []


def test_a_contract_table_has_the_columns_of_the_dictionary_and_empty_ones_where_none_is_given() -> None:
    ids = pa.array(["N1", "N2"])
    table = contract_table("notices", 2, notice_id=ids, customer_id=ids, sent_at=np.array([0, 1]), channel="sms")
    assert table.schema == load_dictionary()["notices"].arrow_schema
    assert table["channel"].to_pylist() == ["sms", "sms"]
    assert table["purpose"].null_count == 2


def test_a_column_that_the_dictionary_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError, match="latent_risk"):
        contract_table("customers", 0, latent_risk=0.5)

import numpy as np
import pyarrow as pa
import pytest

from linewise.bank.dictionary import arrow_schema, load_dictionary
from linewise.simulation.tables.columns import (
    EXTRA_COLUMNS,
    coded,
    contract_table,
    in_order,
    moments,
    optional,
    text_versions,
)


def test_a_negative_code_and_what_is_not_there_are_missing() -> None:
    assert coded(np.array([1, -1, 0]), ("a", "b")).to_pylist() == ["b", None, "a"]
    assert optional(np.array([5, 6]), np.array([True, False])).to_pylist() == [5, None]
    assert moments(np.array([0, 1]), np.array([False, True])).null_count == 1


def test_a_word_for_several_codes_stands_once_in_the_dictionary() -> None:
    found = coded(np.array([0, 1, 2, -1]), ("EUR", "USD", "EUR"))
    assert found.to_pylist() == ["EUR", "USD", "EUR", None]
    assert found.dictionary.to_pylist() == ["EUR", "USD"]


def test_more_words_than_a_byte_can_tell_apart_are_all_told_apart() -> None:
    words = [f"w{i}" for i in range(300)]
    assert coded(np.arange(300), words).to_pylist() == words


def test_rows_of_one_moment_keep_their_order() -> None:
    assert in_order(np.array([1, 0, 1, 0]), np.array([5, 7, 5, 6])).tolist() == [3, 1, 0, 2]


def test_the_bank_renews_its_texts_every_year() -> None:
    at_us = np.array(["2019-12-31", "2026-01-01"], dtype="datetime64[us]").astype(np.int64)
    assert text_versions(at_us).to_pylist() == ["2019-1", "2026-1"]


def test_a_contract_table_has_the_columns_of_the_dictionary_and_this_banks_own() -> None:
    ids = pa.array(["C1", "C2"])
    table = contract_table("customers", 2, customer_id=ids, x_application_score=np.array([600, 700]))
    columns = (*load_dictionary()["customers"].columns, *EXTRA_COLUMNS["customers"])
    assert table.schema.names == arrow_schema(columns).names
    assert table["birth_date"].null_count == 2


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError, match="latent_risk"):
        contract_table("customers", 0, latent_risk=0.5)


def test_a_column_that_may_not_be_missing_cannot_be_left_out() -> None:
    with pytest.raises(KeyError, match="customer_id"):
        contract_table("customers", 1, birth_date=np.array([1]))

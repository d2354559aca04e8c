from pathlib import Path

import pytest

from linewise.bank import twins
from linewise.bank.dictionary import load_dictionary
from linewise.bank.part_files import part_path, write_part_file
from linewise.bank.twins import find_twins
from tests.linewise.bank.builders import a_row, a_transaction, rows_of

TRANSACTIONS = load_dictionary()["transactions"]


def written(folder: Path, *parts: list[int]) -> list[Path]:
    """Postings of these numbers, a list a part."""
    paths = [part_path(folder, "transactions", number) for number in range(len(parts))]
    for path, numbers in zip(paths, parts, strict=True):
        write_part_file(rows_of("transactions", *map(a_transaction, numbers)), path, TRANSACTIONS)
    return paths


@pytest.mark.parametrize("keys_at_once", [1, 4, 1_000])
def test_a_key_is_found_that_stands_in_two_parts_however_few_fit_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys_at_once: int
) -> None:
    monkeypatch.setattr(twins, "_KEYS_AT_ONCE", keys_at_once)
    found = find_twins(TRANSACTIONS, written(tmp_path, [1, 2, 3], [4, 2], [5, 2, 1]), 8)
    assert found is not None
    assert (found.column, found.what, found.count) == ("transaction_id", "transaction_id occurs more than once", 3)
    assert found.first_rows == [{"transaction_id": "t00001"}, {"transaction_id": "t00002"}]


def test_twins_within_one_part_and_missing_keys_are_left_to_the_rules(tmp_path: Path) -> None:
    assert find_twins(TRANSACTIONS, written(tmp_path, [1, 1, 2], [3, 3]), 5) is None
    nameless = rows_of("transactions", a_transaction(9, transaction_id=None))
    paths = [part_path(tmp_path, "transactions", number) for number in (0, 1)]
    for path in paths:
        write_part_file(nameless, path, TRANSACTIONS)
    assert find_twins(TRANSACTIONS, paths, 2) is None


def test_a_key_of_two_columns_is_a_twin_only_in_both(tmp_path: Path) -> None:
    table = load_dictionary()["protected_attributes"]
    paths = [part_path(tmp_path, table.name, number) for number in (0, 1)]
    for path, attributes in zip(paths, (["sex", "region"], ["sex", "age"]), strict=True):
        rows = [a_row(table.name, customer_id="c1", attribute=one, value="x") for one in attributes]
        write_part_file(rows_of(table.name, *rows), path, table)
    found = find_twins(table, paths, 4)
    assert found is not None
    assert (found.count, found.first_rows) == (1, [{"customer_id": "c1", "attribute": "sex"}])

from datetime import UTC, datetime
from pathlib import Path

import pytest

from linewise.bank.dictionary import load_dictionary
from linewise.bank.mappings import built_in_names, find_mapping
from linewise.core.errors import MappingInvalid
from tests.linewise.bank.builders import write_mapping

X_TIER = (
    "    x_tier:\n      type: string\n      meaning: The tier of the customer.\n"
    "      sensitivity: none\n      allowed_for: [service]\n"
)


def test_a_built_in_mapping_is_found_by_its_name() -> None:
    found = find_mapping("berka")
    assert found.header.name == "berka"
    assert "berka" in built_in_names()
    assert set(found.sql) | set(found.header.declared_absent) == set(load_dictionary())


@pytest.mark.parametrize("name", built_in_names())
def test_every_built_in_mapping_is_whole(name: str) -> None:
    assert find_mapping(name).header.name == name


def test_a_mapping_is_found_in_a_folder_of_the_banks_own(tmp_path: Path) -> None:
    found = find_mapping(write_mapping(tmp_path / "ours"))
    assert list(found.sql) == ["customers"]


def test_a_mapping_that_does_not_exist_is_answered_with_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match=r"no mapping 'berca'.*\(berka, karlan_zinman, uci_bank_marketing\)"):
        find_mapping("berca")
    with pytest.raises(MappingInvalid, match=r"folder with mapping\.yaml"):
        find_mapping(tmp_path)


def test_the_business_day_is_that_of_the_zone_in_the_header_or_else_utc(tmp_path: Path) -> None:
    assert find_mapping("berka").header.time_zone == "UTC"
    assert find_mapping(write_mapping(tmp_path)).header.time_zone == "UTC"


def test_a_day_that_ends_the_data_is_part_of_them(tmp_path: Path) -> None:
    found = find_mapping(write_mapping(tmp_path))
    assert found.header.data_until == datetime(2026, 6, 30, 23, 59, 59, 999_999, tzinfo=UTC)


def test_a_moment_that_ends_the_data_is_taken_as_it_stands() -> None:
    assert find_mapping("berka").header.data_until == datetime(1998, 12, 31, tzinfo=UTC)


def test_an_optional_table_without_a_word_is_named(tmp_path: Path) -> None:
    folder = write_mapping(tmp_path)
    header = folder / "mapping.yaml"
    header.write_text(header.read_text().replace("  - calls\n", "").replace("  - cases\n", ""))
    with pytest.raises(MappingInvalid, match="neither an SQL file nor declared absent: calls, cases"):
        find_mapping(folder)


def test_without_any_declaration_every_optional_table_is_named(tmp_path: Path) -> None:
    folder = write_mapping(tmp_path)
    header = folder / "mapping.yaml"
    header.write_text(header.read_text().split("declared_absent:")[0])
    with pytest.raises(MappingInvalid) as caught:
        find_mapping(folder)
    optional = [name for name, table in load_dictionary().items() if not table.is_required]
    assert f"declared absent: {', '.join(optional)}." in str(caught.value)


def test_a_mapping_without_customers_is_refused(tmp_path: Path) -> None:
    folder = write_mapping(tmp_path)
    (folder / "customers.sql").unlink()
    with pytest.raises(MappingInvalid, match="customers has no SQL"):
        find_mapping(folder)


def test_a_file_for_no_contract_table_is_named(tmp_path: Path) -> None:
    folder = write_mapping(tmp_path)
    (folder / "custmers.sql").write_text("SELECT 1")
    with pytest.raises(MappingInvalid, match=r"no contract table is called custmers.*customers, accounts"):
        find_mapping(folder)


def test_a_table_cannot_be_delivered_and_absent(tmp_path: Path) -> None:
    folder = write_mapping(tmp_path)
    (folder / "calls.sql").write_text("SELECT 1")
    with pytest.raises(MappingInvalid, match="both an SQL file and declared absent: calls"):
        find_mapping(folder)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("currency: CNY", "currency: yuan", "line 3: currency"),
        ("currency: CNY", "currency: CNY\ntime_zone: Peking", "line 4: time_zone"),
        ("clock: data_end", "clock: sundial", "line 4: clock"),
        ("data_until: 2026-06-30", "data_until: null", "needs data_until"),
        ("data_until: 2026-06-30", "data_until: soon", "line 5: data_until"),
        ('version: "1"', "version: 1", "line 2: version"),
        ("  people: people.csv", "  people: ../people.csv", "lie under the folder"),
        ("  people: people.csv", "  people: /people.csv", "lie under the folder"),
        ("  people: people.csv", "  my people: people.csv", "line 7: sources"),
        ("name: small", "nmae: small", "line 1: nmae: this key is unknown"),
    ],
)
def test_a_mistake_in_the_header_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    folder = write_mapping(tmp_path)
    header = folder / "mapping.yaml"
    assert old in header.read_text()
    header.write_text(header.read_text().replace(old, new))
    with pytest.raises(MappingInvalid) as caught:
        find_mapping(folder)
    assert said in str(caught.value)


def test_a_mapping_may_add_typed_columns_to_customers(tmp_path: Path) -> None:
    found = find_mapping(write_mapping(tmp_path, f"extra_columns:\n  customers:\n{X_TIER}"))
    assert [column.name for column in found.header.extra_columns["customers"]] == ["x_tier"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (f"extra_columns:\n  accounts:\n{X_TIER}", "extra_columns.accounts"),
        (f"extra_columns:\n  customers:\n{X_TIER.replace('x_tier', 'tier')}", "start with x_: tier"),
        (f"extra_columns:\n  customers:\n{X_TIER.replace('meaning', 'meening')}", "meening: this key is unknown"),
    ],
)
def test_added_columns_are_as_strict_as_the_dictionary(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(MappingInvalid) as caught:
        find_mapping(write_mapping(tmp_path, header))
    assert said in str(caught.value)

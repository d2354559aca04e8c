from collections import Counter
from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from linewise.bank.dictionary import load_dictionary
from linewise.bank.sieve import REASON
from linewise.bank.tables import Bank
from linewise.bank.writing import QUARANTINE_LIMIT_RATIO, write_bank
from linewise.core.home import Home
from linewise.simulation.chance import Chance
from linewise.simulation.dirt import LABEL_SCHEMA, soiled
from linewise.simulation.dirt.faults import kind_of
from linewise.simulation.dirt.surroundings import FLOATING
from tests.linewise.simulation.conftest import DATA_UNTIL, RATE_FACTS, SURROUNDINGS, delivered

SHARE_RATIO = 0.006
COPIES = 34
# Postings by the hundred thousand as they are; of all else there must be as much as 20,000 customers have.
LARGE = ("transactions",)
UNTOUCHED = ("customers", "accounts", "bank_facts", "protected_attributes")
EVENTS = [name for name in load_dictionary() if name not in UNTOUCHED]


def with_rates(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables with exchange rates among the facts of the bank."""
    facts = RATE_FACTS.cast(tables["bank_facts"].schema)
    return {**tables, "bank_facts": pa.concat_tables([tables["bank_facts"], facts])}


def renumbered(table: pa.Table, block: int) -> pa.Table:
    """The same rows of other people: every id with the block before its number."""
    for place, name in enumerate(table.column_names):
        if name.endswith("_id"):
            ids = pc.replace_substring_regex(table[name], r"^(\D+)(\d+)", rf"\1{block:02}\2")
            table = table.set_column(place, name, ids)
    return table


@pytest.fixture(scope="module")
def base(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The bank 34 times over: the events of 20,400 customers, and the postings of 600 of them."""
    return {
        name: table
        if name in (*LARGE, "bank_facts")
        else pa.concat_tables([renumbered(table, block) if block else table for block in range(COPIES)])
        for name, table in with_rates(tables).items()
    }


@pytest.fixture(scope="module")
def dirty(base: dict[str, pa.Table]) -> tuple[dict[str, pa.Table], pa.Table]:
    return soiled(base, Chance(1), SURROUNDINGS, share_ratio=SHARE_RATIO)


@pytest.fixture(scope="module")
def labels(dirty: tuple[dict[str, pa.Table], pa.Table]) -> pa.Table:
    return dirty[1]


@pytest.fixture(scope="module")
def bank(dirty: tuple[dict[str, pa.Table], pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Bank:
    """The dirty bank, let in by the real door."""
    home = Home(tmp_path_factory.mktemp("home"))
    return write_bank(home, "dirty", dirty[0], clock="data_end", currency="CNY", data_until=DATA_UNTIL)


def put_aside(bank: Bank, name: str) -> pa.Table:
    folder = bank.home.bank_dir / "quarantine"
    files = sorted(path for path in folder.rglob("*.parquet") if name in (path.stem, path.parent.name))
    return pa.concat_tables([pq.read_table(path) for path in files])


def labels_of(labels: pa.Table, name: str, kind: str | None = None) -> pa.Table:
    of_table = labels.filter(pc.equal(labels["table"], name))
    return of_table if kind is None else of_table.filter(pc.ends_with(of_table["rule_id"], f".{kind}"))


def by_key(rows: pa.Table, name: str) -> pa.Table:
    return rows.cast(delivered(name)).sort_by([(column, "ascending") for column in load_dictionary()[name].key])


@pytest.mark.parametrize("name", EVENTS)
def test_the_door_puts_aside_the_labelled_rows_with_the_labelled_reasons(
    bank: Bank, labels: pa.Table, name: str
) -> None:
    told = labels_of(labels, name).filter(pc.field("is_bad"))
    aside = put_aside(bank, name)
    (key,) = load_dictionary()[name].key
    # Rows whose key is missing have one key between them, and the door may call them twins of each other.
    twins = f"; {key} occurs more than once"
    found = [
        (value, reason if (value or "").strip() else reason.replace(twins, ""))
        for value, reason in zip(aside[key].to_pylist(), aside[REASON].to_pylist(), strict=True)
    ]
    assert Counter(found) == Counter(zip(told["key"].to_pylist(), told["reason"].to_pylist(), strict=True))


@pytest.mark.parametrize("name", EVENTS)
def test_what_comes_in_is_the_clean_bank_but_for_what_is_labelled(
    bank: Bank, base: Mapping[str, pa.Table], labels: pa.Table, name: str
) -> None:
    (key,) = load_dictionary()[name].key
    valid = labels_of(labels, name).filter(pc.invert(pc.field("is_bad")))
    late = labels_of(valid, name, "late")["key"]
    added = valid.filter(pc.invert(pc.is_in(valid["key"], late)))["key"]
    let_in = bank.read(name)
    kept = by_key(let_in.filter(pc.invert(pc.is_in(let_in[key], added))), name)
    clean = by_key(base[name], name)
    assert kept.num_rows + len(added) == let_in.num_rows
    assert kept.drop_columns("recorded_at").equals(clean.drop_columns("recorded_at"))
    is_later = pc.greater(kept["recorded_at"], clean["recorded_at"])
    assert set(kept.filter(is_later)[key].to_pylist()) == set(late.to_pylist())
    assert kept.filter(pc.invert(is_later)).equals(clean.filter(pc.invert(is_later)))


def test_every_kind_of_rule_is_broken_where_a_table_has_rows_enough(
    base: Mapping[str, pa.Table], labels: pa.Table
) -> None:
    kinds = {
        table.name: {kind_of(rule) for rule in SURROUNDINGS.rules(table)}
        for table in map(load_dictionary().get, EVENTS)
        if table is not None
    }
    # Seven expected of each kind: one in a thousand is missing by luck.
    enough = [name for name in EVENTS if base[name].num_rows * SHARE_RATIO >= 7 * len(kinds[name])]
    assert len(enough) >= 10
    for name in enough:
        found = {rule_id.rsplit(".", 1)[-1] for rule_id in labels_of(labels, name)["rule_id"].to_pylist()}
        assert kinds[name] | {"late"} <= found, name


def test_bad_rows_stay_below_what_the_door_tolerates(bank: Bank) -> None:
    facts = bank.manifest.tables
    shares = {name: facts[name].quarantined_rows / (facts[name].rows + facts[name].quarantined_rows) for name in EVENTS}
    assert max(shares.values()) < QUARANTINE_LIMIT_RATIO
    assert 0.9 * SHARE_RATIO < shares["transactions"] < 1.1 * SHARE_RATIO


def test_people_accounts_and_figures_of_the_bank_are_not_soiled(
    base: Mapping[str, pa.Table], dirty: tuple[dict[str, pa.Table], pa.Table]
) -> None:
    tables, labels = dirty
    assert all(tables[name] is base[name] for name in UNTOUCHED)
    assert not set(UNTOUCHED) - {"customers"} & set(labels["table"].to_pylist())
    silent = labels_of(labels, "customers")
    assert set(silent["rule_id"].to_pylist()) == {"customers.customer_id.silent"}
    assert labels.schema == LABEL_SCHEMA


def test_the_dirt_of_a_customer_is_the_same_whatever_the_part(tables: dict[str, pa.Table]) -> None:
    def dirt_of(part: list[str]) -> tuple[dict[str, pa.Table], pa.Table]:
        theirs = {
            name: table.filter(pc.is_in(table["customer_id"], value_set=pa.array(part)))
            for name, table in tables.items()
            if name != "bank_facts"
        }
        return soiled(theirs, Chance(5), SURROUNDINGS)

    everyone = tables["customers"]["customer_id"].to_pylist()
    whole, first, second = dirt_of(everyone), dirt_of(everyone[:217]), dirt_of(everyone[217:])
    for name in EVENTS:
        parts = [first[0][name], second[0][name]]
        assert sorted_rows(pa.concat_tables(parts)).equals(sorted_rows(whole[0][name])), name
    assert sorted_rows(pa.concat_tables([first[1], second[1]])).equals(sorted_rows(whole[1]))


def test_a_later_row_does_not_change_the_dirt_of_those_before(tables: dict[str, pa.Table]) -> None:
    calls = tables["calls"]
    shorter = {"calls": calls.slice(0, calls.num_rows - 1)}
    before, _ = soiled(shorter, Chance(2), SURROUNDINGS)
    after, _ = soiled({"calls": calls}, Chance(2), SURROUNDINGS)
    assert before["calls"].num_rows > shorter["calls"].num_rows
    assert set(before["calls"]["call_id"].to_pylist()) <= set(after["calls"]["call_id"].to_pylist())


def test_another_seed_soils_other_rows(tables: dict[str, pa.Table]) -> None:
    one, again, other = (soiled(tables, Chance(seed), SURROUNDINGS)[1] for seed in (1, 1, 2))
    assert one.equals(again)
    assert not one.equals(other)


def test_encoded_text_stays_encoded_and_says_the_same(tables: dict[str, pa.Table]) -> None:
    def encoded(rows: pa.Table) -> pa.Table:
        for place, field in enumerate(rows.schema):
            if field.type == pa.string():
                kind = pa.dictionary(pa.int32() if field.name.endswith("_id") else pa.int16(), pa.string())
                values = rows.column(place).combine_chunks().dictionary_encode().cast(kind)
                rows = rows.set_column(place, pa.field(field.name, kind), values)
        return rows

    plain = {name: tables[name].slice(0, 20_000) for name in EVENTS}
    given = {name: encoded(rows) for name, rows in plain.items()}
    soiled_plain, labels = soiled(plain, Chance(3), SURROUNDINGS)
    soiled_encoded, same_labels = soiled(given, Chance(3), SURROUNDINGS)
    assert same_labels.equals(labels)
    for name in EVENTS:
        dirty_types = [
            field.with_type(pa.float64()) if field.name in FLOATING.get(name, ()) else field
            for field in given[name].schema
        ]
        assert soiled_encoded[name].schema == pa.schema(dirty_types)
        assert as_text(soiled_encoded[name].cast(soiled_plain[name].schema)).equals(as_text(soiled_plain[name])), name


def test_a_table_without_rows_stays_without_rows(tables: dict[str, pa.Table]) -> None:
    empty = {name: table.slice(0, 0) for name, table in tables.items()}
    nothing, labels = soiled(empty, Chance(1), SURROUNDINGS)
    assert labels.num_rows == 0
    assert all(rows.num_rows == 0 for rows in nothing.values())


def as_text(rows: pa.Table) -> pa.Table:
    """The rows with text for numbers, since a number that is none (NaN) is never equal to itself."""
    kinds = [(field.name, pa.string() if pa.types.is_floating(field.type) else field.type) for field in rows.schema]
    return rows.cast(pa.schema(kinds))


def sorted_rows(rows: pa.Table) -> pa.Table:
    rows = as_text(rows)
    order = [(name, "ascending") for name in rows.column_names]
    return rows.sort_by(order).combine_chunks()

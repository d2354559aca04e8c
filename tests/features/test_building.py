"""A build, from the bank's tables to the rows on disk."""

from datetime import datetime, timedelta

import pytest

from features.building import build_features, observation_pairs
from features.catalogue import definitions_hash
from features.rows import open_rows, rows_dir
from linewise.core.errors import BankMissing, UnknownCustomer, UsageError
from linewise.core.home import Home
from tests.features.builders import NOW, bank_of, numbered, pairs_of, txn
from tests.linewise.bank.builders import bytes_below

TRANSACTIONS = [txn(days, 100 + days, customer_id=f"c{days % 3 + 1}") for days in range(1, 200, 3)]


def days_before(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_a_build_says_what_it_wrote(home: Home) -> None:
    bank = bank_of(home, [txn(1), txn(2, customer_id="c2")])
    done: list[int] = []
    report = build_features(home, observation_pairs(bank, NOW, [days_before(40), NOW]), done.append)
    assert (report.rows, report.customers, report.kept_rows, report.dropped_rows) == (4, 2, 0, 0)
    assert (report.as_of_from, report.as_of_until) == (days_before(40), NOW)
    assert report.definitions_hash == definitions_hash()
    assert sum(done) == 4
    assert open_rows(home).data_hash == bank.manifest.data_hash


def test_the_same_input_gives_the_same_bytes_whatever_its_order(home: Home, tmp_path: object) -> None:
    other = Home(home.root.with_name("other"))
    for place, order in ((home, TRANSACTIONS), (other, TRANSACTIONS[::-1])):
        bank = bank_of(place, [dict(row) for row in order])
        build_features(place, observation_pairs(bank, NOW, [days_before(50), NOW]))
    ours, theirs = bytes_below(rows_dir(home)), bytes_below(rows_dir(other))
    assert [name for name in ours if name.endswith("parquet")] == ["2026-05.parquet", "2026-06.parquet"]
    assert {name: ours[name] for name in ours if name.endswith("parquet")} == {
        name: theirs[name] for name in theirs if name.endswith("parquet")
    }


def test_dates_built_one_by_one_give_the_bytes_of_one_build(home: Home) -> None:
    other = Home(home.root.with_name("other"))
    for place in (home, other):
        bank_of(place, numbered(TRANSACTIONS))
    dates = [days_before(1), days_before(3), days_before(60)]
    pairs = [("c1", date) for date in dates] + [("c2", dates[0])]
    build_features(home, pairs_of(*pairs))
    for pair in reversed(pairs):
        build_features(other, pairs_of(pair))
    assert bytes_below(rows_dir(home)) == bytes_below(rows_dir(other))


def test_a_home_without_a_bank_is_told_how_to_load_one(home: Home) -> None:
    with pytest.raises(BankMissing, match="linewise bank import"):
        build_features(home, pairs_of(("c1", NOW)))


def test_strangers_and_empty_builds_are_refused_and_nothing_is_written(home: Home) -> None:
    bank_of(home, [txn(1)])
    with pytest.raises(UnknownCustomer):
        build_features(home, pairs_of(("c1", NOW), ("nobody", NOW)))
    with pytest.raises(UsageError, match="No pair"):
        build_features(home, pairs_of())
    assert not rows_dir(home).exists()

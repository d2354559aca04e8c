"""A build, from the bank's tables to the rows on disk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.buckets import Bucket
from features.building import build_features, computed, observation_pairs
from features.catalogue import FEATURE_NAMES, definitions_hash
from features.engine.questions import questions_of
from features.lots import in_shares, in_turns
from features.rows import SCHEMA, open_rows, row_files, rows_dir
from features.rows_draft import RowsDraft
from linewise.core.errors import BankMissing, Conflict, UnknownCustomer, UsageError
from linewise.core.home import Home
from tests.features.builders import NOW, bank_of, numbered, pairs_of, txn
from tests.linewise.bank.builders import bytes_below

pytestmark = pytest.mark.slow

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
    assert [name for name in ours if name.endswith("parquet")] == [
        "2026-05/bucket-00000.parquet",
        "2026-06/bucket-00000.parquet",
    ]
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


@pytest.fixture
def small_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two customers a bucket, so that a handful of customers is a bank of many buckets."""
    monkeypatch.setattr("features.buckets.CUSTOMERS_A_BUCKET", 2)


FIVE = [txn(days, 100 + days, customer_id=f"c{days % 5 + 1}") for days in range(1, 200, 3)]
DATES = [days_before(60), days_before(30), NOW]


def rows_of_all(home: Home) -> list[dict[str, object]]:
    tables = [pq.read_table(path, schema=SCHEMA) for path in row_files(home)]
    ordered = pa.concat_tables(tables).sort_by([("event_timestamp", "ascending"), ("customer_id", "ascending")])
    return ordered.to_pylist()


def test_every_bucket_of_customers_has_a_file_of_its_own_in_every_month(home: Home, small_buckets: None) -> None:
    bank = bank_of(home, numbered(FIVE))
    report = build_features(home, observation_pairs(bank, NOW, DATES))
    assert (report.bucket_count, report.resumed_buckets) == (3, 0)
    months = sorted({f"{date:%Y-%m}" for date in DATES})
    named = [path.relative_to(rows_dir(home)).as_posix() for path in row_files(home)]
    assert named == [f"{month}/bucket-0000{number}.parquet" for month in months for number in range(3)]


def test_many_buckets_and_processes_give_the_rows_of_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Home(home.root.with_name("other"))
    for place in (home, other):
        bank = bank_of(place, numbered(FIVE))
    build_features(home, observation_pairs(bank, NOW, DATES))
    monkeypatch.setattr("features.buckets.CUSTOMERS_A_BUCKET", 2)
    build_features(other, observation_pairs(bank, NOW, DATES), workers=2)
    assert rows_of_all(home) == rows_of_all(other)


def test_an_interrupted_build_goes_on_where_it_was(
    home: Home, small_buckets: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = bank_of(home, numbered(FIVE))
    pairs = observation_pairs(bank, NOW, DATES)
    whole = RowsDraft.write

    def fails_at_the_last(draft: RowsDraft, bucket: Bucket, fresh: pa.Table) -> None:
        if bucket.number == 2:
            raise KeyboardInterrupt
        whole(draft, bucket, fresh)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(RowsDraft, "write", fails_at_the_last)
        build_features(home, pairs, workers=1)
    assert not rows_dir(home).exists()
    done: list[int] = []
    assert build_features(home, pairs, done.append, workers=1).resumed_buckets == 2
    assert sum(done) == pairs.num_rows
    other = Home(home.root.with_name("other"))
    bank_of(other, numbered(FIVE))
    build_features(other, pairs)
    assert bytes_below(rows_dir(home)) == bytes_below(rows_dir(other))
    assert sorted(path.name for path in home.features_dir.glob(".customer_features.*")) == [
        ".customer_features.build.lock"
    ]


def test_what_another_plan_left_is_not_gone_on_with(
    home: Home, small_buckets: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = bank_of(home, numbered(FIVE))
    with monkeypatch.context() as patched, pytest.raises(OSError, match="no more"):
        patched.setattr(RowsDraft, "finish", lambda draft: (_ for _ in ()).throw(OSError("no more")))
        build_features(home, observation_pairs(bank, NOW, DATES), workers=1)
    assert build_features(home, observation_pairs(bank, NOW, DATES[:1]), workers=1).resumed_buckets == 0


def test_earlier_rows_move_to_the_buckets_of_a_bank_that_has_grown(home: Home, small_buckets: None) -> None:
    bank = bank_of(home, numbered(FIVE))
    build_features(home, observation_pairs(bank, NOW, [days_before(60)]))
    before = rows_of_all(home)
    bank = bank_of(home, numbered([*FIVE, txn(3, customer_id="c0")]))
    report = build_features(home, pairs_of(("c0", NOW)))
    assert (report.kept_rows, report.bucket_count) == (5, 3)
    assert [row for row in rows_of_all(home) if row["event_timestamp"] == days_before(60)] == before
    rows = [pq.read_table(path, columns=["customer_id"])["customer_id"].to_pylist() for path in row_files(home)]
    assert rows == [["c1"], ["c2", "c3"], ["c4", "c5"], ["c0"]]


def test_two_builds_at_once_in_one_home_are_refused(home: Home) -> None:
    bank = bank_of(home, numbered(FIVE))
    pairs = observation_pairs(bank, NOW)

    def another(rows: int) -> None:
        with pytest.raises(Conflict, match="Another process builds"):
            build_features(home, pairs)

    build_features(home, pairs, another)


def test_rows_of_a_bank_in_another_time_zone_are_dropped(home: Home) -> None:
    bank = bank_of(home, TRANSACTIONS)
    build_features(home, observation_pairs(bank, NOW, [days_before(40)]))
    moved = bank_of(home, TRANSACTIONS, time_zone="Asia/Tokyo")
    assert build_features(home, observation_pairs(moved, NOW)).dropped_rows == 2


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    "names",
    [
        ("debit_sum_amt_30d", "credit_sum_amt_90d"),
        ("utilisation_ratio", "age_years", "balance_low_amt_90d"),
        ("income_mean_amt_6m", "txn_trend_ratio_12m"),
    ],
)
def test_some_features_alone_are_those_of_all(
    home: Home, small_buckets: None, names: tuple[str, ...], workers: int
) -> None:
    bank = bank_of(home, numbered(FIVE))
    pairs = observation_pairs(bank, NOW, DATES)
    keys = ["customer_id", "event_timestamp", "created_timestamp"]
    some = list(computed(bank, pairs, names, workers=workers))
    for (bucket, alone), (_, whole) in zip(some, computed(bank, pairs), strict=True):
        assert alone.equals(whole.select([*keys, *names]))
        assert bucket.number < len(some)


@pytest.mark.parametrize(
    ("pair_counts", "workers", "lots"),
    [
        ([], 2, []),
        ([10], 2, [1]),
        ([10, 10, 10], 2, [1, 1, 1]),
        ([10_000] * 10, 2, [3, 3, 2, 2]),
        ([120_000] * 10, 2, [3, 3, 2, 2]),
        ([120_000] * 4, 2, [1, 1, 1, 1]),
        ([10_000] * 9, 2, [3, 2, 2, 2]),
        ([10_000] * 100, 2, [10] * 10),
    ],
)
def test_buckets_are_computed_in_even_lots_and_the_larger_ones_first(
    pair_counts: list[int], workers: int, lots: list[int]
) -> None:
    tasks = [
        (Bucket(place, None, None, {}), pairs_of(("c1", NOW)).take([0] * n)) for place, n in enumerate(pair_counts)
    ]
    made = in_turns(tasks, workers)
    assert [len(lot) for lot in made] == lots
    assert [bucket.number for lot in made for bucket, _ in lot] == list(range(len(pair_counts)))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 181, 500])
@pytest.mark.parametrize("wanted", [FEATURE_NAMES, FEATURE_NAMES[:7], FEATURE_NAMES[-3:], FEATURE_NAMES[108:113]])
def test_features_are_shared_out_whole_and_nobody_is_left_without(wanted: Sequence[str], count: int) -> None:
    shares = in_shares(wanted, count)
    assert sorted(name for share in shares for name in share) == sorted(wanted)
    assert len(shares) == max(min(count, len(wanted)), 1)
    assert all(shares)


def test_one_share_waits_for_the_walk_of_transactions_and_the_other_need_not_read_them() -> None:
    walking, asking = (questions_of("UTC", frozenset(share)) for share in in_shares(FEATURE_NAMES, 2))
    assert "transactions" in walking.columns
    assert not walking.sql
    assert "transactions" not in asking.columns


def test_what_no_transaction_tells_is_built_the_same_without_them(home: Home) -> None:
    bank = bank_of(home, TRANSACTIONS)
    pairs, names = pairs_of(("c1", NOW), ("c2", NOW)), FEATURE_NAMES[110:]
    (alone,) = (rows for _, rows in computed(bank, pairs, names))
    (whole,) = (rows for _, rows in computed(bank, pairs))
    assert alone.equals(whole.select(alone.column_names))

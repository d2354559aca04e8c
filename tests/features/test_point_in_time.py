"""A pair gets the latest row at or before its moment: as Feast joins, and as going through all rows would find it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from feast import FeatureView, Field, FileSource
from feast.infra.offline_stores.file_source import SavedDatasetFileStorage
from feast.types import Float64, String
from hypothesis import given, settings
from hypothesis import strategies as st

from features.catalogue import FEATURE_NAMES, names_allowed_for
from features.feast_objects import feast_objects
from features.freshness import TOO_OLD_AFTER
from features.point_in_time import Pairs, rows_as_of
from features.rows import manifest_in, rows_dir
from features.store import applied_store, quietly
from features.view import VIEW
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home
from linewise.core.moments import microseconds
from tests.features.builders import feature_rows, write_row_files
from tests.features.feast_as_it_comes import feast_as_it_comes

APRIL, MAY, JUNE = (datetime(2026, month, 28, tzinfo=UTC) for month in (4, 5, 6))
INSTANT = timedelta(microseconds=1)
NAN = float("nan")
REFS = [f"{VIEW}:{name}" for name in FEATURE_NAMES]
DATED = [("a", APRIL, 1), ("a", MAY, 2), ("a", JUNE, 3), ("b", APRIL, 4), ("c", JUNE, 5), ("d", MAY, NAN)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Four customers in three buckets: in all months, in the first, in the last, and with missing values alone."""
    home = Home(tmp_path_factory.mktemp("built"))
    write_row_files(home, feature_rows(*DATED), ["b", "d"])
    return home


def joined(home: Home, pairs: list[tuple[str, datetime]], longest: timedelta | None = TOO_OLD_AFTER) -> list[float]:
    """The value of each pair; every feature of a row has the same."""
    manifest = manifest_in(rows_dir(home))
    assert manifest is not None
    customers, moments = zip(*pairs, strict=True) if pairs else ((), ())
    asked = Pairs(pa.array(customers, pa.string()), np.array([microseconds(one) for one in moments], dtype=np.int64))
    longest_us = None if longest is None else longest // INSTANT
    values = rows_as_of(rows_dir(home), manifest.bucket_starts, asked, FEATURE_NAMES, longest_us)
    assert values.shape == (len(FEATURE_NAMES), len(pairs))
    assert (np.isnan(values) | (values == values[0])).all()
    return [float(value) for value in values[0]]


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (("a", MAY), 2),
        (("a", MAY - INSTANT), 1),
        (("a", JUNE - INSTANT), 2),
        (("a", JUNE + timedelta(days=50)), 3),
        (("a", APRIL - INSTANT), NAN),
        (("b", APRIL + TOO_OLD_AFTER), 4),
        (("b", APRIL + TOO_OLD_AFTER + INSTANT), NAN),
        (("d", MAY), NAN),
        (("bb", JUNE), NAN),
        (("", JUNE), NAN),
        (("c", datetime(1900, 1, 1, tzinfo=UTC)), NAN),
    ],
    ids=[
        "a row of the very moment",
        "an instant before it the former row",
        "an instant before the next",
        "long after the last",
        "before the first",
        "exactly as old as a row may be",
        "an instant older",
        "a row of missing values",
        "a stranger between two buckets' customers",
        "no name at all",
        "before the calendar of computers",
    ],
)
def test_a_pair_gets_the_latest_row_as_of_its_moment(built: Home, pair: tuple[str, datetime], expected: float) -> None:
    np.testing.assert_array_equal(joined(built, [pair, ("a", JUNE), pair]), [expected, 3, expected])


def test_without_a_limit_a_row_never_grows_too_old(built: Home) -> None:
    assert joined(built, [("b", APRIL + timedelta(days=9_999))], None) == [4]


def test_no_pairs_have_no_rows(built: Home) -> None:
    assert joined(built, []) == []


def test_of_two_rows_of_one_moment_the_one_created_later_stands(home: Home) -> None:
    late, early = (feature_rows(("a", MAY, value), created_at=at) for value, at in ((1, JUNE), (2, MAY)))
    write_row_files(home, pa.concat_tables([late, early]))
    assert joined(home, [("a", JUNE)]) == [1]


moments = st.integers(0, 200).map(lambda days: APRIL + timedelta(days=days))
customers = st.sampled_from(["a", "b", "ba", "c", "é", "z"])
some_rows = st.dictionaries(st.tuples(customers, moments), st.integers(0, 99), min_size=1)


# Each example writes the files of its rows.
@settings(max_examples=40)
@given(some_rows, st.lists(st.tuples(customers, moments)), st.sets(customers))
def test_it_is_what_going_through_all_rows_would_find(
    rows: dict[tuple[str, datetime], int], pairs: list[tuple[str, datetime]], starts: set[str]
) -> None:
    def by_hand(customer: str, moment: datetime) -> float:
        fitting = [
            (at, value) for (one, at), value in rows.items() if one == customer and at <= moment <= at + TOO_OLD_AFTER
        ]
        return float(max(fitting)[1]) if fitting else NAN

    with TemporaryDirectory() as folder:
        home = Home(Path(folder))
        write_row_files(home, feature_rows(*((*pair, value) for pair, value in rows.items())), sorted(starts - {"a"}))
        np.testing.assert_array_equal(joined(home, pairs), [by_hand(*pair) for pair in pairs])


def pairs_frame(**more: list[object]) -> pd.DataFrame:
    asked = [("c", JUNE), ("a", MAY), ("nobody", JUNE), ("a", JUNE), ("b", JUNE), ("d", JUNE), ("a", MAY)]
    customers, moments = zip(*asked, strict=True)
    frame = pd.DataFrame({"customer_id": customers, "event_timestamp": moments, **more, "place": range(len(asked))})
    return frame.astype({"event_timestamp": "datetime64[us, UTC]"})


@pytest.mark.parametrize("full_feature_names", [False, True])
@pytest.mark.parametrize("wanted", ["references", "service"])
def test_feast_answers_as_from_its_own_store_with_the_pairs_in_their_order(
    built: Home, tmp_path: Path, wanted: str, full_feature_names: bool
) -> None:
    answers = []
    for store in (applied_store(built), feast_as_it_comes(built, tmp_path / "plain")):
        features = REFS if wanted == "references" else store.get_feature_service("default_model")
        with quietly():
            job = store.get_historical_features(pairs_frame(), features, full_feature_names=full_feature_names)
            answers.append((job.to_df(), job.to_arrow().to_pandas()))
    (ours, our_arrow), (plain, _) = answers
    assert ours["place"].tolist() == list(range(len(ours)))
    pd.testing.assert_frame_equal(our_arrow, ours)
    plain = plain.sort_values("place").reset_index(drop=True)
    assert set(plain.columns) == set(ours.columns)
    pd.testing.assert_frame_equal(ours, plain[ours.columns], check_dtype=False)


def test_feast_is_told_what_was_asked_and_may_keep_the_answer(built: Home, tmp_path: Path) -> None:
    store = applied_store(built)
    with quietly():
        job = store.get_historical_features(pairs_frame(), [f"{VIEW}:{name}" for name in names_allowed_for("risk")])
        job.persist(SavedDatasetFileStorage(path=str(tmp_path / "kept.parquet")))
    assert (job.metadata.keys, job.metadata.max_event_timestamp) == (["customer_id", "place"], JUNE)
    kept = pd.read_parquet(tmp_path / "kept.parquet")
    assert kept[names_allowed_for("risk")[0]].tolist()[:2] == [5, 2]


def test_a_view_of_anything_else_is_joined_by_duckdb_and_so_are_several(built: Home, tmp_path: Path) -> None:
    rows = pd.DataFrame({"customer_id": ["a"], "event_timestamp": [MAY], "score": [0.5]})
    rows.astype({"event_timestamp": "datetime64[us, UTC]"}).to_parquet(tmp_path / "scores.parquet")
    schema = [Field(name="customer_id", dtype=String), Field(name="score", dtype=Float64)]
    source = FileSource(name="scores", path=str(tmp_path / "scores.parquet"), timestamp_field="event_timestamp")
    view = FeatureView(
        name="other", entities=[feast_objects(built).customer], ttl=timedelta(days=99), schema=schema, source=source
    )
    store = applied_store(built)
    with quietly():
        store.apply([view])
        both = store.get_historical_features(pairs_frame(), [REFS[0], "other:score"]).to_df().sort_values("place")
        store.apply([], objects_to_delete=[view], partial=False)
    assert both["score"].fillna(0).tolist() == [0, 0.5, 0, 0.5, 0, 0, 0.5]
    assert both[FEATURE_NAMES[0]].fillna(0).tolist() == [5, 2, 0, 3, 4, 0, 2]


def test_rows_of_other_definitions_than_the_registrys_are_refused(home: Home) -> None:
    write_row_files(home, feature_rows(*DATED))
    store = applied_store(home)
    manifest = rows_dir(home) / "_definitions.json"
    told = manifest.read_text(encoding="utf-8")
    manifest.write_text(told.replace('"definitions_hash": "', '"definitions_hash": "0'), encoding="utf-8")
    with quietly(), pytest.raises(FeaturesMissing, match="other definitions than Feast's view"):
        store.get_historical_features(pairs_frame(), REFS)

"""`feast materialize` by our engine: Feast's own answers, a generation each time, and nothing of other definitions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from feast import FeatureStore, FeatureView, Field, FileSource
from feast.types import Float64, String
from pandas import DataFrame

from features.catalogue import FEATURE_NAMES
from features.feast_objects import feast_objects
from features.online import OnlineStore
from features.packed_online_store import HASH_TAG
from features.rows import MANIFEST_NAME, rows_dir
from features.store import applied_store, quietly
from features.view import VIEW
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home
from tests.features.builders import feature_rows, write_row_files
from tests.features.feast_as_it_comes import feast_as_it_comes

APRIL, MAY, JUNE = (datetime(2026, month, 28, tzinfo=UTC) for month in (4, 5, 6))
INSTANT = timedelta(microseconds=1)
IDS = ["a", "b", "c", "d"]
NAN = float("nan")


@pytest.fixture
def built(home: Home) -> Home:
    """Four customers in two buckets: in all months, in the first, in the last, and with nothing but missing values."""
    dated = [("a", APRIL, 1), ("a", MAY, 2), ("a", JUNE, 3), ("b", APRIL, 4), ("c", JUNE, 5), ("d", MAY, NAN)]
    write_row_files(home, feature_rows(*dated), ["c"])
    return home


def values_of(store: FeatureStore) -> np.ndarray:
    """What Feast answers for the four, (4, n_features), NaN where it has no value."""
    features = [f"{VIEW}:{name}" for name in FEATURE_NAMES]
    answer = store.get_online_features(features=features, entity_rows=[{"customer_id": one} for one in IDS])
    return np.asarray(answer.to_df()[list(FEATURE_NAMES)].to_numpy(dtype="float64"))


def online(home: Home) -> dict[str, float]:
    """The value of each customer that the live generation holds."""
    rows = OnlineStore(home).read(IDS)
    return {one: rows.values[place, 0] for place, one in enumerate(IDS) if rows.found[place]}


@pytest.mark.parametrize(
    "window",
    [(APRIL, JUNE), (APRIL, JUNE - INSTANT), (APRIL + INSTANT, MAY), (MAY, MAY), (APRIL, APRIL)],
    ids=["all", "up to an instant before the last", "after the first", "one moment", "the first alone"],
)
def test_a_window_fills_what_feasts_own_engine_fills(
    built: Home, tmp_path: Path, window: tuple[datetime, datetime]
) -> None:
    ours, plain = applied_store(built), feast_as_it_comes(built, tmp_path / "plain")
    with quietly():
        ours.materialize(*window)
        plain.materialize(*window)
    np.testing.assert_array_equal(values_of(ours), values_of(plain))


def test_as_in_feast_the_time_to_live_plays_no_part_in_filling(built: Home, tmp_path: Path) -> None:
    later = JUNE + timedelta(days=1000)
    ours, plain = applied_store(built), feast_as_it_comes(built, tmp_path / "plain")
    with quietly():
        ours.materialize(APRIL, later)
        plain.materialize(APRIL, later)
    np.testing.assert_array_equal(values_of(ours), values_of(plain))
    assert set(online(built)) == set(IDS)


def test_a_later_window_keeps_the_rows_from_before_it(built: Home) -> None:
    store = applied_store(built)
    with quietly():
        store.materialize(APRIL, MAY)
        store.materialize(MAY + INSTANT, JUNE)
    assert (online(built)["a"], online(built)["b"], set(online(built))) == (3, 4, set(IDS))
    assert OnlineStore(built).generation().filled.window == (APRIL, JUNE)


def test_an_incremental_filling_goes_on_from_the_last_one(built: Home) -> None:
    store = applied_store(built)
    with quietly():
        store.materialize(APRIL, MAY)
        store.materialize_incremental(JUNE)
    assert (online(built)["a"], online(built)["b"], online(built)["c"]) == (3, 4, 5)


def test_an_earlier_window_shows_the_bank_as_it_was_then(built: Home) -> None:
    store = applied_store(built)
    with quietly():
        store.materialize(APRIL, JUNE)
        store.materialize(APRIL, APRIL)
    assert online(built) == {"a": 1, "b": 4}


def test_a_window_without_a_row_is_refused_and_the_live_generation_stays(built: Home) -> None:
    store = applied_store(built)
    with quietly():
        store.materialize(APRIL, JUNE)
        before = OnlineStore(built).generation().id
        with pytest.raises(FeaturesMissing, match="no feature row from 2026-06-28 to 2026-07-28"):
            store.materialize(JUNE + INSTANT, JUNE + timedelta(days=30))
    assert OnlineStore(built).generation().id == before


def test_rows_of_other_definitions_than_the_registrys_are_refused(built: Home) -> None:
    path = rows_dir(built) / MANIFEST_NAME
    told = path.read_text(encoding="utf-8")
    path.write_text(told.replace('"definitions_hash": "', '"definitions_hash": "0'), encoding="utf-8")
    with quietly(), pytest.raises(FeaturesMissing, match="other definitions than Feast's view"):
        applied_store(built).materialize(APRIL, JUNE)
    assert not list(built.feast_dir.rglob("*.db.*"))


def test_a_view_of_anything_else_goes_the_way_of_feasts_own_engine_and_both_stay(built: Home, tmp_path: Path) -> None:
    rows = DataFrame({"customer_id": ["a"], "event_timestamp": [MAY], "created_timestamp": [MAY], "score": [0.5]})
    rows.astype({"event_timestamp": "datetime64[us, UTC]"}).to_parquet(tmp_path / "scores.parquet")
    source = FileSource(name="scores", path=str(tmp_path / "scores.parquet"), timestamp_field="event_timestamp")
    schema = [Field(name="customer_id", dtype=String), Field(name="score", dtype=Float64)]
    view = FeatureView(
        name="other",
        entities=[feast_objects(built).customer],
        ttl=timedelta(days=9),
        schema=schema,
        source=source,
        tags={HASH_TAG: "another"},
    )
    store = applied_store(built)
    with quietly():
        store.apply([view])
        store.materialize(APRIL, JUNE)
        answer = store.get_online_features(features=["other:score"], entity_rows=[{"customer_id": "a"}]).to_dict()
    assert answer["score"] == [0.5]
    assert online(built)["a"] == 3


def test_a_row_pushed_by_feast_lies_in_a_generation_of_its_own_beside_what_was_filled(built: Home) -> None:
    store = applied_store(built)
    with quietly():
        store.materialize(APRIL, JUNE)
        before = OnlineStore(built).generation()
        pushed = feature_rows(("a", JUNE, 9)).to_pandas()
        store.write_to_online_store(VIEW, pushed)
    assert (online(built)["a"], online(built)["b"]) == (9, 4)
    assert before.read(["a"]).values[0, 0] == 3

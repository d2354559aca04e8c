"""The two doors agree: what was built is what training gets and what a decision reads, to the last bit."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from features.building import build_features, observation_pairs
from features.catalogue import FEATURE_NAMES, names_allowed_for
from features.generations import generation_path
from features.historical import historical
from features.materialising import materialise
from features.online import OnlineStore
from features.rows import row_files
from features.store import applied_store, online_dir
from features.view import VIEW
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home
from tests.features.builders import NOW, bank_of, pairs_of, txn
from tests.linewise.bank.builders import a_customer

# A moment that nanoseconds, microseconds and seconds would round differently.
ODD_MOMENT = datetime(2026, 6, 1, 12, 34, 56, 789_013, tzinfo=UTC)
IDS = ["c1", "c2", "c3"]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home whose three customers (one without age, one without history) are built at two dates and filled."""
    home = Home(tmp_path_factory.mktemp("filled"))
    transactions = [txn(day, 100 * day + 1, "transfer_in", balance_amt=-day) for day in range(1, 200, 7)]
    transactions += [txn(day, 77 * day, "purchase", customer_id="c2") for day in range(1, 90, 5)]
    customers = [a_customer("c1"), a_customer("c2", birth_date=None), a_customer("c3", observed_until=ODD_MOMENT)]
    bank = bank_of(home, transactions, customers)
    build_features(home, observation_pairs(bank, NOW, [NOW - timedelta(days=60), NOW]))
    materialise(home, NOW)
    return home


def built(home: Home) -> pd.DataFrame:
    """The rows as they lie on disk, the latest of each customer, in order of customer."""
    rows = pd.read_parquet(row_files(home)).sort_values("event_timestamp")
    return rows.groupby("customer_id").tail(1).sort_values("customer_id").reset_index(drop=True)


def from_feast(home: Home, features: Sequence[str] | object) -> pd.DataFrame:
    rows = [{"customer_id": customer_id} for customer_id in IDS]
    return applied_store(home).get_online_features(features=features, entity_rows=rows).to_df()


def values_of(rows: pd.DataFrame, names: Sequence[str] = FEATURE_NAMES) -> NDArray[np.float64]:
    return rows[list(names)].to_numpy(dtype="float64")


def test_online_equals_historical_equals_built_to_the_last_bit(filled: Home) -> None:
    rows = built(filled)
    online = OnlineStore(filled).read(IDS)
    assert online.found.all()
    assert online.values.tobytes() == values_of(rows).tobytes()
    assert list(online.as_of) == list(rows["event_timestamp"].dt.tz_localize(None).to_numpy("datetime64[us]"))
    asked = rows[["customer_id", "event_timestamp"]]
    assert values_of(historical(filled, asked)).tobytes() == online.values.tobytes()
    by_feast = from_feast(filled, [f"{VIEW}:{name}" for name in FEATURE_NAMES])
    assert by_feast["customer_id"].tolist() == IDS
    np.testing.assert_array_equal(values_of(by_feast), online.values)


def test_a_feature_service_gives_its_own_features(filled: Home) -> None:
    names = names_allowed_for("risk")
    by_feast = from_feast(filled, applied_store(filled).get_feature_service("default_model"))
    assert set(by_feast.columns) == {"customer_id", *names}
    places = [FEATURE_NAMES.index(name) for name in names]
    np.testing.assert_array_equal(values_of(by_feast, names), OnlineStore(filled).read(IDS).values[:, places])


def test_a_missing_value_is_nan_and_the_observation_date_keeps_its_microseconds(filled: Home) -> None:
    online = OnlineStore(filled).read(IDS)
    age = FEATURE_NAMES.index("age_years")
    assert np.isnan(online.values[:, age]).tolist() == [False, True, False]
    assert online.as_of[2] == np.datetime64(ODD_MOMENT.replace(tzinfo=None), "us")
    assert online.as_of.dtype == np.dtype("datetime64[us]")


def test_customers_come_back_in_the_order_asked_and_strangers_are_not_found(filled: Home) -> None:
    online = OnlineStore(filled).read(["c3", "nobody", "c1", "c3"])
    assert online.customer_id.tolist() == ["c3", "nobody", "c1", "c3"]
    assert online.found.tolist() == [True, False, True, True]
    assert np.isnan(online.values[1]).all()
    assert np.isnat(online.as_of[1])
    np.testing.assert_array_equal(online.values[0], online.values[3])
    assert OnlineStore(filled).read([]).values.shape == (0, len(FEATURE_NAMES))


def test_training_gets_the_row_of_its_own_date_in_the_order_asked(filled: Home) -> None:
    earlier = NOW - timedelta(days=60)
    asked = pd.DataFrame({"customer_id": ["c1", "c1", "c2"], "event_timestamp": [NOW, earlier, NOW]})
    found = historical(filled, asked)
    assert found["customer_id"].tolist() == ["c1", "c1", "c2"]
    assert found["history_days"].tolist() == [197, 137, 86]
    assert found.columns.tolist() == ["customer_id", "event_timestamp", *FEATURE_NAMES]


def test_training_accepts_times_in_nanoseconds_and_between_two_dates(filled: Home) -> None:
    between = pd.to_datetime([NOW - timedelta(days=1)], utc=True).astype("datetime64[ns, UTC]")
    found = historical(filled, pd.DataFrame({"customer_id": ["c1"], "event_timestamp": between}))
    assert found["history_days"].tolist() == [137]


@pytest.mark.parametrize("moment", [NOW - timedelta(days=61), NOW + timedelta(days=93)])
def test_training_without_a_row_of_its_time_is_refused(filled: Home, moment: datetime) -> None:
    asked = pd.DataFrame({"customer_id": ["c1"], "event_timestamp": [moment]})
    with pytest.raises(FeaturesMissing, match="1 of 1 pairs have no feature row"):
        historical(filled, asked)


def test_an_empty_training_set_has_all_columns(filled: Home) -> None:
    nothing = pd.DataFrame({"customer_id": [], "event_timestamp": []})
    assert historical(filled, nothing).columns.tolist() == ["customer_id", "event_timestamp", *FEATURE_NAMES]


def test_a_store_that_was_never_filled_says_what_to_run(home: Home) -> None:
    with pytest.raises(FeaturesMissing, match="linewise features materialize"):
        OnlineStore(home).read(["c1"])


@pytest.mark.parametrize("content", [b"", b"this is no database, whatever its name says" * 99])
def test_a_store_that_is_no_store_says_what_to_run(home: Home, content: bytes) -> None:
    online_dir(home).mkdir(parents=True)
    generation_path(online_dir(home), "broken").write_bytes(content)
    (online_dir(home) / "live").symlink_to("broken.db")
    with pytest.raises(FeaturesMissing, match="linewise features materialize"):
        OnlineStore(home).read(["c1"])


def test_a_reader_of_other_definitions_is_refused(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("features.online.definitions_hash", lambda: "another")
    with pytest.raises(FeaturesMissing, match="other definitions"):
        OnlineStore(filled).read(["c1"])


def test_an_open_reader_sees_a_refilled_store(home: Home) -> None:
    bank = bank_of(home, [txn(40, balance_amt=111), txn(1, balance_amt=222)])
    before = NOW - timedelta(days=30)
    build_features(home, observation_pairs(bank, NOW, before))
    materialise(home, NOW)
    reader = OnlineStore(home)
    balance = FEATURE_NAMES.index("balance_amt")
    assert reader.read(["c1"]).values[0, balance] == 111
    build_features(home, observation_pairs(bank, NOW))
    materialise(home, NOW)
    assert reader.read(["c1"]).values[0, balance] == 222


def test_a_feast_filling_of_its_own_lands_in_the_same_rows(filled: Home, tmp_path: Path) -> None:
    store = applied_store(filled, online_dir(Home(tmp_path)))
    store.materialize(NOW - timedelta(days=60), NOW)
    ours = OnlineStore(filled).read(IDS)
    assert OnlineStore(Home(tmp_path)).read(IDS).values.tobytes() == ours.values.tobytes()


def test_one_more_pair_leaves_the_others_alone(filled: Home) -> None:
    before = built(filled)
    build_features(filled, pairs_of(("c1", NOW - timedelta(days=7))))
    pd.testing.assert_frame_equal(built(filled), before)

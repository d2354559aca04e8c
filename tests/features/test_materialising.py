"""Filling the online store: the latest row up to now, all of it or nothing."""

import shutil
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from features.building import build_features, observation_pairs
from features.card_use.keeping import KeptReport, kept_card_use
from features.catalogue import FEATURE_NAMES, definitions_hash
from features.generations import live_id
from features.materialising import MaterialiseReport, materialise
from features.online import OnlineStore
from features.rows import rows_dir
from features.store import applied_store, online_dir
from linewise.bank.tables import open_bank
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home
from linewise.core.moments import microseconds
from tests.features.builders import NOW, bank_of, pairs_of, txn

MONTH = timedelta(days=30)


@pytest.fixture
def built(home: Home) -> Home:
    """Two customers, built a month ago and now."""
    bank = bank_of(home, [txn(50), txn(1), txn(2, customer_id="c2")])
    build_features(home, observation_pairs(bank, NOW, [NOW - MONTH, NOW]))
    return home


def history_days(home: Home, customer_id: str) -> float:
    return float(OnlineStore(home).read([customer_id]).values[0, FEATURE_NAMES.index("history_days")])


def test_the_latest_row_is_filled_and_the_edges_of_the_window_belong_to_it(built: Home) -> None:
    report = materialise(built, NOW)
    live = OnlineStore(built).generation()
    assert report == MaterialiseReport(
        live.id,
        2,
        NOW - MONTH,
        NOW,
        filled_at=live.filled.filled_at,
        definitions_hash=definitions_hash(),
        card_use=KeptReport(2, NOW),
    )
    assert history_days(built, "c1") == 50


def test_rows_of_a_later_date_than_now_are_left_out(built: Home) -> None:
    report = materialise(built, NOW - timedelta(days=1))
    assert (report.rows, report.as_of_until) == (2, NOW - timedelta(days=1))
    assert history_days(built, "c1") == 20


def test_where_every_row_lies_after_now_nothing_is_filled_and_the_former_store_stays(built: Home) -> None:
    materialise(built, NOW)
    before = live_id(online_dir(built))
    with pytest.raises(FeaturesMissing, match="after the bank's present moment"):
        materialise(built, NOW - timedelta(days=31))
    assert live_id(online_dir(built)) == before


def test_what_card_postings_come_to_is_kept_beside_the_store_as_of_the_same_moment(built: Home) -> None:
    bank, ids = open_bank(built), pa.array(["c1", "c2"])
    materialise(built, NOW)
    kept = kept_card_use(bank, ids, NOW)
    assert kept is not None
    assert kept.used_at.tolist() == [microseconds(NOW - timedelta(days=days)) for days in (1, 2)]
    with pytest.raises(FeaturesMissing):
        materialise(built, NOW - timedelta(days=31))
    assert kept_card_use(bank, ids, NOW) is not None


def test_a_window_without_a_row_is_no_success_and_the_former_store_stays(built: Home) -> None:
    before = materialise(built, NOW).generation_id
    with pytest.raises(FeaturesMissing, match="no feature row from 2026-01-01 to 2026-01-31"):
        applied_store(built).materialize(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 31, tzinfo=UTC))
    assert live_id(online_dir(built)) == before


def test_without_a_build_there_is_nothing_to_fill(home: Home) -> None:
    with pytest.raises(FeaturesMissing, match="linewise features build"):
        materialise(home, NOW)


def test_feast_says_nothing_on_standard_output(built: Home, capsys: pytest.CaptureFixture[str]) -> None:
    materialise(built, NOW)
    assert capsys.readouterr().out == ""


def test_customers_that_are_no_longer_built_leave_the_store(built: Home) -> None:
    materialise(built, NOW)
    shutil.rmtree(rows_dir(built))
    build_features(built, pairs_of(("c1", NOW)))
    assert materialise(built, NOW).rows == 1
    assert OnlineStore(built).read(["c1", "c2"]).found.tolist() == [True, False]

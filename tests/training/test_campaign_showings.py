"""Both arms of a campaign teach what showing an offer adds, each with the probability of the lot that drew it."""

from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from linewise.core.home import CAMPAIGN_OUTCOMES, CAMPAIGN_SHOWINGS, Home
from tests.linewise.bank.builders import END, rows_of, small_tables, write_small
from tests.training.test_showings import DAY, OFFERS, SHOWN, a_showing, an_order
from training.campaign_showings import SCHEMA, campaign_showings
from training.effects.showing_chance import filled_chance
from training.labels import ShowingLabels
from training.showings import FOLLOW_UP_DAYS, offer_take_up_labels

CALLED = SHOWN - 5 * DAY


def a_row_of_a_campaign(customer_id: str, is_shown: bool, **given: Any) -> dict[str, Any]:
    plain = {"customer_id": customer_id, "offer_id": "CLASSIC", "channel": "voice", "shown_at": CALLED}
    return {**plain, "recorded_at": CALLED + DAY, "is_shown": is_shown, "propensity": 0.8, **given}


@pytest.fixture
def labels_of(home: Home):
    def make(*rows: dict[str, Any], orders: tuple[str, ...] = (), of_bank=(), **how: Any) -> ShowingLabels:
        folder = home.lift_dir("SPRING")
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(list(rows), schema=SCHEMA), folder / CAMPAIGN_SHOWINGS)
        told = [an_order(at=CALLED + DAY, customer_id=one) for one in orders]
        outcomes = rows_of("outcomes", *told)
        kept = ["customer_id", "offer_id", "exposure_id", "outcome", "occurred_at", "recorded_at"]
        pq.write_table(outcomes.select(kept), folder / CAMPAIGN_OUTCOMES)
        shown = rows_of("exposures", a_showing(customer_id="c2"), a_showing("GOLD", SHOWN - 50 * DAY, customer_id="c2"))
        tables = {"exposures": shown, "outcomes": rows_of("outcomes", *of_bank), "holdings": rows_of("holdings")}
        bank = write_small(home, small_tables() | tables)
        return offer_take_up_labels(bank, OFFERS, END, 1_000, **how)

    return make


def of_campaign(labels: ShowingLabels) -> list[tuple[str, int, int, float, float]]:
    at = np.flatnonzero(~np.isnan(labels.propensity))
    rows = [
        (labels.customer_id[one], int(labels.is_shown[one]), int(labels.y[one]), labels.propensity[one],
         labels.pscore[one]) for one in at
    ]  # fmt: skip
    return sorted(rows)


def test_who_was_called_and_who_was_not_by_lot_are_cases_with_the_probability_of_the_lot(labels_of):
    rows = a_row_of_a_campaign("c1", True), a_row_of_a_campaign("c2", False)
    found = of_campaign(labels_of(*rows, orders=("c1",)))
    assert [one[:4] for one in found] == [("c1", 1, 1, 0.8), ("c2", 0, 0, 0.8)]
    assert found[0][4] == 0.8
    assert np.isnan(found[1][4])


def test_a_control_that_orders_by_itself_is_told_so_by_the_record_or_by_the_bank(labels_of):
    row = a_row_of_a_campaign("c2", False)
    assert of_campaign(labels_of(row, orders=("c2",)))[0][:3] == ("c2", 0, 1)
    by_bank = an_order(at=CALLED + DAY, customer_id="c2")
    assert of_campaign(labels_of(row, of_bank=(by_bank,)))[0][:3] == ("c2", 0, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "sms"},
        {"offer_id": "UNKNOWN"},
        {"shown_at": END - timedelta(days=FOLLOW_UP_DAYS - 1)},
        {"recorded_at": END + DAY},
    ],
    ids=["another channel", "not sold", "days not over", "not known yet"],
)
def test_what_teaches_nothing_of_calls_is_no_case(labels_of, changes: dict[str, Any]):
    assert of_campaign(labels_of(a_row_of_a_campaign("c1", True, **changes))) == []


def test_what_past_calls_are_judged_by_knows_no_campaigns(labels_of):
    labels = labels_of(a_row_of_a_campaign("c1", True), with_campaigns=False)
    assert of_campaign(labels) == []
    assert "c2" in labels.customer_id


def test_calls_are_cases_as_before_beside_a_campaign(labels_of):
    labels = labels_of(a_row_of_a_campaign("c1", True))
    of_call = np.flatnonzero(np.isnan(labels.propensity))
    assert sorted(labels.is_shown[of_call].tolist()) == [0, 0, 1, 1]


def test_a_home_without_campaigns_has_no_rows_of_any(home: Home):
    assert len(campaign_showings(write_small(home, small_tables()), "voice")) == 0


def test_where_a_lot_decided_its_probability_stands_and_the_others_are_learnt_from_each_other():
    draw = np.random.default_rng(0)
    x, shown = draw.normal(size=(400, 1)), draw.integers(0, 2, 400)
    fold_of, known = np.arange(400) % 2, np.full(400, np.nan)
    known[:100] = 0.9
    found = filled_chance(known, x, shown, None, fold_of, 1)
    assert (found[:100] == 0.9).all()
    alone = filled_chance(None, x[100:], shown[100:], None, fold_of[100:], 1)
    assert found[100:] == pytest.approx(alone)

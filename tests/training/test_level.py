from dataclasses import replace

import numpy as np
import pytest

from tests.training.report.builders import a_history, a_risk_spec
from training.dataset import Dataset
from training.fitting import fit_model
from training.level import level_of, shifted
from training.log_odds import level_shift, log_odds

MONTHS = 18


def months(move: str, seed: int, count: int = 20_000) -> tuple[Dataset, np.ndarray, float]:
    """Rows over 18 months, what a calibrated model says of them, and the shift that the last month needs."""
    draw = np.random.default_rng(seed)
    month = draw.integers(0, MONTHS, count)
    odds = -3.8 + 0.8 * draw.normal(size=count)
    moved = {"still": 0.0 * month, "jump": 0.4 * (month >= 12), "trend": 0.03 * month}[move]
    y = (draw.random(count) < 1 / (1 + np.exp(-odds - moved))).astype(np.int64)
    as_of = (np.datetime64("2023-01", "M") + month).astype("datetime64[us]")
    numbers = np.arange(count)
    data = Dataset(
        "card_default", (), (), np.empty((count, 0)), y, numbers, numbers,
        as_of=as_of, ripe_at=as_of + np.timedelta64(365, "D"),
    )  # fmt: skip
    plain = 1 / (1 + np.exp(-odds))
    calibrated = level_shift(y, plain)
    last = {"still": 0.0, "jump": 0.4, "trend": 0.03 * (MONTHS - 1)}[move]
    return data, shifted(plain, calibrated), last - calibrated


@pytest.mark.parametrize(("move", "off"), [("still", 0.03), ("jump", 0.06), ("trend", 0.12)])
def test_the_level_of_the_last_months_is_found_where_it_moved_and_left_where_it_did_not(move: str, off: float):
    told = [months(move, seed) for seed in range(10)]
    found = [level_of(data, probability) for data, probability, _ in told]
    needed = np.mean([shift for _, _, shift in told])
    assert np.mean(found) == pytest.approx(needed, abs=off)
    if move == "still":
        assert sum(shift != 0 for shift in found) <= 1


def test_rows_of_one_customer_do_not_make_a_chance_month_a_move():
    data, probability, _ = months("still", 3, 4_000)
    tenfold = np.repeat(np.arange(4_000), 10)
    again = replace(data.rows(tenfold), groups=data.groups[tenfold])
    assert level_of(again, probability[tenfold]) == 0.0


def test_where_labels_ripen_over_different_times_or_rows_carry_none_no_level_is_told():
    data, probability, _ = months("jump", 1)
    assert data.as_of is not None
    one_look = np.full(len(data.y), data.as_of.max())
    assert level_of(replace(data, ripe_at=one_look), probability) == 0.0
    assert level_of(replace(data, as_of=None), probability) == 0.0


def test_few_months_say_nothing_of_a_move():
    data, probability, _ = months("jump", 1)
    assert data.as_of is not None
    first = np.flatnonzero(data.as_of.astype("datetime64[M]") < np.datetime64("2023-04"))
    assert level_of(data.rows(first), probability[first]) == 0.0


def test_a_model_at_another_level_moves_every_log_odds_alike():
    data = a_history(200)
    fitted = fit_model(a_risk_spec(), data, 1)
    before, after = fitted.probability(data), fitted.at_level(0.3).probability(data)
    assert log_odds(after) - log_odds(before) == pytest.approx(np.full(len(data.y), 0.3))
    assert fitted.at_level(0.0) is fitted

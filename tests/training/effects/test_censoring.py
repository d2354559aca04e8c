"""Answers that were put off bend neither what is taken nor what showing adds."""

import numpy as np
import pytest

from tests.training.effects.showings import SPEC, some_showings
from training.effects.censoring import uncensored
from training.fitting import fit_model

SHOWINGS = some_showings(seed=3, row_count=40_000, put_off_ratio=0.25)


def test_rows_that_were_put_off_are_left_out_and_those_like_them_weighed_up():
    data = SHOWINGS.data
    kept = uncensored(data, SPEC)
    assert len(kept.y) == len(data.y) - data.is_censored.sum()
    assert kept.weight is not None
    assert kept.weight.sum() == pytest.approx(len(data.y), rel=0.02)
    not_asked = (kept.is_shown == 0) | (kept.is_pitched == 0)
    np.testing.assert_array_equal(kept.weight[not_asked], 1.0)
    # A high x0 puts off twice as often.
    asked = ~not_asked
    assert kept.weight[asked & (kept.x[:, 0] > 0)].mean() > 1.3 * kept.weight[asked & (kept.x[:, 0] < 0)].mean()


def test_take_up_keeps_its_level_though_those_who_were_asked_put_off_the_most():
    data, true = SHOWINGS.data, SHOWINGS.true_taken
    fitted = fit_model(SPEC, uncensored(data, SPEC), 1)
    shown = data.is_shown == 1
    assert fitted.probability(data)[shown].mean() == pytest.approx(true[shown].mean(), abs=0.008)
    as_refusals = data.y[shown].mean()
    assert as_refusals < true[shown].mean() - 0.015


def test_nothing_is_weighed_where_nobody_put_anything_off():
    data = some_showings(row_count=500).data
    assert uncensored(data, SPEC) is data

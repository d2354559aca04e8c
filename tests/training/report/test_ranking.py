import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from linewise.quality.ranked import Ranked
from training.report.ranking import FIGURES, differences, rank_rows, ranking_of

ROWS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1)), min_size=4, max_size=60).filter(
    lambda rows: 0 < sum(y for _, y in rows) < len(rows)
)


@given(ROWS)
def test_auc_and_average_precision_are_those_of_scikit_learn_also_with_ties(rows: list[tuple[int, int]]):
    score, y = np.array(rows, dtype=float).T
    auc, average, _, _ = Ranked.by(score, y.astype(np.int64)).figures(np.ones(len(y)))
    assert auc == pytest.approx(roc_auc_score(y, score))
    assert average == pytest.approx(average_precision_score(y, score))


@given(ROWS, st.integers(0, 100))
def test_a_row_that_weighs_twice_is_two_rows(rows: list[tuple[int, int]], seed: int):
    score, y = np.array(rows, dtype=float).T
    weight = np.random.default_rng(seed).integers(0, 3, len(y))
    again = np.repeat(np.arange(len(y)), weight)
    if not 0 < y[again].sum() < len(again):
        return
    weighed = Ranked.by(score, y.astype(np.int64)).figures(weight.astype(float))
    repeated = Ranked.by(score[again], y[again].astype(np.int64)).figures(np.ones(len(again)))
    assert weighed == pytest.approx(repeated)


def test_a_score_that_knows_nothing_has_no_lift():
    y = np.tile([0, 1], 500)
    auc, average, ks, lift = Ranked.by(np.zeros(1000), y).figures(np.ones(1000))
    assert (auc, average, ks, lift) == pytest.approx((0.5, 0.5, 0.0, 1.0))


def test_a_score_that_knows_all_reaches_every_label_first():
    y = np.repeat([1, 0], [100, 900])
    ranked = Ranked.by(y.astype(float), y)
    assert ranked.figures(np.ones(1000)) == pytest.approx([1.0, 1.0, 1.0, 10.0])
    assert ranked.gain().at(0.1) == pytest.approx(1.0)
    assert ranked.gain().at(0.05) == pytest.approx(0.5, abs=0.02)


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, ...]:
    draw = np.random.default_rng(3)
    odds = draw.normal(size=2000)
    y = (draw.random(2000) < 1 / (1 + np.exp(2 - odds))).astype(np.int64)
    return y, 1 / (1 + np.exp(2 - odds)), np.arange(2000)


def test_every_interval_holds_its_figure_and_rows_of_few_customers_say_less(rows: tuple[np.ndarray, ...]):
    y, p, groups = rows
    apart = ranking_of(rank_rows(y, p, groups, groups, 1))
    together = ranking_of(rank_rows(y, p, groups // 50, groups, 1))
    for name in FIGURES[:-1]:
        one, other = getattr(apart, name), getattr(together, name)
        assert one.low <= one.value <= one.high
        assert one.value == pytest.approx(other.value)
    assert apart.case_auc is None


def test_a_learner_beside_itself_differs_by_nothing_and_beside_a_worse_one_by_something(
    rows: tuple[np.ndarray, ...],
):
    y, p, groups = rows
    ours, worse = rank_rows(y, p, groups, groups, 1), rank_rows(y, np.full(len(y), y.mean()), groups, groups, 1)
    for gap in differences(ours, ours).values():
        assert (gap.low, gap.value, gap.high) == (0.0, 0.0, 0.0)
    gaps = differences(ours, worse)
    assert gaps["auc"].low > 0
    assert gaps["log_loss"].high < 0


def test_offers_of_one_question_are_one_case():
    y, p = np.array([0, 1, 0, 0] * 50), np.array([0.1, 0.9, 0.2, 0.3] * 50)
    cases = np.repeat(np.arange(100), 2)
    found = ranking_of(rank_rows(y, p, cases, cases, 1))
    assert found.case_auc is not None
    assert found.case_auc.value == pytest.approx(1.0)

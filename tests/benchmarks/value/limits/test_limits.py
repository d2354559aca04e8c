"""The judge of limits: its truth is composed as decide composes it, and nobody passes the budget unseen."""

import numpy as np
import pytest

from benchmarks.value.limits.choosing import Wish, at_budget, at_true_budget
from benchmarks.value.limits.learnt import Learnt, datasets_of
from benchmarks.value.limits.oracle import latent_oracle
from benchmarks.value.limits.topic import REACH, TASKS, TOPIC
from benchmarks.value.limits.worth import (
    TrueWorth,
    candidates_of,
    customers_of,
    economics_of,
    realised_value,
    true_worth,
)
from linewise.decisioning.limits.worth import worth_of
from linewise.simulation.logged import FEATURE_NAMES, People, draw_people, logged_world
from linewise.simulation.logged.limits import RAISES, limit_log

WORLD = logged_world(log_count=8_000)
COUNT = 5_000


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(WORLD, COUNT, 100_000_000)


@pytest.fixture(scope="module")
def truth(people: People) -> TrueWorth:
    return true_worth(WORLD, people, economics_of(WORLD))


def test_no_change_is_worth_nothing_and_loses_nothing(truth: TrueWorth):
    assert truth.of(np.zeros(COUNT, dtype=np.int64)) == (0.0, 0.0)
    assert (np.diff(truth.loss_amt, axis=1) > 0).all()


def test_in_a_thin_margin_a_raise_is_worth_less_and_loses_more(people: People, truth: TrueWorth):
    thin = logged_world(name="thin-margin")
    other = true_worth(thin, draw_people(thin, COUNT, 100_000_000), economics_of(thin))
    assert other.gain_amt.mean() < truth.gain_amt.mean()
    assert other.loss_amt.mean() > truth.loss_amt.mean()


def test_who_knows_all_gains_most_and_the_truth_keeps_the_budget(truth: TrueWorth):
    oracle = latent_oracle(truth)
    gain, loss = truth.of(oracle.choice(0.0))
    assert gain > 0
    half = at_true_budget(oracle, truth, loss / 2)
    assert half[1] <= loss / 2
    assert gain / 2 < half[0] < gain
    assert (oracle.choice(0.0)[~truth.is_open] == 0).all()


def test_the_products_own_allocation_keeps_the_budget_as_it_expects_it(truth: TrueWorth):
    oracle = latent_oracle(truth)
    budget = truth.of(oracle.choice(0.0))[1] / 2
    gain, loss = at_budget(oracle, truth, budget)
    assert loss <= budget * (1 + 1e-9)
    assert gain == pytest.approx(at_true_budget(oracle, truth, budget)[0], rel=0.01)
    flattering = Wish(oracle.value_amt, oracle.loss_amt / 2)
    assert at_budget(flattering, truth, budget)[1] > 1.5 * budget


def test_a_learner_is_given_features_actions_and_outcomes_and_nothing_hidden():
    log = limit_log(WORLD)
    for data in datasets_of(log):
        assert data.inputs == FEATURE_NAMES
        np.testing.assert_array_equal(data.x, log.people.features)


def test_what_was_realised_is_worth_what_was_expected_on_average():
    log = limit_log(WORLD)
    value = realised_value(log, economics_of(WORLD)) / 100
    assert np.isfinite(value).all()
    assert value[log.is_default == 1].mean() < -1_000 < 0 < value[log.is_default == 0].mean()


def test_what_is_learnt_goes_through_serving_to_a_worth(people: People):
    economics, customers = economics_of(WORLD), customers_of(people)
    worth = worth_of(
        customers, candidates_of(people), Learnt(limit_log(WORLD)).response(customers, economics), economics, 1.0
    )
    assert worth.lower_amt.shape == (COUNT, len(RAISES))
    assert (worth.added(worth.cautious_loss_amt) >= worth.added(worth.valued.expected_loss_amt) - 1e-9).all()
    assert (worth.lower_amt <= worth.gain_amt + 1e-6).mean() > 0.99


def test_tasks_have_names_of_their_own_and_rows_come_of_any_part_of_them():
    assert len({task.key for task in TASKS}) == len(TASKS)
    assert {(task.world, task.log_count) for task in TASKS if task.name == "limits"} > {
        ("base", count) for count in REACH
    }
    figures = {f"{name} band {place}": 0.1 for name in ("foretold", "true") for place in range(5)}
    figures |= {f"baseline {name}": 0.0 for name in ("no change", "bank rule", "lowest PD decile +25%", "rank by PD")}
    figures |= {"baseline rank by utilisation": 0.0, "baseline S-learner on profit": 0.0}
    for name in ("share", "gain", "oracle_gain", "oracle_of_latent", "nominal_share", "nominal_gain", "loss_ratio"):
        figures[name] = 1.0
    figures |= {"unbound_gain": 1.0, "hopeful_share": 1.0, "hopeful_loss_ratio": 1.0}
    quick = {task: figures for task in TASKS if task.is_quick}
    rows = list(TOPIC.rows(quick))
    assert len(rows) == 3 * 4 + 1
    assert all(row.ok for row in rows if row.bar)
    assert [row.name for row in rows if not row.bar] == [
        f"limits at the true loss budget: {world}, 50,000 logs" for world in ("base", "downturn", "thin-margin")
    ]
    assert all(row.ok is None for row in rows if not row.bar)
    assert list(TOPIC.rows({})) == []

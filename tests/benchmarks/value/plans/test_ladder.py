"""What may be proposed to a debtor, and where the ladder's proposal lies among it."""

from datetime import date

import numpy as np
import pytest

from benchmarks.value.plans.ladder import Choices, all_choices, choice_of, ladder, longest, mildest_rate
from benchmarks.value.plans.oracle import OracleOnX
from linewise.decisioning.hardship import HardshipPolicy
from linewise.policy.economics import load_economics, load_parameters
from linewise.policy.standard_folder import policy_folder
from linewise.simulation.logged import logged_world
from linewise.simulation.logged.debtors import Debtors, draw_debtors
from linewise.simulation.logged.plans import Lent

WORLD, LENT = logged_world(), Lent(0.1825, 0.0225)


@pytest.fixture(scope="module")
def policy() -> HardshipPolicy:
    folder = policy_folder(None)
    return load_parameters(folder, "CNY", load_economics(folder, "CNY", date(2026, 11, 24)))[3]


@pytest.fixture(scope="module")
def debtors() -> Debtors:
    return draw_debtors(WORLD, 4_000)


@pytest.fixture(scope="module")
def choices(debtors: Debtors, policy: HardshipPolicy) -> Choices:
    return all_choices(WORLD, debtors, policy, LENT)


def test_everybody_may_be_proposed_something_and_no_plan_asks_for_more_than_a_month_bears(
    debtors: Debtors, choices: Choices
) -> None:
    assert choices.is_allowed.any(axis=1).all()
    rows, places = np.nonzero(choices.is_allowed)
    assert (choices.payment_amt[rows, places] <= debtors.bears_amt[rows]).all()
    assert max(one.term_months for one in choices.helps) == 60


def test_nothing_is_for_who_can_go_on_or_whom_nothing_fits(debtors: Debtors, choices: Choices) -> None:
    can_go_on = debtors.due_amt <= debtors.bears_amt
    assert (choices.is_allowed[:, 0] == (can_go_on | ~choices.is_allowed[:, 1:].any(axis=1))).all()


@pytest.mark.parametrize("pd_12m", [0.1, 0.95])
def test_whatever_the_ladder_proposes_is_allowed_and_the_riskiest_are_asked_the_lowest_rate(
    debtors: Debtors, choices: Choices, policy: HardshipPolicy, pd_12m: float
) -> None:
    decided = ladder(debtors, np.full(len(debtors), pd_12m), policy, LENT.card_rate_ratio)
    choice = choice_of(decided, choices)
    assert choices.is_allowed[np.arange(len(choice)), choice].all()
    rates = {choices.helps[place].rate_ratio for place in choice if choices.helps[place].kind == "plan"}
    assert rates == ({min(policy.rate_ratios)} if pd_12m > 0.9 else set(policy.rate_ratios))


def test_no_proposal_is_worth_more_than_the_best_of_the_truth(debtors: Debtors, choices: Choices) -> None:
    best = choices.gain(choices.best(choices.gain_amt))
    oracle = OracleOnX(debtors, choices)
    for choice in (longest(choices), mildest_rate(choices), oracle.choice(debtors, choices)):
        assert choices.gain(choice) <= best
    assert choices.gain(oracle.choice(debtors, choices)) > choices.gain(longest(choices))

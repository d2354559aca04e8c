"""One log of one world: what the product learns from it, decides by it, and what that truly comes to."""

from collections.abc import Mapping

import numpy as np

from benchmarks.value.limits.baselines import Judged, baseline_gains
from benchmarks.value.limits.choosing import Wish, at_budget, at_true_budget
from benchmarks.value.limits.learnt import Learnt
from benchmarks.value.limits.oracle import latent_oracle, oracle_on_features
from benchmarks.value.limits.worth import candidates_of, customers_of, economics_of, true_worth
from benchmarks.value.numbers import JUDGED_START
from linewise.decisioning.limits.worth import Worth, worth_of
from linewise.decisioning.types import Floats
from linewise.simulation.logged import LoggedWorld, People, draw_people, logged_world
from linewise.simulation.logged.limits import RAISES, limit_log, limit_truth

__all__ = ["BAND_COUNT", "judge", "wish_of"]

JUDGED_COUNT = 50_000
BUDGET_SHARE = 0.5
"""The budget of loss, as a share of what the oracle on the features would use if there were none."""

CAUTION_ERRORS = 1.0
"""As in the standard policy."""

BAND_COUNT = 5
HALF_MORE = RAISES.index(0.5)


def wish_of(worth: Worth, *, is_loss_cautious: bool = True) -> Wish:
    """What the product ranks by: gain and loss at their cautious ends, as `used_by_raises` gives them to its budgets.

    is_loss_cautious: False is the loss as expected, to see what its cautious end is good for.
    """
    loss = worth.cautious_loss_amt if is_loss_cautious else worth.valued.expected_loss_amt
    return Wish(worth.lower_amt, np.maximum(worth.added(loss), 0.0))


def judge(
    world: str, log_count: int, seed: int, hidden_confounding: float = 0.0, with_baselines: bool = True
) -> Mapping[str, float]:
    """Figures of one log: gains in CNY a customer and year, shares of the oracle's, true loss beside the budget."""
    settings = logged_world(name=world, seed=seed, log_count=log_count, hidden_confounding=hidden_confounding)
    economics = economics_of(settings)
    log = limit_log(settings)
    learnt = Learnt(log)

    people = draw_people(settings, JUDGED_COUNT, JUDGED_START)
    truth = true_worth(settings, people, economics)
    oracle, latent = oracle_on_features(settings, people, truth), latent_oracle(truth)
    free_gain, free_loss = truth.of(oracle.choice(0.0))
    budget = BUDGET_SHARE * free_loss

    customers = customers_of(people)
    worth = worth_of(customers, candidates_of(people), learnt.response(customers, economics), economics, CAUTION_ERRORS)
    wish = wish_of(worth).only_open(truth)
    gain, loss = at_true_budget(wish, truth, budget)
    fitted = at_true_budget(oracle, truth, budget)[0]
    best = max(fitted, gain)
    nominal_gain, nominal_loss = at_budget(wish, truth, budget)
    hopeful = wish_of(worth, is_loss_cautious=False).only_open(truth)
    hopeful_gain, hopeful_loss = at_budget(hopeful, truth, budget)
    unbound_gain, unbound_loss = truth.of(wish.choice(0.0))
    figures = {
        "share": gain / best,
        "gain": gain / 100.0,
        "oracle_gain": best / 100.0,
        "oracle_of_latent": best / at_true_budget(latent, truth, budget)[0],
        "oracle_free_gain": free_gain / 100.0,
        "budget": budget / 100.0,
        "loss_at_true_budget": loss / 100.0,
        "nominal_share": nominal_gain / best,
        "nominal_gain": nominal_gain / 100.0,
        "loss_ratio": nominal_loss / budget,
        "hopeful_share": hopeful_gain / best,
        "hopeful_loss_ratio": hopeful_loss / budget,
        "unbound_gain": unbound_gain / 100.0,
        "unbound_loss_ratio": unbound_loss / budget,
        "bend_balance": learnt.bend_ratios["card_balance"],
        "bend_default": learnt.bend_ratios["card_default"],
    }
    if with_baselines:
        beside = baseline_gains(Judged(people, truth, economics, budget), log, worth.pd_12m[:, 0])
        figures |= {f"baseline {name}": one / 100.0 for name, one in beside.items()}
    return figures | _borrowing_by_band(settings, people, worth)


def _borrowing_by_band(world: LoggedWorld, people: People, worth: Worth) -> dict[str, float]:
    """What a unit of a raise by half adds to the balance, foretold and true, by fifths of the product's PD."""
    raised = people.limit_amt * RAISES[HALF_MORE]
    foretold = worth.added(worth.balance_amt)[:, HALF_MORE]
    balance = limit_truth(world, people).balance_amt
    true = balance[:, HALF_MORE] - balance[:, 0]
    order = np.argsort(worth.pd_12m[:, 0], kind="stable")

    def of(amount: Floats, rows: Floats) -> float:
        return float(amount[rows].sum() / raised[rows].sum())

    return {
        f"{name} band {place}": of(amount, rows)
        for place, rows in enumerate(np.array_split(order, BAND_COUNT))
        for name, amount in (("foretold", foretold), ("true", true))
    }

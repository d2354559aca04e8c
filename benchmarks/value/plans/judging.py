"""One world's debtors: a model of default is learnt from a log of them, the ladder proposes, the truth judges."""

from dataclasses import replace
from datetime import date

import numpy as np

from benchmarks.value.numbers import JUDGED_START, LEARNER_SEED, ORACLE_START
from benchmarks.value.plans.ladder import all_choices, choice_of, ladder, longest, mildest_rate
from benchmarks.value.plans.oracle import OracleOnX
from benchmarks.value.task import Figures
from linewise.decisioning.hardship import HardshipPolicy
from linewise.decisioning.types import Ints
from linewise.policy.economics import load_economics, load_parameters
from linewise.policy.standard_folder import policy_folder
from linewise.simulation.logged import FEATURE_NAMES, LoggedWorld, logged_world
from linewise.simulation.logged.debtors import DEBT_NAMES, Debtors, draw_debtors
from linewise.simulation.logged.plans import Help, Lent, default_within_year, level_payment, nothing_done, plan_truth
from training.dataset import Dataset
from training.fitting import FittedModel, fit_model
from training.specs import chosen_specs

__all__ = ["judged"]

ON = date(2026, 11, 24)
STRETCHED_FROM, STRETCHED_TO = 24, 60


def _standing(world: LoggedWorld) -> tuple[HardshipPolicy, Lent]:
    """The standard policy of hardship, and the bank's prices in this world."""
    folder, numbers = policy_folder(None), world.numbers
    economics = load_economics(folder, "CNY", ON)
    card_rate = economics.card_rate_ratio * numbers.card_rate_factor
    lent = Lent(card_rate, economics.funding_rate_ratio * numbers.funding_factor)
    return load_parameters(folder, "CNY", economics)[3], lent


def _learnt_default(world: LoggedWorld, lent: Lent) -> FittedModel:
    """The product's model of default on a log of debtors whom nobody has helped."""
    log = draw_debtors(world, world.log_count)
    chance = default_within_year(world, log, lent)
    y = world.chance.happens(chance, "a debtor's default", log.people.number).astype(np.int64)
    (spec,) = chosen_specs(["card_default"], ["leaf_count=15", "depth=5", "learning_rate=0.08"])
    return fit_model(spec, _dataset(log, y), LEARNER_SEED)


def _dataset(debtors: Debtors, y: Ints) -> Dataset:
    rows = np.arange(len(debtors))
    return Dataset(
        name="card_default", feature_names=(*FEATURE_NAMES, *DEBT_NAMES), offer_attributes=(), x=debtors.features, y=y,
        groups=rows, cases=rows, principal_amt=np.zeros(len(rows)), scale_amt=debtors.people.limit_amt,
    )  # fmt: skip


def judged(world_name: str, log_count: int, judged_count: int, oracle_count: int, seed: int) -> Figures:
    """The figures of one world; counts are of people, of whom about a quarter are debtors."""
    world = logged_world(name=world_name, seed=seed, log_count=log_count)
    hardship, lent = _standing(world)
    taught = draw_debtors(world, oracle_count, ORACLE_START)
    oracle = OracleOnX(taught, all_choices(world, taught, hardship, lent))
    debtors = draw_debtors(world, judged_count, JUDGED_START)
    choices = all_choices(world, debtors, hardship, lent)
    pd_12m = _learnt_default(world, lent).probability(_dataset(debtors, np.zeros(len(debtors), dtype=np.int64)))
    proposed = ladder(debtors, pd_12m, hardship, lent.card_rate_ratio)
    choice = choice_of(proposed, choices)
    by_rule = ladder(debtors, pd_12m, replace(hardship, deep_cut_pd_ratio=1.0), lent.card_rate_ratio)
    latent = choices.gain(choices.best(choices.gain_amt))
    gained = choices.gain(choice)
    on_x = max(choices.gain(oracle.choice(debtors, choices)), gained)
    rows = np.arange(len(debtors))
    is_plan = np.array([one.kind == "plan" for one in choices.helps])[choice]
    return {
        "share": gained / on_x,
        "latent_share": gained / latent,
        "oracle_gap": 1.0 - on_x / latent,
        "without_deep_cut_share": choices.gain(choice_of(by_rule, choices)) / on_x,
        "longest_share": choices.gain(longest(choices)) / on_x,
        "twelve_share": choices.gain(mildest_rate(choices)) / on_x,
        "allowed": float(choices.is_allowed[rows, choice].mean()),
        "legal": float((np.array([one.term_months for one in choices.helps])[choice] <= 60).mean()),
        "planned": float(is_plan.mean()),
        "to_a_person": float((~proposed.is_enough[rows, proposed.proposed]).mean()),
        "debtors": float(len(debtors)),
        "noise_free_rows": float(oracle.row_count),
        **_signs(world, debtors, hardship.rate_ratios, lent),
    }


def _signs(world: LoggedWorld, debtors: Debtors, rates: tuple[float, ...], lent: Lent) -> dict[str, float]:
    """What a lower rate and what a mere stretch do to default, of those who could bear the plan before it."""
    nothing = nothing_done(world, debtors, lent)
    payment = level_payment(debtors.owed_amt.astype(np.float64), lent.card_rate_ratio, STRETCHED_FROM)
    bearing = payment <= debtors.bears_amt

    def broken(rate: float, term: int) -> float:
        truth = plan_truth(world, debtors, Help("plan", rate, term), lent, nothing)
        return float(truth.broken_ratio[bearing].mean())

    before = broken(lent.card_rate_ratio, STRETCHED_FROM)
    return {
        "broken_before": before,
        "broken_by_cut": broken(min(rates), STRETCHED_FROM) - before,
        "broken_by_stretch": broken(lent.card_rate_ratio, STRETCHED_TO) - before,
    }

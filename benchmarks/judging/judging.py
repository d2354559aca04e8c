"""All that the judge looks at in one home: to whom raises go, what changes, what they are worth in the truth."""

from dataclasses import dataclass

import numpy as np

from benchmarks.judging.people import People, people_of
from benchmarks.judging.policies import Arms, bank_factor
from benchmarks.judging.proposals import Proposals, proposed_to_all
from benchmarks.judging.resolving import prices_solved_anew
from benchmarks.judging.shares import Share, shares_of
from benchmarks.judging.stability import Change, change_between
from benchmarks.judging.worth import Judge, Worth
from linewise.core.settings import Settings
from linewise.decisioning.types import Bools
from linewise.simulation.labels import world_in
from linewise.simulation.truth import Truth
from serving.scoring.opening import open_decider

__all__ = ["Judged", "Losses", "judge_home", "worth_of_policies"]

WEEK_DAYS = 7
QUARTER = 1.25
OTHER_SEED = 1_000_003


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of one bank; binding: how many active customers' limits each constraint bound."""

    proposals: Proposals
    people: People
    shares: list[Share]
    binding: dict[str, int]
    changes: dict[str, Change]

    @property
    def base(self) -> Bools:
        """Who can be raised at all, (n_customers,): active, with a line."""
        return self.people.is_active & (self.proposals.current_amt > 0)

    @property
    def raised_ratio(self) -> float:
        """The share of the base that is proposed a raise."""
        return float((self.base & self.proposals.is_raised).sum() / max(self.base.sum(), 1))


@dataclass(frozen=True, slots=True)
class Losses:
    """Loss that the proposed raises add in a year, by the release and by the truth, minor units in all."""

    expected_amt: float
    true_amt: float
    true_error_amt: float


def judge_home(settings: Settings) -> Judged:
    """Decide for everybody in a home whose world is known: today, a week on, at other prices, with other chance."""
    recommender = open_decider(settings)
    today = proposed_to_all(recommender)
    people = people_of(world_in(settings.paths), today.customer_id)
    other = open_decider(settings.model_copy(update={"seed": OTHER_SEED}))
    changes = {
        f"{days} days later": change_between(today, proposed_to_all(recommender, days=days)) for days in (2, WEEK_DAYS)
    }
    changes["other cells and draws of exploration"] = change_between(today, proposed_to_all(other))
    solved = prices_solved_anew(recommender)
    priced = proposed_to_all(recommender.at_prices(solved["the base"]))
    changes |= {
        f"prices solved on {name}" if "half" in name else f"prices by {name}": change_between(
            priced, proposed_to_all(recommender.at_prices(prices))
        )
        for name, prices in solved.items()
        if name != "the base"
    }
    is_active = people.is_active & (today.current_amt > 0)
    names, counts = np.unique(today.binding[is_active], return_counts=True)
    binding = dict(sorted(zip(names.tolist(), counts.tolist(), strict=True), key=lambda pair: -pair[1]))
    return Judged(today, people, shares_of(today, people), binding, changes)


def worth_of_policies(
    judged: Judged, truth: Truth, *, sample: int, futures: int, horizon_months: int
) -> tuple[list[Worth], Losses]:
    """What the proposals and other policies come to, each customer beside themselves without a change.

    All are judged on one sample of the base; the proposals also on the whole of it, for they touch few.
    """
    proposals, people = judged.proposals, judged.people
    base = np.flatnonzero(judged.base)
    drawn = np.sort(np.random.default_rng(0).choice(base, min(sample, len(base)), replace=False))
    judge = Judge(truth, people.number[drawn], futures, horizon_months)
    quarter = np.full(len(drawn), QUARTER)
    of_quarter = judge.effects(quarter)
    found = [Worth.of("+25% for everybody", quarter, of_quarter)]
    pd_12m = proposals.pd_12m[drawn]
    groups = {
        "+25% for the third of lowest PD": pd_12m <= np.quantile(pd_12m, 1 / 3),
        "+25% for transactors": people.is_transactor[drawn],
    }
    found += [Worth.of(name, np.where(who, QUARTER, 1.0), of_quarter.where(who)) for name, who in groups.items()]
    of_bank = bank_factor(truth, people.number[drawn])
    found.append(Worth.of("the bank's own reviews", of_bank, judge.effects(of_bank)))
    arms = Arms.of(judge, people.traits[drawn], {QUARTER: of_quarter})
    most = proposals.most_amt[drawn] / proposals.current_amt[drawn]
    found.append(Worth.of("oracle under the same rules", *arms.best(most)))
    found.append(Worth.of("oracle free of rules", *arms.best(np.full(len(drawn), np.inf))))

    ours = proposals.factor[base]
    moved = ours > 1.0
    effects = Judge(truth, people.number[base][moved], futures, horizon_months).effects(ours[moved])
    found.insert(0, Worth.of("the release", ours, effects.spread(moved)))
    error = float(effects.loss_amt.std() * np.sqrt(moved.sum())) if moved.any() else 0.0
    expected = float(proposals.loss_amt[base][moved].sum())
    return found, Losses(expected, float(effects.loss_amt.sum()), error)

"""Raises by what the product learnt, told apart by sex, age band and region, and the price of passing over nobody.

Everything is chosen on a sample for audit, whose attributes a judge of fairness may see and whose truth nobody does;
others are judged. The budget of loss holds by the product's own expectation, with and without a bonus.
"""

from collections.abc import Mapping

import numpy as np

from benchmarks.value.limits.choosing import HALVINGS, Wish
from benchmarks.value.limits.judging import BUDGET_SHARE, CAUTION_ERRORS, wish_of
from benchmarks.value.limits.learnt import Learnt
from benchmarks.value.limits.worth import TrueWorth, candidates_of, customers_of, economics_of, true_worth
from benchmarks.value.numbers import AUDIT_START, JUDGED_START
from benchmarks.value.task import Figures
from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.worth import worth_of
from linewise.decisioning.types import Bools, Ints
from linewise.simulation.logged import LoggedWorld, People, draw_people, logged_world
from linewise.simulation.logged.limits import RAISES, limit_log, limit_truth
from linewise.simulation.logged.people import AGE_BANDS, REGIONS, SEXES
from training.fairness import AttributeFairness, fairness_of_decisions, least_bonus
from training.report.segments import Groups

__all__ = ["judged"]

FOUR_FIFTHS, ASKED = 0.80, 0.83
"""The rule of thumb, and what is asked for on the sample for audit, so that it holds for others too."""

AUDIT_COUNT, BONUS_MOST_AMT = 60_000, 3_200.0
NAMES: Mapping[str, tuple[str, ...]] = {"sex": SEXES, "age_band": AGE_BANDS, "region": REGIONS}
HIGHEST_PRICE = 50.0


class _Policy:
    """What the product would do with some people, at a price of loss and with a bonus on every raise."""

    def __init__(self, world: LoggedWorld, people: People, learnt: Learnt, economics: Economics) -> None:
        customers = customers_of(people)
        worth = worth_of(
            customers, candidates_of(people), learnt.response(customers, economics), economics, CAUTION_ERRORS
        )
        self.truth: TrueWorth = true_worth(world, people, economics)
        self._wish = wish_of(worth).only_open(self.truth)
        self._is_raise = np.arange(len(RAISES)) > 0

    def choice(self, bonus_amt: float, price: float) -> Ints:
        """The raises, (n_people,)."""
        return Wish(self._wish.value_amt + bonus_amt * self._is_raise, self._wish.loss_amt).choice(price)

    def expected_loss(self, choice: Ints) -> float:
        """By the product's own expectation, a customer."""
        return float(self._wish.loss_amt[np.arange(len(choice)), choice].mean())

    def price(self, bonus_amt: float, budget_amt: float) -> float:
        """The lowest price at which the expected loss keeps the budget."""
        if self.expected_loss(self.choice(bonus_amt, 0.0)) <= budget_amt:
            return 0.0
        low, high = 0.0, HIGHEST_PRICE
        for _ in range(HALVINGS):
            middle = (low + high) / 2.0
            if self.expected_loss(self.choice(bonus_amt, middle)) > budget_amt:
                low = middle
            else:
                high = middle
        return high


def judged(world_name: str, log_count: int, judged_count: int, seed: int) -> Figures:
    """Figures of one world, by attribute and in all."""
    world = logged_world(name=world_name, seed=seed, log_count=log_count)
    economics = economics_of(world)
    learnt = Learnt(limit_log(world))
    audited = draw_people(world, AUDIT_COUNT, AUDIT_START)
    people = draw_people(world, judged_count, JUDGED_START)
    audit, ours = (_Policy(world, some, learnt, economics) for some in (audited, people))
    budget = BUDGET_SHARE * audit.expected_loss(audit.choice(0.0, 0.0))

    def raised(bonus_amt: float) -> Bools:
        return np.asarray(audit.choice(bonus_amt, audit.price(bonus_amt, budget)) > 0)

    remedy = least_bonus(raised, _groups(audited), ASKED, BONUS_MOST_AMT)
    before = ours.choice(0.0, audit.price(0.0, budget))
    after = ours.choice(remedy.bonus_amt, audit.price(remedy.bonus_amt, budget))
    (gain, loss), (fair_gain, fair_loss) = ours.truth.of(before), ours.truth.of(after)
    pays = world.chance.happens(limit_truth(world, people).pd[:, 0], "pays", people.number) == 0
    return {
        "gain": gain / 100.0,
        "cost": 1.0 - fair_gain / gain,
        "loss_change": fair_loss / loss - 1.0,
        "bonus": remedy.bonus_amt / 100.0,
        "is_reached": float(remedy.is_reached),
        "raised": float((before > 0).mean()),
        "raised_fairly": float((after > 0).mean()),
        **_told("before", fairness_of_decisions(before > 0, _groups(people), pays)),
        **_told("after", fairness_of_decisions(after > 0, _groups(people), pays)),
    }


def _groups(people: People) -> tuple[Groups, ...]:
    return tuple(
        Groups(name, True, tuple(np.array(values)[getattr(people, name)].tolist())) for name, values in NAMES.items()
    )


def _told(when: str, found: tuple[AttributeFairness, ...]) -> dict[str, float]:
    told: dict[str, float] = {}
    for one in found:
        assert one.impact_ratio is not None
        assert one.opportunity_gap is not None
        told |= {
            f"{when} {one.attribute} ratio": one.impact_ratio.value,
            f"{when} {one.attribute} low": one.impact_ratio.low,
            f"{when} {one.attribute} high": one.impact_ratio.high,
            f"{when} {one.attribute} gap": one.opportunity_gap.value,
        }
    return told

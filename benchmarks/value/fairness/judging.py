"""Raises by what the product learnt, told apart by sex, age band and region, and the price of passing over nobody.

Everything is chosen on a sample for audit, whose attributes a judge of fairness may see and whose truth nobody does;
others are judged. The budget of loss holds by the product's own expectation, with and without a bonus. Two remedies are
held beside each other, neither of which reads an attribute of who is decided on: one bonus for everybody, and one that
leans to those of whom inputs tell.
"""

from collections.abc import Mapping

import numpy as np

from benchmarks.value.limits.choosing import Wish
from benchmarks.value.limits.judging import BUDGET_SHARE, CAUTION_ERRORS, wish_of
from benchmarks.value.limits.learnt import Learnt
from benchmarks.value.limits.worth import TrueWorth, candidates_of, customers_of, economics_of, true_worth
from benchmarks.value.numbers import AUDIT_START, JUDGED_START
from benchmarks.value.task import Figures
from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.worth import worth_of
from linewise.decisioning.types import Bools, Floats, Ints
from linewise.simulation.logged import LoggedWorld, People, draw_people, logged_world
from linewise.simulation.logged.limits import RAISES, limit_log, limit_truth
from linewise.simulation.logged.people import AGE_BANDS, REGIONS, SEXES
from training.fairness import AttributeFairness, fairness_of_decisions, least_bonus, least_leaning
from training.report.segments import Groups

__all__ = ["judged"]

FOUR_FIFTHS, ASKED, ASKED_MOST = 0.80, 0.83, 0.90
"""The rule of thumb, and what is asked for at the least on the sample for audit, so that it holds for others too."""

AUDIT_COUNT, BONUS_MOST_AMT = 120_000, 3_200.0
NAMES: Mapping[str, tuple[str, ...]] = {"sex": SEXES, "age_band": AGE_BANDS, "region": REGIONS}
HIGHEST_PRICE, PRICE_HALVINGS = 50.0, 24


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

    def choice(self, bonus_amt: Floats | float, price: float) -> Ints:
        """The raises, (n_people,), with a bonus of each or of everybody."""
        added = np.atleast_1d(bonus_amt)[:, None] * self._is_raise
        return Wish(self._wish.value_amt + added, self._wish.loss_amt).choice(price)

    def expected_worth(self, choice: Ints) -> float:
        """By the product's own expectation and without any bonus, a customer."""
        return float(self._wish.value_amt[np.arange(len(choice)), choice].mean())

    def expected_loss(self, choice: Ints) -> float:
        """By the product's own expectation, a customer."""
        return float(self._wish.loss_amt[np.arange(len(choice)), choice].mean())

    def price(self, bonus_amt: Floats | float, budget_amt: float) -> float:
        """The lowest price at which the expected loss keeps the budget."""
        if self.expected_loss(self.choice(bonus_amt, 0.0)) <= budget_amt:
            return 0.0
        low, high = 0.0, HIGHEST_PRICE
        for _ in range(PRICE_HALVINGS):
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

    def leant(bonus_amt: Floats) -> tuple[Bools, float]:
        choice = audit.choice(bonus_amt, audit.price(bonus_amt, budget))
        return np.asarray(choice > 0), audit.expected_worth(choice)

    asked = _asked(fairness_of_decisions(raised(0.0), _groups(audited)))
    remedy = least_bonus(raised, _groups(audited), asked, BONUS_MOST_AMT)
    leaning = least_leaning(leant, audited.features, _groups(audited), asked, BONUS_MOST_AMT)
    before = ours.choice(0.0, audit.price(0.0, budget))
    evenly = ours.choice(remedy.bonus_amt, audit.price(remedy.bonus_amt, budget))
    price = audit.price(leaning.bonus_amt(audited.features), budget)
    after = ours.choice(leaning.bonus_amt(people.features), price)
    (gain, loss), (fair_gain, fair_loss) = ours.truth.of(before), ours.truth.of(after)
    pays = world.chance.happens(limit_truth(world, people).pd[:, 0], "pays", people.number) == 0
    return {
        "gain": gain / 100.0,
        "cost": 1.0 - fair_gain / gain,
        "loss_change": fair_loss / loss - 1.0,
        "asked": asked,
        "cost_evenly": 1.0 - ours.truth.of(evenly)[0] / gain,
        "bonus": remedy.bonus_amt / 100.0,
        "is_reached": float(leaning.is_reached),
        "is_reached_evenly": float(remedy.is_reached),
        "raised": float((before > 0).mean()),
        "raised_evenly": float((evenly > 0).mean()),
        "raised_fairly": float((after > 0).mean()),
        **_told("before", fairness_of_decisions(before > 0, _groups(people), pays)),
        **_told("evenly", fairness_of_decisions(evenly > 0, _groups(people), pays)),
        **_told("after", fairness_of_decisions(after > 0, _groups(people), pays)),
    }


def _asked(found: tuple[AttributeFairness, ...]) -> float:
    """The ratio that is asked for on the sample: a standard error above four fifths where decisions are rare."""
    errors = []
    for one in found:
        assert one.impact_ratio is not None
        errors.append((one.impact_ratio.high - one.impact_ratio.low) / (2.0 * 1.96) / max(one.impact_ratio.value, 1e-9))
    return min(max(ASKED, FOUR_FIFTHS * (1.0 + max(errors))), ASKED_MOST)


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

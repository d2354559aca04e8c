"""Plans for who cannot pay: what the bank can expect of each, month by month, and how gladly it is agreed to.

The hazard of a month is a person's own, raised by what the payment takes of what a month truly bears, and by what is
still to be paid in all, which overhangs. Every month of a plan is one more at risk, whatever is asked in it. So a
lower rate or a smaller debt helps twice, and a mere stretch of the term lowers a payment at the price of more months
and more interest to come.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from linewise.simulation.logged.debtors import MINIMUM_RATIO, Debtors
from linewise.simulation.logged.limits import effect_of
from linewise.simulation.logged.worlds import LoggedWorld

__all__ = ["LADDER", "Help", "Lent", "PlanTruth", "default_within_year", "level_payment", "nothing_done", "plan_truth"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LADDER = ("nothing", "date_change", "fee_waiver", "short_relief", "plan")
YEAR, MONTHS_MOST, FOLLOWED_MONTHS = 12, 60, 120
"""A plan ends within five years; who goes on as before is followed for ten."""

RECOVERED_RATIO, RECOVERED_AFTER_MONTHS = 0.18, 12
_LOG_TWO = float(np.log(2.0))


@dataclass(frozen=True, slots=True)
class Lent:
    """The bank's own prices, a year: the rate of its cards, and what its money costs."""

    card_rate_ratio: float
    funding_rate_ratio: float


@dataclass(frozen=True, slots=True)
class Help:
    """One thing that may be done, for everybody or (n_people,).

    kind: of LADDER. rate_ratio a year, term_months: of a plan; term_months of a relief are its months of interest
    alone. written_down_ratio: the share of the debt that is let off. waived_amt: fees paid back.
    """

    kind: str
    rate_ratio: float = 0.0
    term_months: int = 0
    written_down_ratio: float = 0.0
    waived_amt: Floats | float = 0.0


@dataclass(frozen=True, slots=True)
class PlanTruth:
    """What is expected, (n_people,), minor units.

    npv_amt: of what is paid and recovered, if it is agreed to; accept_ratio: how likely that is; broken_ratio: how
    likely it ends in default; gain_amt: what proposing it adds to doing nothing.
    """

    npv_amt: Floats
    accept_ratio: Floats
    broken_ratio: Floats
    gain_amt: Floats


def level_payment(amount_amt: Floats, rate_ratio: float, term_months: int) -> Floats:
    """What a month asks for until a debt is repaid with interest."""
    monthly = rate_ratio / 12.0
    if monthly == 0.0:
        return amount_amt / term_months
    return np.asarray(amount_amt * monthly / (1.0 - (1.0 + monthly) ** -term_months))


def _own_hazard(world: LoggedWorld, debtors: Debtors) -> Floats:
    """Of a month without any payment or debt, (n_people,): who is behind, or risky, breaks sooner."""
    people = debtors.people
    behind = 0.5 * (debtors.overdue_amt > 0) * np.where(debtors.has_timing, 0.3, 1.0)
    margin = -4.2 + 0.9 * people.risk + 0.35 * people.impatience + 0.35 * people.need + behind
    margin = margin + 0.5 * (world.numbers.default_margin + 5.40)
    return np.asarray(-np.log1p(-expit(margin)) / 12.0)


def _strain(burden: Floats, shape: Ints) -> Floats:
    """How a payment weighs, (n_people,): up to what a month bears by each one's own shape, beyond it steeply."""
    bearable = np.clip(burden, 0.0, 1.0)
    grid = np.linspace(0.0, 1.0, 41)
    curves = effect_of(grid, np.arange(4)) / _LOG_TWO
    place = bearable * (len(grid) - 1)
    low = np.minimum(place.astype(np.int64), len(grid) - 2)
    bent = curves[shape, low] + (place - low) * (curves[shape, low + 1] - curves[shape, low])
    return np.asarray(0.75 * bent + 2.0 * np.clip(burden - 1.0, 0.0, 1.25))


def _walk(
    debtors: Debtors,
    hazard: Floats,
    balance: Floats,
    asked: Callable[[int, Floats], tuple[Floats, Floats, Floats]],
    months: int,
    funding_rate_ratio: float,
) -> tuple[Floats, Floats]:
    """The present value and the probability of default; `asked` gives payment, interest and all that is to come."""
    discount = (1.0 + funding_rate_ratio) ** (-1.0 / 12.0)
    alive, npv = np.ones(len(debtors)), np.zeros(len(debtors))
    for month in range(months):
        payment, interest, to_come = asked(month, balance)
        overhang = np.clip(to_come / (MONTHS_MOST * debtors.room_amt), 0.0, 2.0)
        strain = _strain(payment / debtors.room_amt, debtors.people.shape)
        falls = -np.expm1(-np.minimum(hazard * np.exp(strain + 2.0 * overhang), 1.0))
        now = discount ** (month + 1)
        npv += alive * falls * now * discount**RECOVERED_AFTER_MONTHS * RECOVERED_RATIO * balance
        npv += alive * (1.0 - falls) * now * payment
        alive *= 1.0 - falls
        balance = np.maximum(balance + interest - payment, 0.0)
    # What is left after ten years is small, and worth what is owed to who is still paying.
    return npv + alive * discount**months * balance, 1.0 - alive


def _by_minimum(
    debtors: Debtors, lent: Lent, relief_months: int = 0
) -> Callable[[int, Floats], tuple[Floats, Floats, Floats]]:
    """Minimum payments at the card's rate; first only the interest, where there is relief."""
    monthly = lent.card_rate_ratio / 12.0
    # Paid so, a balance costs in all so much of itself.
    whole = MINIMUM_RATIO * (1.0 + monthly) / (1.0 - (1.0 + monthly) * (1.0 - MINIMUM_RATIO))

    def asked(month: int, balance: Floats) -> tuple[Floats, Floats, Floats]:
        interest = balance * monthly
        due = np.minimum(np.maximum(MINIMUM_RATIO * (balance + interest), 1_000.0), balance + interest)
        return np.where(month < relief_months, interest, due), interest, whole * balance

    return asked


def nothing_done(world: LoggedWorld, debtors: Debtors, lent: Lent) -> PlanTruth:
    """Nothing is proposed: what is overdue stays so, and the minimum falls due."""
    hazard, owed = _own_hazard(world, debtors), debtors.owed_amt.astype(np.float64)
    npv, broken = _walk(debtors, hazard, owed, _by_minimum(debtors, lent), FOLLOWED_MONTHS, lent.funding_rate_ratio)
    return PlanTruth(npv, np.ones(len(owed)), broken, np.zeros(len(owed)))


def default_within_year(world: LoggedWorld, debtors: Debtors, lent: Lent) -> Floats:
    """How likely default within twelve months is if nothing is proposed, (n_people,)."""
    hazard, owed = _own_hazard(world, debtors), debtors.owed_amt.astype(np.float64)
    return _walk(debtors, hazard, owed, _by_minimum(debtors, lent), YEAR, lent.funding_rate_ratio)[1]


def plan_truth(world: LoggedWorld, debtors: Debtors, helped: Help, lent: Lent, nothing: PlanTruth) -> PlanTruth:
    """What proposing this to everybody would bring, in closed form; `nothing` as from `nothing_done`."""
    hazard, owed = _own_hazard(world, debtors), debtors.owed_amt.astype(np.float64)
    settled = np.where(debtors.overdue_amt > 0, np.exp(-0.15), 1.0)
    if helped.kind == "plan":
        amount = owed * (1.0 - helped.written_down_ratio)
        payment = level_payment(amount, helped.rate_ratio, helped.term_months)
        npv, broken = _walk(
            debtors,
            hazard * settled,
            amount,
            lambda month, balance: (
                payment, balance * (helped.rate_ratio / 12.0), payment * (helped.term_months - month)
            ),
            helped.term_months,
            lent.funding_rate_ratio,
        )  # fmt: skip
        accepts = _agrees(debtors, payment, payment * helped.term_months, helped.term_months, lent)
    elif helped.kind == "short_relief":
        npv, broken = _walk(
            debtors, hazard * settled, owed, _by_minimum(debtors, lent, helped.term_months), FOLLOWED_MONTHS,
            lent.funding_rate_ratio,
        )  # fmt: skip
        accepts = np.full(len(owed), 0.9)
    else:
        waived = np.minimum(np.asarray(helped.waived_amt) + np.zeros(len(owed)), debtors.fee_amt)
        is_date = helped.kind == "date_change"
        eased = np.where(is_date & debtors.has_timing & (debtors.overdue_amt > 0), 0.45, 1.0)
        eased = eased * np.where(waived > 0, np.exp(-0.06), 1.0)
        npv, broken = _walk(
            debtors, hazard * eased, np.maximum(owed - waived, 0.0), _by_minimum(debtors, lent), FOLLOWED_MONTHS,
            lent.funding_rate_ratio,
        )  # fmt: skip
        accepts = np.full(len(owed), 0.95)
    return PlanTruth(npv, accepts, broken, accepts * (npv - nothing.npv_amt))


def _agrees(debtors: Debtors, payment: Floats, total: Floats, term_months: int, lent: Lent) -> Floats:
    """How likely a plan is agreed to, (n_people,): by what it eases and saves; who is impatient shuns a long one."""
    monthly = lent.card_rate_ratio / 12.0
    as_now = debtors.owed_amt * MINIMUM_RATIO * (1.0 + monthly) / (1.0 - (1.0 + monthly) * (1.0 - MINIMUM_RATIO))
    eased = np.clip((debtors.due_amt - payment) / np.maximum(debtors.due_amt, 1), -1.0, 1.0)
    saved = np.clip((as_now - total) / np.maximum(as_now, 1.0), -1.0, 1.0)
    patience = 0.4 + 0.15 * debtors.people.impatience
    return np.asarray(expit(0.5 + 1.2 * eased + 2.5 * saved - patience * (term_months / MONTHS_MOST)))

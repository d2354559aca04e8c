"""Who a customer is: traits drawn once, most of which no contract table shows."""

import math
from typing import Any

from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import happens, normal, uniform
from linewise.simulation.lives.parameters import Equations, Surroundings

__all__ = ["draw_person"]

# Purposes of the dice of a person.
(
    _RISK, _NEED, _OUTLOOK, _IMPATIENCE, _PRICE, _AGE, _EMPLOYMENT, _INCOME, _HABIT, _INACTIVE, _ACTIVITY, _TICKET,
    _WANTED, _PAYDAY, _JUMP, _TRAVEL, _PAYROLL, _SUPPLEMENTARY, _ORDER, _MINIMUM, _SHAPE, _DOG, _CUNNING, _CARD_DAY,
    _SCORE, _SINCE, _CYCLE, _RENT, _HOUSEHOLD, _INSURANCE, _LEASING, _OTHER_CARD, _OTHER_SIZE, _MORTGAGE, _EXPLORED,
    _CUNNING_MONTH, _LIMIT, _ONLINE, _SPREAD, _PRODUCT,
) = range(100, 140)  # fmt: skip

_PAYDAYS = (5, 8, 10, 15, 25)
_CUT_OFFS = (560, 600, 640, 680, 720, 760)


@compiled
def draw_person(key: Any, who: Any, e: Equations, s: Surroundings) -> None:
    """Fill the traits of one record of PERSON; its number is set, the key is the customer's own."""
    risk = normal(key, _RISK, 0)
    who.risk = risk
    who.need = normal(key, _NEED, 0)
    who.outlook = normal(key, _OUTLOOK, 0)
    who.impatience = 0.5 * risk + 0.866 * normal(key, _IMPATIENCE, 0)
    who.price_sensitivity = normal(key, _PRICE, 0)
    # Nobody is given a card before 18, and all have had theirs for a month.
    age = 18.1 + 50.3 * uniform(key, _AGE, 0) ** 1.25
    who.birth_day = s.last_day - int(365.2425 * age)
    draw = uniform(key, _EMPLOYMENT, 0)
    who.employment = 0
    if age < 24.0 and draw < e.student_ratio:
        who.employment = 2
    elif age >= 61.0:
        who.employment = 3
    elif draw > 1.0 - e.self_employed_ratio:
        who.employment = 1
    _draw_money(key, who, age, e)
    _draw_habits(key, who, e, s)
    _draw_relationship(key, who, e, s)
    _draw_answers(key, who, e)
    _draw_cunning(key, who, e, s)


@compiled
def _draw_money(key: Any, who: Any, age: float, e: Equations) -> None:
    career = min(max(0.75 + (age - 22.0) / 40.0, 0.7), 1.25)
    if who.employment == 2:
        career = 0.3
    elif who.employment == 3:
        career = 0.6
    income = e.income_median_amt * career * math.exp(e.income_spread * normal(key, _INCOME, 0) - 0.12 * who.risk)
    who.income_amt = int(income / 1000.0 + 0.5) * 1000
    who.relative_income = math.log(max(who.income_amt, 1000) / e.income_median_amt)
    who.income_spread = 0.03 + 0.04 * uniform(key, _SPREAD, 0)
    if who.employment == 1:
        who.income_spread = 0.25 + 0.2 * uniform(key, _SPREAD, 0)
    who.rent_amt = _order(key, _RENT, 0.45, 0.15, 0.30, income)
    who.household_amt = _order(key, _HOUSEHOLD, 0.85, 0.02, 0.06, income)
    who.insurance_amt = _order(key, _INSURANCE, 0.40, 0.01, 0.04, income)
    who.leasing_amt = _order(key, _LEASING, 0.08, 0.06, 0.12, income)
    who.mortgage_amt = 0
    if age > 26.0 and who.rent_amt == 0:
        who.mortgage_amt = _order(key, _MORTGAGE, 0.5, 0.2, 0.4, income)


@compiled
def _order(key: Any, purpose: int, having_it: float, low: float, high: float, income: float) -> int:
    """A monthly order in whole tens of the major unit, 0 for those without one."""
    if not happens(having_it, key, purpose, 1):
        return 0
    return int(income * (low + (high - low) * uniform(key, purpose, 0)) / 1000.0 + 0.5) * 1000


@compiled
def _draw_habits(key: Any, who: Any, e: Equations, s: Surroundings) -> None:
    # Who carries debt is riskier, though far from always.
    leaning = e.habit_by_risk * who.risk + math.sqrt(1.0 - e.habit_by_risk**2) * normal(key, _HABIT, 0)
    share = 0.5 * math.erfc(-leaning / math.sqrt(2.0))
    if happens(e.inactive_ratio, key, _INACTIVE, 0):
        who.habit = 0
    elif share < e.transactor_ratio:
        who.habit = 1
    elif share < e.transactor_ratio + e.switcher_ratio:
        who.habit = 3
    else:
        who.habit = 2
    who.activity = e.activity_median * math.exp(e.activity_spread * normal(key, _ACTIVITY, 0) + 0.1 * who.impatience)
    relative = who.income_amt / e.income_median_amt
    who.ticket = relative**e.ticket_by_income * math.exp(0.35 * normal(key, _TICKET, 0))
    who.wanted_utilisation = e.wanted_mean + e.wanted_by_risk * who.risk + e.wanted_spread * normal(key, _WANTED, 0)
    who.payday = _PAYDAYS[int(5.0 * uniform(key, _PAYDAY, 0))]
    who.payday_jump = e.payday_jump_median * math.exp(e.payday_jump_spread * normal(key, _JUMP, 0))
    who.online = math.exp(0.3 * normal(key, _ONLINE, 0))
    who.travel = e.travel_rate * relative**0.8 * math.exp(0.6 * normal(key, _TRAVEL, 0))
    who.calling = math.exp(e.call_by_need * who.need)
    who.cash_taste = math.exp(0.5 * who.impatience)
    who.kept_amt = who.income_amt * min(max(math.exp(-0.7 * who.impatience - 0.4 * who.risk), 0.05), 5.0)
    who.pays_by_order = int(happens(e.order_ratio, key, _ORDER, 0))
    who.pays_minimum = int(who.habit == 2 and happens(e.minimum_payer_ratio, key, _MINIMUM, 0))
    who.has_payroll = int(happens(e.payroll_ratio, key, _PAYROLL, 0))
    who.has_supplementary = int(who.habit > 0 and happens(e.supplementary_ratio, key, _SUPPLEMENTARY, 0))
    who.cycle_day = 1 + int(28.0 * uniform(key, _CYCLE, 0))


@compiled
def _draw_relationship(key: Any, who: Any, e: Equations, s: Surroundings) -> None:
    window = s.last_day - s.first_day
    if happens(e.new_card_ratio * window / 365.0, key, _CARD_DAY, 0):
        who.card_day = s.first_day + int(window * uniform(key, _CARD_DAY, 1))
    else:
        who.card_day = s.first_day - 400 - int(2600.0 * uniform(key, _CARD_DAY, 1) ** 1.3)
    who.since_day = who.card_day - int(1500.0 * uniform(key, _SINCE, 0) ** 2)
    adult_day = who.birth_day + 6575
    who.card_day = max(who.card_day, adult_day)
    who.since_day = max(min(who.since_day, who.card_day), who.birth_day + 5844)
    # The bank sees the risk through a noisy score, and sets the first limit by hard cut-offs of it.
    noisy = 0.75 * who.risk + e.score_noise * normal(key, _SCORE, 0)
    who.application_score = int(min(max(680.0 - 55.0 * noisy, 300.0), 900.0))
    band = 0
    for cut_off in _CUT_OFFS:
        if who.application_score >= cut_off:
            band += 1
    wanted = who.income_amt * s.limit_multiples[band] * (0.85 + 0.3 * uniform(key, _LIMIT, 0))
    if who.employment == 2:
        wanted = min(wanted, s.limit_least_amt * 2.0)
    steps = int(wanted / s.limit_step_amt)
    who.first_limit_amt = int(min(max(steps * s.limit_step_amt, s.limit_least_amt), s.limit_most_amt))
    who.product = int(who.application_score >= 700 and happens(0.5, key, _PRODUCT, 0))
    who.other_limit_amt = 0
    who.other_debt_amt = 0
    if happens(e.other_card_ratio + 0.08 * who.risk, key, _OTHER_CARD, 0):
        size = who.income_amt * 2.2 * math.exp(0.6 * normal(key, _OTHER_SIZE, 0))
        who.other_limit_amt = int(size / s.limit_step_amt + 1.0) * int(s.limit_step_amt)
        used = uniform(key, _OTHER_SIZE, 9) ** (1.6 if who.habit == 2 else 5.0)
        who.other_debt_amt = int(who.other_limit_amt * used)


@compiled
def _draw_answers(key: Any, who: Any, e: Equations) -> None:
    # Several shapes, so that no model of the answer to a limit is right by construction.
    who.shape = int(4.0 * uniform(key, _SHAPE, 0))
    # Starting formula calibrated on Gross and Souleles (QJE 2002) and Agarwal et al. (QJE 2018): the worst
    # band borrows most of what it is given, the best next to nothing.
    rise = (0.5 - e.propensity_least) / (1.0 + math.exp(-0.3 - e.propensity_by_risk * who.risk))
    who.marginal_propensity = e.propensity_scale * (e.propensity_least + rise)
    carries = 1.0 if who.habit >= 2 else 0.0
    who.dose_slope = e.dose_scale * (0.10 + 0.60 * carries / (1.0 + math.exp(-1.2 * who.risk)))
    who.is_sleeping_dog = int(happens(e.sleeping_dog_ratio, key, _DOG, 0))
    who.is_explored = int(happens(e.exploration_ratio, key, _EXPLORED, 0))


@compiled
def _draw_cunning(key: Any, who: Any, e: Equations, s: Surroundings) -> None:
    who.cunning = 0
    who.cunning_month = 32000
    draw = uniform(key, _CUNNING, 0)
    if draw >= e.ring_ratio + e.bust_out_ratio + e.takeover_ratio:
        return
    who.cunning_month = int((s.month_count + 4) * uniform(key, _CUNNING_MONTH, 0)) - 2
    who.habit = 1
    who.pays_minimum = 0
    if draw < e.ring_ratio:
        who.cunning = 1
        who.activity *= 1.5
    elif draw < e.ring_ratio + e.bust_out_ratio:
        who.cunning = 2
        who.activity *= 1.8
        who.has_supplementary = 0
    else:
        who.cunning = 3

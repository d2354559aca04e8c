"""The numbers of the equations, of the shops and of the calendar, as records that compiled code reads in place."""

from typing import Any

import numpy as np
from scipy.optimize import brentq

from linewise.core.errors import UsageError
from linewise.simulation.calendar import Calendar
from linewise.simulation.profile import SEASON_CLASSES, Profile

__all__ = [
    "EQUATIONS",
    "GROUPS_MOST",
    "PLAN_TERMS",
    "SURROUNDINGS_DTYPE",
    "Equations",
    "Shops",
    "Surroundings",
    "equations_of",
    "plan_rate",
    "shops_of",
    "surroundings_of",
]

# Records of one row each: a tuple of a hundred numbers would be copied at every call of a compiled function.
Equations = Any
Shops = Any
Surroundings = Any

EQUATIONS = (
    # people
    "income_median_amt",
    "income_spread",
    "payroll_ratio",
    "student_ratio",
    "self_employed_ratio",
    "inactive_ratio",
    "switcher_ratio",
    "transactor_ratio",
    "habit_by_risk",
    "activity_median",
    "activity_spread",
    "ticket_by_income",
    "wanted_mean",
    "wanted_most",
    "wanted_spread",
    "wanted_by_risk",
    "payday_jump_median",
    "payday_jump_spread",
    "travel_rate",
    "supplementary_ratio",
    "order_ratio",
    "minimum_payer_ratio",
    "propensity_scale",
    "propensity_least",
    "propensity_by_risk",
    "dose_scale",
    "sleeping_dog_ratio",
    "ring_ratio",
    "bust_out_ratio",
    "takeover_ratio",
    "new_card_ratio",
    "score_noise",
    "other_card_ratio",
    # months
    "job_loss_rate",
    "job_loss_by_risk",
    "job_found_rate",
    "jobless_income_ratio",
    "switch_rate",
    "settle_rate",
    "wanted_memory",
    "wanted_shock",
    "online_shift",
    "refund_ratio",
    "cash_advance_rate",
    "plan_purchase_ratio",
    "plan_statement_rate",
    "plan_fee_ratio",
    "daily_interest_ratio",
    "late_fee_ratio",
    "late_fee_floor_amt",
    "cash_fee_ratio",
    "interchange_ratio",
    "rewards_ratio",
    "funding_rate",
    "capital_cost_rate",
    "loss_given_default",
    "operating_cost_amt",
    "deduction_delay_ratio",
    # delinquency
    "miss_intercept",
    "miss_by_risk",
    "miss_by_outlook",
    "miss_by_need",
    "miss_by_debt",
    "miss_by_jobless",
    "miss_by_burden",
    "miss_by_minimum_payer",
    "forgetful_rate",
    "roll_tilt",
    "roll_by_debt",
    "roll_adjust",
    "race_ratio",
    "write_off_rate",
    "hardship_rate",
    # the answer to a limit
    "near_limit_factor",
    "fast_share",
    "fast_rate",
    "slow_rate",
    "base_rate",
    "base_growth",
    # the bank's past
    "hidden_confounding",
    "exploration_ratio",
    "raise_intercept",
    "raise_by_score",
    "raise_by_utilisation",
    "raise_by_growth",
    "raise_by_outlook",
    "raise_score_cutoff",
    "ask_rate",
    "ask_by_need",
    "ask_by_utilisation",
    "call_rate",
    "call_by_need",
    "complaint_rate",
    "campaign_rate",
    "take_up_voice",
    "take_up_outbound",
    "organic_rate",
    "cancel_ratio",
    "loan_rate",
    "loan_miss_intercept",
    "loan_miss_by_shortage",
    "loan_dose",
    "mislabel_ratio",
)
"""Scalars of the profile's `equations`; rates are a month unless named otherwise."""

GROUPS_MOST, _COUNTRIES, _DAYS, _MONTHS = 16, 16, 4096, 128

PLAN_TERMS = ((3, 6, 12, 24), (36, 44, 52, 60))
"""Months of a plan on the card, and of one agreed in hardship (银监会令2011年第2号, Art. 70: at most five years)."""
_HARDSHIP_FEE_SHARE = 0.5

_EQUATIONS = np.dtype(
    [
        *((name, "f8") for name in EQUATIONS),
        ("plan_terms", "i8", np.shape(PLAN_TERMS)),
        ("plan_fee_ratios", "f8", (2,)),  # of the principal, a month
        ("plan_rates", "f8", np.shape(PLAN_TERMS)),  # annualised
    ]
)
_SHOPS = np.dtype(
    [
        ("groups_count", "i8"),
        ("mean_ticket_amt", "f8"),  # of a customer of usual means
        ("share", "f8", (GROUPS_MOST,)),
        ("log_ticket", "f8", (GROUPS_MOST,)),
        ("spread", "f8", (GROUPS_MOST,)),
        ("online", "f8", (GROUPS_MOST,)),
        ("abroad", "f8", (GROUPS_MOST,)),
        ("octaves", "f8", (GROUPS_MOST,)),  # of the merchants' ranks; see merchants.py
        ("season", "i8", (GROUPS_MOST,)),
        ("rates", "f8", (_COUNTRIES,)),  # foreign major units for one of ours
        ("weight_until", "f8", (len(SEASON_CLASSES), _DAYS + 1)),  # sum of the weights of the days before
    ]
)
SURROUNDINGS_DTYPE = np.dtype(
    [
        ("base_day", "i8"),
        ("first_day", "i8"),
        ("last_day", "i8"),
        ("first_s", "i8"),  # moment at which the data begin
        ("last_s", "i8"),  # moment after the last day of the data
        ("data_until_s", "i8"),
        ("month_count", "i8"),
        ("warm_up", "i8"),
        ("first_month", "i8"),  # months since 1970 of month 0
        ("drift_month", "i8"),  # from which behaviour is another one; beyond the end where it never is
        ("due_days", "i8"),
        ("minimum_ratio", "f8"),
        ("minimum_floor_amt", "f8"),
        ("cash_limit_ratio", "f8"),
        ("limit_step_amt", "f8"),
        ("limit_least_amt", "f8"),
        ("limit_most_amt", "f8"),
        ("month_begins", "i8", (_MONTHS,)),  # from the month before the warm-up on
        ("midnights_s", "i8", (_DAYS,)),  # from base_day on
        ("delinquency", "f8", (9, 10)),
        ("roll_adjust", "f8", (9,)),  # of the logit of paying nothing, by bucket
        ("limit_multiples", "f8", (7,)),  # of a month's income, by band of the application score
        ("queue_until", "f8", (25,)),  # share of calls before each hour
    ]
)


def equations_of(numbers: dict[str, float]) -> Equations:
    """The equations with these numbers, a record of one row; raises UsageError where one is missing or unknown."""
    if wrong := sorted(set(numbers) ^ set(EQUATIONS)):
        raise UsageError(f"The profile's equations are missing or do not know: {', '.join(wrong)}.")
    record = np.zeros(1, dtype=_EQUATIONS)
    for name, value in numbers.items():
        record[name] = value
    fees = (numbers["plan_fee_ratio"], _HARDSHIP_FEE_SHARE * numbers["plan_fee_ratio"])
    record["plan_terms"], record["plan_fee_ratios"] = PLAN_TERMS, fees
    record["plan_rates"] = [
        [plan_rate(term, fee) for term in terms] for terms, fee in zip(PLAN_TERMS, fees, strict=True)
    ]
    return record


def plan_rate(term: int, fee_ratio: float) -> float:
    """The annualised rate of equal parts of the principal with a flat fee a month on all of it.

    Twelve times the monthly internal rate of return; for example 13.03% of 0.60% a month over twelve.
    """
    payment = 1.0 / term + fee_ratio
    if fee_ratio == 0.0:
        return 0.0
    monthly = brentq(lambda rate: payment * (1.0 - (1.0 + rate) ** -term) / rate - 1.0, 1e-9, 1.0, xtol=1e-14)
    return 12.0 * float(monthly)


def shops_of(profile: Profile, calendar: Calendar) -> Shops:
    """The shops of a country along its calendar, a record of one row."""
    groups = profile.merchant_groups
    record = np.zeros(1, dtype=_SHOPS)
    one, n = record[0], len(groups)
    share = np.array([group.share for group in groups])
    one["groups_count"] = n
    one["share"][:n] = share / share.sum()
    one["log_ticket"][:n] = np.log([float(group.ticket_amt) for group in groups])
    one["spread"][:n] = [group.spread for group in groups]
    one["online"][:n] = [group.online for group in groups]
    one["abroad"][:n] = [group.abroad for group in groups]
    ranks = np.array([group.merchants + 1.0 for group in groups])
    whole = np.floor(np.log2(ranks))
    one["octaves"][:n] = whole + ranks / 2.0**whole - 1.0
    one["mean_ticket_amt"] = (one["share"] * np.exp(one["log_ticket"] + one["spread"] ** 2 / 2))[:n].sum()
    one["season"][:n] = [SEASON_CLASSES.index(group.season) for group in groups]
    rates = [1.0, *profile.foreign_rates.values()]
    one["rates"][: len(rates)] = rates
    weights = calendar.day_weights
    one["weight_until"][:, 1 : weights.shape[1] + 1] = np.cumsum(weights, axis=1)
    return record


def surroundings_of(profile: Profile, calendar: Calendar, drift_month: int, warm_up: int) -> Surroundings:
    """Calendar and terms, a record of one row: days since 1970, moments in seconds, amounts in minor units."""
    terms = profile.terms
    record = np.zeros(1, dtype=SURROUNDINGS_DTYPE)
    one = record[0]
    begin = calendar.month_begin(0)
    low, high = profile.phone_hours
    load = np.array(profile.queue_load)
    load[:low] = 0.0
    load[high:] = 0.0
    scalars = {
        "base_day": calendar.base_day,
        "first_day": calendar.first_day,
        "last_day": calendar.last_day,
        "first_s": calendar.midnight_s(np.array([calendar.first_day]))[0],
        "last_s": calendar.midnight_s(np.array([calendar.last_day + 1]))[0],
        "data_until_s": calendar.data_until_s,
        "month_count": calendar.month_count,
        "warm_up": warm_up,
        "first_month": (begin.year - 1970) * 12 + begin.month - 1,
        "drift_month": drift_month,
        "due_days": terms.due_days,
        "minimum_ratio": terms.minimum_payment_ratio,
        "minimum_floor_amt": terms.minimum_payment_floor_amt,
        "cash_limit_ratio": terms.cash_limit_ratio,
        "limit_step_amt": terms.limit_step_amt,
        "limit_least_amt": terms.limit_least_amt,
        "limit_most_amt": terms.limit_most_amt,
    }
    for name, value in scalars.items():
        one[name] = value
    one["month_begins"][: len(calendar.month_begins)] = calendar.month_begins
    one["midnights_s"][: len(calendar.midnights_s)] = calendar.midnights_s
    for bucket, row in enumerate(profile.delinquency, start=1):
        one["delinquency"][bucket, : len(row)] = np.array(row) / sum(row)
    one["roll_adjust"][1 : len(profile.roll_adjust) + 1] = profile.roll_adjust
    one["limit_multiples"] = terms.limit_multiples
    one["queue_until"][1:] = np.cumsum(load) / load.sum()
    return record

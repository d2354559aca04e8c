"""Whether the bill is paid: a first miss by risk and circumstances, then buckets that roll and cure."""

import math
from typing import Any

from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import happens, happens_by_logit, uniform
from linewise.simulation.lives.parameters import Equations, Surroundings

__all__ = ["LAST_BUCKET", "next_bucket", "strain"]

LAST_BUCKET = 7
"""More than 180 days overdue: an account stays here until it is written off."""

_MISS, _ROLL, _WRITE_OFF, _FORGET = 200, 201, 202, 203


@compiled
def debt_of(who: Any, st: Any) -> float:
    """What is owed on the card beside four months' income, about what a usual limit is; at most 1.3.

    Not beside the limit: a raise would seem to make a customer safer by lowering a ratio.
    """
    return float(min(max(st.owed_amt, 0) / (4.0 * who.income_amt), 1.3))


@compiled
def strain(who: Any, st: Any, e: Equations, income_amt: float) -> float:
    """The customer's strain this month, added to the logit of a missed payment; 0 is about the usual one."""
    hid = e.hidden_confounding
    burden = min(float(st.minimum_amt + st.loan_payment_amt) / max(income_amt, 1.0), 1.5)
    value = (
        e.miss_by_risk * who.risk
        - e.miss_by_outlook * hid * who.outlook
        + e.miss_by_need * hid * who.need
        + e.miss_by_debt * (debt_of(who, st) - 0.4)
        + e.miss_by_burden * burden
        + st.dose
    )
    if st.is_jobless == 1:
        value += e.miss_by_jobless
    if who.pays_minimum == 1:
        value += e.miss_by_minimum_payer
    return float(value)


@compiled
def next_bucket(key: Any, who: Any, st: Any, e: Equations, s: Surroundings, pressure: float) -> int:
    """The bucket after the due date of the last statement; CHARGED_OFF is decided by the caller.

    In arrears the chances are those of the profile's matrix by bucket, the last one (to pay nothing) tilted
    by the customer's strain; the others keep their proportions.
    """
    bucket = st.bucket
    if bucket == 0:
        if happens_by_logit(e.miss_intercept + pressure, key, _MISS, 0) or happens(e.forgetful_rate, key, _FORGET, 0):
            return 1
        return 0
    if bucket >= LAST_BUCKET:
        return LAST_BUCKET
    usual = s.delinquency[bucket, bucket + 1]
    tilted = math.log(usual / (1.0 - usual)) + e.roll_adjust + s.roll_adjust[bucket] + e.roll_tilt * pressure
    tilted += e.roll_by_debt * (debt_of(who, st) - 0.5)
    roll = 1.0 / (1.0 + math.exp(-tilted))
    draw = uniform(key, _ROLL, 0)
    if draw < roll:
        return int(bucket + 1)
    left = (draw - roll) / (1.0 - roll) * (1.0 - usual)
    for to in range(bucket + 1):
        left -= s.delinquency[bucket, to]
        if left < 0.0:
            return to
    return int(bucket)

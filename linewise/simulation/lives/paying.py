"""What is paid of the last statement: in full, the minimum, or down to the debt one likes to carry."""

import math
from typing import Any

from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.delinquency import LAST_BUCKET
from linewise.simulation.lives.dice import uniform
from linewise.simulation.lives.parameters import Equations, Surroundings
from linewise.simulation.lives.plans import in_plans
from linewise.simulation.lives.state import Cycle

__all__ = ["payment_of", "wanted_debt"]

_MORE = 950


@compiled
def wanted_debt(who: Any, st: Any, e: Equations) -> float:
    """The debt at which a revolver feels at home, minor units: a share of the limit and the answer to raises.

    The share is of a limit that follows the card's over many years: what is borrowed of a raise within three
    years is its answer, and in the long run nearly all of it (Fulford and Schuh, 2015).
    """
    share = e.wanted_most / (1.0 + math.exp(-(who.wanted_utilisation + st.wanted)))
    return float(share * st.base_amt + st.answer_fast_amt + st.answer_slow_amt)


@compiled
def payment_of(who: Any, st: Any, e: Equations, s: Surroundings, cycle: Cycle, next_bucket: int) -> int:
    """What is paid towards the last statement when the bucket moves to next_bucket, minor units."""
    statement, minimum = float(st.statement_amt), float(st.minimum_amt)
    if statement <= 0.0:
        return 0
    billed = max(statement - in_plans(st), 0.0)
    if next_bucket > st.bucket or next_bucket >= LAST_BUCKET:
        return 0
    if st.bucket > 0 and next_bucket > 0:
        # One minimum for each bucket climbed down, and the present one.
        part = (st.bucket + 1.0 - next_bucket) / (st.bucket + 1.0)
        return int(min(minimum * part, billed))
    if st.behaviour != 2:
        return int(billed)
    if who.pays_minimum == 1:
        return int(min(max(minimum * 1.02, 1.0), billed))
    coming = st.spend_mean_amt + e.daily_interest_ratio * 30.0 * 0.6 * statement
    goal = min(wanted_debt(who, st, e), 0.97 * st.limit_amt)
    wished = statement + coming - goal
    wished = math.floor(wished / 10000.0 + uniform(cycle.key, _MORE, 0)) * 10000.0
    return int(min(max(wished, minimum), billed))

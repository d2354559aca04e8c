"""How a customer answers to a new limit: borrowing and risk move towards a new end over three years.

The answer is drawn in several shapes (log, square root, kinked, saturating) that agree near a raise of a
quarter, so that no model of it is right by construction. Sources: the size by band after Gross and Souleles
(QJE 2002) and Agarwal, Chomsisengphet, Mahoney and Stroebel (QJE 2018), the path after Aydin (AER 2022): 11
cents a unit of limit within a quarter, 28 within three years.
"""

import math
from typing import Any

from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.parameters import Equations

__all__ = ["answer_to_limit", "answered", "step_answer"]

# What of the end is reached after 36 and 12 months by the two rates of the profile; see step_answer.
_AT_RAISE = 0.25


@compiled
def answered(shape: int, relative_raise: float) -> float:
    """The size of the answer to a relative raise of the limit, near log1p for all shapes at a quarter.

    A cut answers by log1p of the cut whatever the shape, and is negative.
    """
    if relative_raise < 0.0:
        return math.log1p(max(relative_raise, -0.95))
    if shape == 0:
        return math.log1p(relative_raise)
    if shape == 1:
        return 0.446 * math.sqrt(relative_raise)
    if shape == 2:
        return 0.892 * min(relative_raise, _AT_RAISE) + 0.25 * max(relative_raise - _AT_RAISE, 0.0)
    return 0.40 * (1.0 - math.exp(-relative_raise / 0.306))


@compiled
def answer_to_limit(who: Any, st: Any, e: Equations, old_amt: float, new_amt: float) -> None:
    """Set the new ends to which borrowing and risk move after a change of the limit."""
    relative = new_amt / old_amt - 1.0
    size = answered(who.shape, relative)
    carries = 1.0 if who.habit == 2 else (0.10 if who.habit == 3 else 0.0)
    used = min(st.utilisation, 1.0)
    near = 1.0
    if used > 0.8 and who.risk > 0.675:
        near = e.near_limit_factor
    if st.behaviour == 0:
        used = 0.0
    share = who.marginal_propensity * (0.02 + 0.98 * carries) * (0.35 + 1.1 * used) * near
    share = min(max(share, 0.0), 0.75)
    # marginal_propensity is meant at twelve months: the end is further by what is reached then.
    reached = e.fast_share * (1.0 - (1.0 - e.fast_rate) ** 12) + (1.0 - e.fast_share) * (
        1.0 - (1.0 - e.slow_rate) ** 12
    )
    end_amt = share * old_amt * size / reached
    if st.behaviour == 0 and who.habit == 0:
        end_amt *= 0.1
    st.answer_fast_end_amt += e.fast_share * end_amt
    st.answer_slow_end_amt += (1.0 - e.fast_share) * end_amt
    # More credit makes a missed payment likelier; that less of it made one rarer is not known.
    st.dose_end += who.dose_slope * max(size, 0.0)


@compiled
def step_answer(st: Any, e: Equations) -> float:
    """One month further towards the ends; what is newly borrowed by it, minor units."""
    st.base_amt += e.base_rate * (st.limit_amt - st.base_amt) + e.base_growth * st.base_amt
    before = st.answer_fast_amt + st.answer_slow_amt
    st.answer_fast_amt += e.fast_rate * (st.answer_fast_end_amt - st.answer_fast_amt)
    st.answer_slow_amt += e.slow_rate * (st.answer_slow_end_amt - st.answer_slow_amt)
    st.dose += 0.35 * (st.dose_end - st.dose)
    return float(st.answer_fast_amt + st.answer_slow_amt - before)

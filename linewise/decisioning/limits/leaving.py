"""How many leave at each candidate limit: what declined purchases drive away, assumed or learnt."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.demand import CycleDemand
from linewise.decisioning.scorers import LimitResponse
from linewise.decisioning.types import Bools, Floats, Ints

__all__ = ["Leaving", "leaving_ratio"]

DOUBLED_DOSE = float(np.log(2.0))
"""Of a line that is doubled, whatever the bend: there it is asked how much is known of a raise."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What models say of the candidates; `None` of what none has learnt.

    has_line (n_customers, 1): only what a raise of a line in force does was learnt. declined_ratio
    (2, n_customers, n_grid), doubled_declined_ratio (n_customers, 1): declined purchases as a share of what is wanted,
    at the candidates and at twice the line. attrition_base (n_customers, 1), attrition_taken (2, n_customers, n_grid),
    attrition_error (n_customers, 1): the probability of leaving at the line in force, what candidates take off it, and
    one standard error of what twice the line does. The first axis: as expected, then at the cautious end.
    """

    has_line: Bools
    declined_ratio: Floats | None = None
    doubled_declined_ratio: Floats | None = None
    attrition_base: Floats | None = None
    attrition_taken: Floats | None = None
    attrition_error: Floats | None = None

    @classmethod
    def learnt(cls, response: LimitResponse, limit_amt: Ints, caution_errors: float) -> Self | None:
        """What the response says of candidates (n_customers, n_grid), of which the first is the line in force."""
        declined, attrition = response.declined, response.attrition
        if declined is None and attrition is None:
            return None
        told: dict[str, Floats] = {}
        if declined is not None:
            wanted = np.maximum(response.spend.base_amt + declined.base, 1.0)[:, None]
            taken = declined.taken(limit_amt, caution_errors)
            doubled = declined.base - declined.slope * DOUBLED_DOSE
            told["declined_ratio"] = np.clip((declined.base[:, None] - taken) / wanted, 0.0, 1.0)
            told["doubled_declined_ratio"] = np.clip(doubled[:, None] / wanted, 0.0, 1.0)
        if attrition is not None:
            told["attrition_base"] = attrition.base[:, None]
            told["attrition_taken"] = attrition.taken(limit_amt, caution_errors)
            told["attrition_error"] = attrition.slope_error[:, None] * DOUBLED_DOSE
        return cls(limit_amt[:, :1] > 0, **told)


def leaving_ratio(limit_amt: Ints, demand: CycleDemand, learnt: Leaving | None, economics: Economics) -> Floats:
    """The probability of leaving within a year at each candidate, (…, n_customers, n_grid); it never rises with it.

    Assumed is `decline_attrition_ratio` of the share that is declined: by the demand of a cycle, or as a model has
    learnt it. What a raise was seen to do to leaving is weighed with what that assumption says it does, each by
    1 / error²: of a bank where hardly anybody leaves the register speaks, and where nothing is declined a raise is
    not assumed to keep anybody.
    """
    declined = demand.declined_ratio(limit_amt)
    if learnt is None:
        return economics.decline_attrition_ratio * declined
    doubled = demand.declined_ratio(2 * limit_amt[:, :1])
    if learnt.declined_ratio is not None and learnt.doubled_declined_ratio is not None:
        declined = np.where(learnt.has_line, learnt.declined_ratio, declined)
        doubled = np.where(learnt.has_line, learnt.doubled_declined_ratio, doubled)
    assumed = economics.decline_attrition_ratio * declined
    base, taken, error = learnt.attrition_base, learnt.attrition_taken, learnt.attrition_error
    if base is None or taken is None or error is None:
        return assumed
    # At the line in force both ends are one.
    kept = np.maximum(declined.reshape(-1, *limit_amt.shape)[0, :, :1] - doubled, 0.0)
    unknown = (economics.decline_attrition_error_ratio * kept) ** 2
    trust = np.where(learnt.has_line, unknown / np.maximum(unknown + error**2, 1e-300), 0.0)
    # A raise keeps nobody who would not have left.
    return np.asarray(trust * np.maximum(base - taken, 0.0) + (1.0 - trust) * assumed)

"""How many leave at each candidate limit: what declined purchases drive away, assumed or learnt."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.curves import left
from linewise.decisioning.limits.demand import CycleDemand
from linewise.decisioning.scorers import Doses, FallingCoefficients, LimitResponse
from linewise.decisioning.types import Floats, Ints

__all__ = ["Leaving", "leaving_ratio"]

DOUBLED_DOSE = float(np.log(2.0))
"""Of a line that is doubled, whatever the bend: there it is asked how much is known of a raise."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What models say of leaving; `None` of what none has learnt.

    bought_amt (n_customers,): of a year, as expected; doses: of the candidates; caution_errors: how many errors make
    the cautious end.
    """

    declined: FallingCoefficients | None
    attrition: FallingCoefficients | None
    bought_amt: Floats
    doses: Doses
    caution_errors: float

    @classmethod
    def learnt(cls, response: LimitResponse, doses: Doses, caution_errors: float) -> "Leaving | None":
        """What the response says; None where no model has learnt anything of it."""
        if response.declined is None and response.attrition is None:
            return None
        return cls(response.declined, response.attrition, response.spend.base_amt, doses, caution_errors)

    def numbers_of(self, learnt: FallingCoefficients | None) -> tuple[Floats, Floats, Floats, Floats]:
        """Base, slope, error and doses of one of the two, as `left` reads them; of what nobody learnt it reads none."""
        if learnt is None:
            return self.bought_amt, self.bought_amt, self.bought_amt, self.bought_amt[:, None]
        return learnt.base, learnt.slope, learnt.slope_error, self.doses.of(learnt.dose)


def leaving_ratio(limit_amt: Ints, demand: CycleDemand, learnt: Leaving | None, economics: Economics) -> Floats:
    """The probability of leaving within a year at each candidate, (…, n_customers, n_grid); it never rises with it.

    Assumed is `decline_attrition_ratio` of the share that is declined: by the demand of a cycle, or, of a line in
    force, as a model has learnt it. What a raise was seen to do to leaving is weighed with what that assumption says it
    does, each by 1 / error²: of a bank where hardly anybody leaves the register speaks, and where nothing is declined a
    raise is not assumed to keep anybody.
    """
    if learnt is None:
        return economics.decline_attrition_ratio * demand.declined_ratio(limit_amt)
    found = left(
        limit_amt,
        (demand.mean_amt, demand.spread_amt),
        learnt.bought_amt,
        learnt.numbers_of(learnt.declined),
        learnt.numbers_of(learnt.attrition),
        (learnt.declined is not None, learnt.attrition is not None),
        (
            economics.decline_attrition_ratio,
            economics.decline_attrition_error_ratio,
            DOUBLED_DOSE,
            float(learnt.caution_errors),
        ),
    )
    return np.asarray(found)

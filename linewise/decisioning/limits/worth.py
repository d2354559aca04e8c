"""What each candidate limit is worth beside the line in force: as expected, and at the cautious end."""

from dataclasses import dataclass, replace

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.use import behaviour_of, limit_use
from linewise.decisioning.scorers import LimitResponse
from linewise.decisioning.types import Customers, Floats, Ints
from linewise.decisioning.value import Valuation, value_of

__all__ = ["Worth", "worth_of"]


@dataclass(frozen=True, slots=True)
class Worth:
    """Of each candidate, (n_customers, n_grid), minor units.

    valued: as expected; gain_amt: above the value of the line in force, zero there. lower_amt: the same gain
    with each coefficient at its cautious end. pd_12m, cautious_pd_12m; balance_amt, spend_amt as expected.
    """

    valued: Valuation
    gain_amt: Floats
    lower_amt: Floats
    pd_12m: Floats
    cautious_pd_12m: Floats
    balance_amt: Floats
    spend_amt: Floats

    def added(self, amount: Floats) -> Floats:
        """How much more of something each candidate takes than the line in force, same shape."""
        return np.asarray(amount - amount[:, :1])


def worth_of(
    customers: Customers, candidate_amt: Ints, response: LimitResponse, economics: Economics, caution_errors: float
) -> Worth:
    """The worth of the candidates, (n_customers, n_grid), of which the first is the line in force.

    The lower bound is the very same value with the slope of default raised, and those of spending and of the
    balance that earns interest lowered, by so many standard errors.
    """
    behaviour = behaviour_of(customers, response, economics)
    pd_12m = response.default.pd_12m(candidate_amt)
    use = limit_use(candidate_amt, pd_12m, response, response.balance, behaviour, economics)
    cautious = replace(response, spend=response.spend.cautious(caution_errors))
    cautious_pd_12m = response.default.cautious(caution_errors).pd_12m(candidate_amt)
    earning = response.balance.cautious(caution_errors)
    cautious_use = limit_use(candidate_amt, cautious_pd_12m, cautious, earning, behaviour, economics)
    valued = value_of(use, economics)
    lower = value_of(cautious_use, economics).value_amt
    return Worth(
        valued=valued,
        gain_amt=valued.value_amt - valued.value_amt[:, :1],
        lower_amt=lower - lower[:, :1],
        pd_12m=pd_12m,
        cautious_pd_12m=cautious_pd_12m,
        balance_amt=response.balance.amount(candidate_amt),
        spend_amt=use.spend_amt,
    )

"""What each candidate limit is worth beside the line in force: as expected, and at the cautious end."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.limits.use import answers_of, behaviour_of, value_of_limits
from linewise.decisioning.scorers import LimitResponse
from linewise.decisioning.types import Customers, Floats, Ints
from linewise.decisioning.value import Valuation, provision_amt

__all__ = ["Worth", "worth_of"]


@dataclass(frozen=True, slots=True)
class Worth:
    """Of each candidate, (n_customers, n_grid), minor units.

    valued: as expected; provision_change_amt beside it. gain_amt: above the value of the line in force, zero there.
    lower_amt: the same gain with each coefficient at its cautious end. pd_12m, cautious_pd_12m; cautious_loss_amt: the
    expected loss at that end, by which a budget of loss is kept; balance_amt, spend_amt as expected.
    """

    valued: Valuation
    provision_change_amt: Floats
    gain_amt: Floats
    lower_amt: Floats
    pd_12m: Floats
    cautious_pd_12m: Floats
    cautious_loss_amt: Floats
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
    answers, dose = answers_of(response, candidate_amt, caution_errors)
    # Both ends at once: arithmetic on one customer costs less than calling for it twice.
    both = value_of_limits(candidate_amt, dose, answers, behaviour, economics)
    gain = both.value_amt - both.value_amt[..., :1]
    booked = provision_amt(answers.pd_12m[0], both.exposure_amt[0], economics)
    return Worth(
        valued=Valuation(*(getattr(both, name)[0] for name in Valuation.__slots__)),
        provision_change_amt=booked - booked[:, :1],
        gain_amt=gain[0],
        lower_amt=gain[1],
        pd_12m=answers.pd_12m[0],
        cautious_pd_12m=answers.pd_12m[1],
        cautious_loss_amt=both.expected_loss_amt[1],
        balance_amt=answers.owed_amt,
        spend_amt=answers.spend_amt[0],
    )

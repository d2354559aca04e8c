"""What a plan expects of its list by tenths of priority, read in pieces."""

from dataclasses import dataclass

import numpy as np

from serving.campaigns.plan.files import TREATED, Plan

__all__ = ["ExpectedDecile", "expected_deciles"]

READ = ["arm", "decile", "propensity", "uplift", "value_amt", "cost_amt"]
DECILES = 10


@dataclass(frozen=True, slots=True)
class ExpectedDecile:
    """A tenth of the list, 1 the highest priorities; what is expected is of the treated alone.

    responses and added_responses: with the contact, and because of it; value_amt before cost_amt, in minor units.
    cumulative_gain: the share of all added responses that the tenths down to this one hold; cumulative_lift: that
    share over the share of the treated.
    """

    decile: int
    treated_count: int
    control_count: int
    responses: float
    added_responses: float
    value_amt: int
    cost_amt: int
    cumulative_gain: float
    cumulative_lift: float

    @property
    def rate(self) -> float:
        """The share that is expected to respond."""
        return self.responses / self.treated_count if self.treated_count else 0.0

    @property
    def added_rate(self) -> float:
        """The share that is expected to respond because of the contact."""
        return self.added_responses / self.treated_count if self.treated_count else 0.0


def expected_deciles(plan: Plan) -> tuple[ExpectedDecile, ...]:
    """The tenths of the plan's list that hold anybody."""
    counts = np.zeros((2, DECILES + 1), dtype=np.int64)
    shares = np.zeros((2, DECILES + 1))
    amounts = np.zeros((2, DECILES + 1), dtype=np.int64)
    for batch in plan.batches(READ):
        one = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in READ}
        is_treated, decile = one["arm"] == TREATED, one["decile"].astype(np.int64)
        for at, rows in enumerate((is_treated, ~is_treated)):
            counts[at] += np.bincount(decile[rows], minlength=DECILES + 1)
        told = decile[is_treated]
        for at, name in enumerate(("propensity", "uplift")):
            shares[at] += np.bincount(told, one[name][is_treated], minlength=DECILES + 1)
        for at, name in enumerate(("value_amt", "cost_amt")):
            # Whole numbers: sums of doubles would depend on where the pieces of the list end.
            np.add.at(amounts[at], told, one[name][is_treated])
    added, treated = np.cumsum(shares[1]), np.cumsum(counts[0])
    gain = added / added[-1] if added[-1] > 0 else np.zeros(DECILES + 1)
    reached = treated / max(int(treated[-1]), 1)
    return tuple(
        ExpectedDecile(
            decile=at,
            treated_count=int(counts[0, at]),
            control_count=int(counts[1, at]),
            responses=float(shares[0, at]),
            added_responses=float(shares[1, at]),
            value_amt=int(amounts[0, at]),
            cost_amt=int(amounts[1, at]),
            cumulative_gain=float(gain[at]),
            cumulative_lift=float(gain[at] / reached[at]) if reached[at] > 0 else 0.0,
        )
        for at in range(1, DECILES + 1)
        if counts[:, at].any()
    )

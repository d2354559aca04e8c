"""What a base would use if its callers were raised: by rung of the ladder the value, and exposure, loss and capital."""

from dataclasses import dataclass

import numpy as np

from linewise.core.errors import NotReady
from linewise.decisioning.raises import used_by_raises
from linewise.decisioning.types import Decisions, Floats, Ints, Texts
from serving.scoring.facts import BankFacts
from serving.scoring.promises import RAISE_KINDS

__all__ = ["RaiseMix", "limit_calls", "mix_of"]


@dataclass(frozen=True, slots=True)
class RaiseMix:
    """The customers of a base as a month of calls sees them.

    raise_amt, value_amt (n_customers, n_grid): what each rung adds to the line, and what it is worth at no prices;
    the first rung is no raise. uses (n_customers, n_grid, n_scarce) in the order of RAISE_KINDS. propensity
    (n_customers,): how much sooner than others a customer calls, of mean 1.
    """

    customer_id: Texts
    limit_amt: Ints
    raise_amt: Ints
    value_amt: Floats
    uses: Ints
    propensity: Floats

    def __len__(self) -> int:
        return len(self.customer_id)

    def chosen(self, prices: Floats, rows: Ints) -> Ints:
        """The rung of the highest value less what it uses at these prices, (n_rows,); 0 is no raise."""
        priced = self.value_amt[rows] - (self.uses[rows] * prices).sum(axis=2)
        return np.asarray(priced.argmax(axis=1), dtype=np.int64)


def limit_calls(facts: BankFacts) -> Floats:
    """How often each customer of the bank called about the limit, (n_all,), in the history that is loaded."""
    calls = facts.tables["calls"]
    about = calls.columns["reason"] == calls.words["reason"].get("limit", -1)
    owner = np.repeat(np.arange(len(calls.starts) - 1), np.diff(calls.starts))
    return np.bincount(owner[about], minlength=len(calls.starts) - 1).astype(np.float64)


MOST_RAISED_RATIO = 0.25
"""What a caller is raised by at the most, as a share of the line: what raises on the phone usually come to."""


def mix_of(decisions: Decisions, called: Floats, raised_share_ratio: float = 0.95) -> RaiseMix:
    """The mix of a base that was decided on as a whole, by the curve of each customer.

    A release that is cautious suggests few raises, and no budget would be tried by them. So the rehearsal puts a
    bonus on every unit of new limit, the same for all, at which raised_share_ratio of the customers with a line would
    be raised; what a raise uses is the release's own. called (n_customers,): calls about the limit; who never called
    may call too, a tenth of the mean. Raises NotReady where nobody has a line or nobody called.
    """
    limit = decisions.limit
    raised = limit.candidate_amt - limit.candidate_amt[:, :1]
    has_line = limit.current_amt > 0
    if not has_line.any() or not called[has_line].any():
        raise NotReady(
            "The loaded bank has no card lines, or nobody called about one.",
            "A bank with lines and a history of calls was expected.",
            "Run: linewise bank simulate",
        )
    gain = limit.gain_amt.astype(np.float64)
    is_rung = (raised > 0) & (raised <= MOST_RAISED_RATIO * limit.current_amt[:, None])
    asked = np.where(is_rung, -gain / np.maximum(raised, 1), np.inf).min(axis=1)
    bonus = max(float(np.quantile(asked[has_line], raised_share_ratio)), 0.0)
    used = used_by_raises(limit)
    uses = np.stack([used[kind] for kind in RAISE_KINDS], axis=2)
    propensity = np.where(has_line, called + 0.1 * called[has_line].mean(), 0.0)
    return RaiseMix(
        decisions.customers.customer_id[has_line],
        limit.current_amt[has_line],
        raised[has_line],
        np.where(is_rung, gain + bonus * raised, np.where(raised == 0, 0.0, -np.inf))[has_line],
        uses[has_line].astype(np.int64),
        (propensity / propensity[has_line].mean())[has_line],
    )

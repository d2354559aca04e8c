"""What kept an action off the screen that no rule took away: the word of the arbitration for it."""

import numpy as np

from linewise.decisioning.arbitration import ArbitrationPolicy
from linewise.decisioning.arrays import first_match
from linewise.decisioning.hardship.lane import HARDSHIP_FIRST
from linewise.decisioning.offers import Offers
from linewise.decisioning.raises import is_raised
from linewise.decisioning.together import need_of
from linewise.decisioning.types import Decisions, Texts

__all__ = [
    "MAX_SHOWN",
    "NOT_AFFORDABLE_TOGETHER",
    "NOT_RELEVANT",
    "NOT_TOGETHER",
    "VALUE_NOT_POSITIVE",
    "lost_because",
]

NOT_RELEVANT, VALUE_NOT_POSITIVE, MAX_SHOWN = "NOT_RELEVANT", "VALUE_NOT_POSITIVE", "MAX_SHOWN"
NOT_TOGETHER, NOT_AFFORDABLE_TOGETHER = "NOT_TOGETHER", "NOT_AFFORDABLE_TOGETHER"


def lost_because(decisions: Decisions, offers: Offers, policy: ArbitrationPolicy, rows: slice = slice(None)) -> Texts:
    """The word for each action of some customers, (n_rows, n_offers), where it is not shown and no rule took it.

    NOT_RELEVANT: of no use here; HARDSHIP_FIRST: who cannot pay is helped and not sold to; VALUE_NOT_POSITIVE:
    its worth less prices is not above zero; NOT_TOGETHER: what is shown excludes it, or something else that lends
    stands or was asked for; NOT_AFFORDABLE_TOGETHER: a month does not bear it beside what is shown; MAX_SHOWN:
    the screen is full.
    """
    decided, limit = decisions.offers, decisions.limit
    shown, priority = decided.rank[rows] >= 0, decided.priority[rows]
    is_excluded = (shown.astype(np.int64) @ offers.clash.astype(np.int64)) > 0
    lends = is_raised(limit)[rows]
    if decisions.context.asked_for in {"limit", "plan"}:
        lends = lends | decisions.is_asked_for[rows]
    is_excluded |= lends[:, None] & offers.borrows
    # Where the screen has room, what is left must bear it; where it is full, all that a month leaves must.
    is_full = shown.sum(axis=1) >= policy.shown_count
    bears = decided.room_amt[rows] + np.where(is_full, need_of(shown, offers.need_amt), 0)
    return first_match(
        [
            ~decided.is_relevant[rows],
            np.broadcast_to(offers.serves, shown.shape),
            np.broadcast_to(decisions.hardship.is_on[rows][:, None], shown.shape),
            priority <= 0,
            is_excluded,
            offers.need_amt > bears[:, None],
        ],
        [NOT_RELEVANT, MAX_SHOWN, HARDSHIP_FIRST, VALUE_NOT_POSITIVE, NOT_TOGETHER, NOT_AFFORDABLE_TOGETHER],
        MAX_SHOWN,
    )

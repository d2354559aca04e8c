"""A raise beside everything else that is proposed: what it is worth, what it uses, and where it gives way."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from linewise.decisioning.arbitration import REQUESTED, ArbitrationPolicy
from linewise.decisioning.arrays import some
from linewise.decisioning.types import Bools, Ints, LimitDecisions

__all__ = ["USED_FROM", "closed_where", "is_raised", "kept_where", "raised_to_amt", "used_by_raises", "worth_of_raise"]

USED_FROM: Mapping[str, str] = {"exposure": "candidate_amt", "loss": "cautious_loss_amt", "capital": "capital_amt"}
"""What a raise uses, by the kind of budget: the field of the decision of which it is what the raise adds.

The loss at its cautious end: raises go where the models see the least of it, so that their errors do not even out.
"""


def used_by_raises(limit: LimitDecisions) -> dict[str, Ints]:
    """What each candidate uses above the line in force, (n_customers, n_grid) by the kind of budget, never below 0."""
    of = {kind: getattr(limit, field) for kind, field in USED_FROM.items()}
    return {kind: np.maximum(amount - amount[:, :1], 0) for kind, amount in of.items()}


def raised_to_amt(limit: LimitDecisions) -> Ints:
    """The line that would stand were all of it taken, for good or for a time, (n_customers,), minor units."""
    return np.maximum(np.maximum(limit.suggested_amt, limit.temporary_amt), limit.current_amt)


def is_raised(limit: LimitDecisions) -> Bools:
    """Whose line would be raised, (n_customers,)."""
    return np.asarray(raised_to_amt(limit) > limit.current_amt)


def worth_of_raise(limit: LimitDecisions, policy: ArbitrationPolicy) -> Ints:
    """What the raise that is suggested surely adds, as far as it will be taken, (n_customers,); 0 where none is.

    One that the customer asked for, or was promised, gives way to nothing.
    """
    raised = is_raised(limit)
    if not some(raised):
        return np.zeros_like(limit.current_amt)
    rows = np.arange(len(raised))
    chosen = (limit.candidate_amt == limit.suggested_amt[:, None]).argmax(axis=1)
    gain = np.rint(limit.gain_lower_amt[rows, chosen] * policy.raise_take_up_ratio)
    is_kept = (limit.request_answer != "") | (limit.promised_amt == limit.suggested_amt)
    return np.where(raised, np.where(is_kept, REQUESTED, gain), 0).astype(np.int64)


def kept_where(limit: LimitDecisions, gives_way: Bools, because: str) -> LimitDecisions:
    """The limits with the raises among them that give way, (n_customers,), and the code of what they give way to.

    Where none was suggested, what bound it stays what it was.
    """
    if not some(gives_way) or not some(kept := gives_way & is_raised(limit)):
        return limit
    return replace(
        limit,
        suggested_amt=np.where(kept, limit.current_amt, limit.suggested_amt),
        kind=np.where(kept, "hold", limit.kind),
        binding=np.where(kept, because, limit.binding),
        temporary_amt=np.where(kept, 0, limit.temporary_amt),
        paydown_amt=np.where(kept, 0, limit.paydown_amt),
        paydown_payment_amt=np.where(kept, 0, limit.paydown_payment_amt),
    )


def closed_where(limit: LimitDecisions, is_helped: Bools, because: str) -> LimitDecisions:
    """The limits with no raise for who is helped rather than sold to, (n_customers,), though they asked for one."""
    if not some(is_helped) or not some(closed := is_helped & is_raised(limit)):
        return limit
    answer = np.where(closed & (limit.request_answer != ""), "declined", limit.request_answer)
    return replace(kept_where(limit, closed, because), request_answer=answer)

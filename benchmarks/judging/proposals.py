"""What a release proposes to a whole base at one moment, as arrays a row a customer."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from features.online import OnlineGeneration, OnlineRows
from linewise.decisioning.types import Bools, Decisions, Floats, Ints, Texts
from serving.scoring.deciding import Decider

__all__ = ["Proposals", "proposed_to_all"]

Bytes = NDArray[np.uint8]

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Proposals:
    """Suggestions to customers, (n_customers,) unless told otherwise; amounts in minor units.

    most_amt: the highest limit that rules and caps leave; binding: what bound the limit. gain_amt and loss_amt:
    what the release expects the raise to bring and to lose; pd_12m: of the line in force. rank (n_customers,
    n_offers): 0 is the primary offer, -1 not shown; plan_amt (n_customers, n_terms): the payments shown, else 0.
    limit_hits, offer_hits (n_customers, n_bytes): the rules that limit and offers met, a bit each.
    """

    customer_id: Texts
    current_amt: Ints
    suggested_amt: Ints
    most_amt: Ints
    binding: Texts
    gain_amt: Ints
    loss_amt: Ints
    pd_12m: Floats
    rank: Ints
    plan_amt: Ints
    limit_hits: Bytes
    offer_hits: Bytes

    def __len__(self) -> int:
        return len(self.customer_id)

    @property
    def is_raised(self) -> Bools:
        """Whether a raise is proposed, (n_customers,)."""
        return self.suggested_amt > self.current_amt

    @property
    def factor(self) -> Floats:
        """The limit proposed as a multiple of the one in force, (n_customers,); 1 where nothing is proposed."""
        current = np.maximum(self.current_amt, 1).astype(np.float64)
        return np.where(self.is_raised & (self.current_amt > 0), self.suggested_amt / current, 1.0)


class _Later(OnlineGeneration):
    """A generation of the same features that says they were filled some days later."""

    def __init__(self, generation: OnlineGeneration, days: int) -> None:
        self.id, self.filled = generation.id, generation.filled
        self._of_today, self._days = generation, days

    def read(self, customer_ids: Sequence[str]) -> OnlineRows:
        rows = self._of_today.read(customer_ids)
        return replace(rows, as_of=rows.as_of + np.timedelta64(self._days, "D"))


def proposed_to_all(recommender: Decider, *, days: int = 0, channel: str = "voice") -> Proposals:
    """What is proposed to every customer of the bank so many days from now.

    The features are filled anew on that day and are the same: nothing happened meanwhile but time.
    """
    ids, context = recommender.customer_ids(), recommender.context(channel, explain=False)
    later = replace(context, decided_at=context.decided_at + timedelta(days=days))
    generation = _Later(recommender.generation(), days)
    parts = [
        _of(recommender.decide(ids[start : start + CHUNK], later, generation)) for start in range(0, len(ids), CHUNK)
    ]
    columns = {one.name: np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(Proposals)}
    return Proposals(**columns)


def _of(decisions: Decisions) -> Proposals:
    limit, plans = decisions.limit, decisions.plans
    rows = np.arange(len(decisions.customers))
    chosen = (limit.candidate_amt == limit.suggested_amt[:, None]).argmax(axis=1)
    return Proposals(
        customer_id=decisions.customers.customer_id,
        current_amt=limit.current_amt,
        suggested_amt=limit.suggested_amt,
        most_amt=limit.max_amt,
        binding=limit.binding,
        gain_amt=limit.gain_amt[rows, chosen],
        loss_amt=limit.expected_loss_amt[rows, chosen] - limit.expected_loss_amt[:, 0],
        pd_12m=limit.pd_12m[:, 0],
        rank=decisions.offers.rank,
        plan_amt=np.where(plans.is_shown, plans.payment_amt, 0),
        limit_hits=_bits(limit.hits),
        offer_hits=_bits(decisions.offers.hits),
    )


def _bits(hits: Bools) -> Bytes:
    return np.packbits(hits.reshape(len(hits), -1), axis=1)

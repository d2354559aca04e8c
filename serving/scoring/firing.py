"""How often each rule hits on the loaded bank, through the same decision as the batch."""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from linewise.policy.checking import Firing
from serving.scoring.batch import CHUNK
from serving.scoring.deciding import Decider

__all__ = ["rule_firing"]


def rule_firing(
    recommender: Decider, channel: str = "voice", advance: Callable[[int], None] = lambda steps: None
) -> dict[str, Firing]:
    """Hits and candidates by rule_id, over all customers, offers, limits and plans.

    `advance` is called with the customers done.
    """
    hits: dict[str, int] = defaultdict(int)
    rows: dict[str, int] = defaultdict(int)
    customer_ids = recommender.customer_ids()
    context, generation = recommender.context(channel, explain=False), recommender.generation()
    serves = recommender.policy.decision.offers.serves
    for start in range(0, len(customer_ids), CHUNK):
        chunk = customer_ids[start : start + CHUNK]
        decided = recommender.decide(chunk, context, generation)
        # What serves is nobody's to guard: its hits are set aside by the decision itself.
        sold = decided.offers.hits[:, ~serves]
        for rules, hit in (
            (decided.offers.rules, sold),
            (decided.limit.rules, decided.limit.hits),
            (decided.plans.rules, decided.plans.hits),
        ):
            counts = hit.sum(axis=tuple(range(hit.ndim - 1)))
            for rule, count in zip(rules, counts.tolist(), strict=True):
                hits[rule.rule_id] += count
                rows[rule.rule_id] += int(np.prod(hit.shape[:-1]))
        advance(len(chunk))
    return {rule_id: Firing(hits[rule_id], rows[rule_id]) for rule_id in rows}

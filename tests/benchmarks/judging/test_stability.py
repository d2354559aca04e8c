"""What changes although nothing changed."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.judging.proposals import Proposals, proposed_to_all
from benchmarks.judging.stability import change_between
from serving.scoring.deciding import Decider

MOST = 0.01


@pytest.mark.parametrize("days", [2, 7])
def test_a_week_in_which_nothing_happens_changes_at_most_one_suggestion_of_a_hundred(
    days: int, recommender: Decider, today: Proposals
) -> None:
    change = change_between(today, proposed_to_all(recommender, days=days))
    assert change.changed_ratio <= MOST
    assert change.limit_ratio <= MOST
    assert change.primary_ratio <= MOST


def test_the_same_moment_gives_the_same_suggestions(recommender: Decider, today: Proposals) -> None:
    change = change_between(today, proposed_to_all(recommender))
    assert (change.limits, change.primaries, change.plans) == (0, 0, 0)


def test_a_limit_that_differs_with_a_rule_is_told_apart_from_one_that_differs_without(today: Proposals) -> None:
    suggested, hits = today.suggested_amt.copy(), today.limit_hits.copy()
    suggested[:4] += 50_000
    hits[:3, 0] ^= 1
    change = change_between(today, replace(today, suggested_amt=suggested, limit_hits=hits))
    assert (change.limits, change.limits_by_rule) == (4, 3)
    assert change.limit_ratio == 1 / change.limits_of


def test_a_primary_offer_that_goes_is_one_that_differs(today: Proposals) -> None:
    rank = today.rank.copy()
    first = np.flatnonzero((rank == 0).any(axis=1))[0]
    rank[first] = -1
    change = change_between(today, replace(today, rank=rank))
    assert (change.primaries, change.primaries_by_rule, change.limits) == (1, 0, 0)

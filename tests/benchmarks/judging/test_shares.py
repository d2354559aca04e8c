"""To whom the raises go that a release proposes to a bank whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.judging.people import People
from benchmarks.judging.proposals import Proposals
from benchmarks.judging.shares import Share, shares_of


@pytest.fixture(scope="module")
def shares(today: Proposals, people: People) -> dict[str, Share]:
    return {one.group: one for one in shares_of(today, people)}


def test_no_raise_goes_to_a_persistent_debtor(shares: dict[str, Share]) -> None:
    assert shares["persistent debtors"].members > 0
    assert shares["persistent debtors"].raised == 0


@pytest.mark.parametrize("group", ["cash-out rings", "bust-outs that turned", "takeovers that turned"])
def test_those_who_are_up_to_something_get_at_most_a_fifth_of_their_share(group: str, shares: dict[str, Share]) -> None:
    assert shares[group].lift_ratio <= 0.2


def test_nobody_is_raised_who_does_not_use_the_card(shares: dict[str, Share]) -> None:
    assert shares["not active"].raised == 0


def test_the_bank_has_transactors_rings_and_debtors_to_judge_by(shares: dict[str, Share]) -> None:
    assert 0.3 < shares["transactors"].base_ratio < 0.6
    assert shares["cash-out rings"].members > 0


def test_raises_that_look_at_nothing_go_to_each_group_by_its_share(today: Proposals, people: People) -> None:
    all_raised = replace(today, suggested_amt=today.current_amt * 5 // 4)
    for one in shares_of(all_raised, people):
        if one.members:
            assert one.lift_ratio == pytest.approx(1.0, rel=1e-9), one.group


def test_shares_of_a_bank_that_raises_nobody_are_nothing(today: Proposals, people: People) -> None:
    none = replace(today, suggested_amt=today.current_amt)
    assert not any(one.raised or one.amount_ratio for one in shares_of(none, people))


def test_a_raise_is_told_as_a_multiple_of_the_line_in_force(today: Proposals) -> None:
    assert np.all(today.factor >= 1.0)
    assert np.array_equal(today.factor > 1.0, today.is_raised & (today.current_amt > 0))

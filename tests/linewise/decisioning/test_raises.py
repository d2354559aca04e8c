"""What a raise uses of the bank's budgets: more than the line in force, the loss at its cautious end."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.prices import PRICE_OF
from linewise.decisioning.raises import USED_FROM, used_by_raises
from serving.portfolio.candidates import USES
from serving.scoring.promises import RAISE_KINDS
from tests.builders import FixedScorers, decided, some_customers


def test_every_budget_that_a_raise_draws_on_is_told_what_it_uses_and_has_a_price():
    assert set(USED_FROM) == set(RAISE_KINDS)
    assert set(USED_FROM) <= set(USES) & set(PRICE_OF)


@pytest.mark.parametrize(
    ("scorers", "is_more"),
    [({"slope_error": 0.5}, True), ({"slope_error": 0.0}, False)],
    ids=["a slope of default that is not sure", "one that is"],
)
def test_an_unsure_raise_uses_more_of_a_budget_of_loss_than_is_expected(scorers: dict[str, Any], is_more: bool):
    limit = decided(some_customers(current_limit_amt=1_000_000), FixedScorers(**scorers)).limit
    expected = limit.expected_loss_amt - limit.expected_loss_amt[:, :1]
    assert (used_by_raises(limit)["loss"][:, 1:] > expected[:, 1:]).all() == is_more
    assert (used_by_raises(limit)["loss"] >= expected).all()


@settings(max_examples=40)
@given(slope=st.floats(0.0, 2.0), error=st.floats(0.0, 1.0), offset=st.floats(-7.0, -1.0))
def test_no_higher_rung_uses_less_and_the_line_in_force_uses_nothing(slope: float, error: float, offset: float):
    scorers = FixedScorers(offset=offset, slope=slope, slope_error=error)
    for used in used_by_raises(decided(some_customers(current_limit_amt=1_000_000), scorers).limit).values():
        assert (used[:, 0] == 0).all()
        assert (np.diff(used, axis=1) >= 0).all()

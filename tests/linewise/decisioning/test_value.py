"""What a use is worth: worked numbers, the loss once, provisions beside it, and what risk and use do to it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.value import ExpectedUse, provision_amt, value_of
from tests.builders import a_policy

ECONOMICS = a_policy().decision.economics
NOTHING = dict.fromkeys(ExpectedUse.__slots__, 0.0)


def a_use(**known: float | list[float]) -> ExpectedUse:
    return ExpectedUse(
        **{name: np.atleast_1d(np.array(value, dtype=float)) for name, value in (NOTHING | known).items()}
    )


def worth(economics=ECONOMICS, **known: float | list[float]) -> float:
    return float(value_of(a_use(**known), economics).value_amt[0])


A_REVOLVER = {
    "limit_amt": 1_000_000.0,
    "pd_12m": 0.04,
    "revolving_amt": 500_000.0,
    "later_revolving_amt": 500_000.0,
    "rate_ratio": 0.18,
    "spend_amt": 1_200_000.0,
    "revolver_ratio": 1.0,
    "utilisation_ratio": 0.5,
}


def test_a_revolver_worked_by_hand():
    # Earned: 18% of 500,000; 0.30% of purchases; funding 2.25%; 12% on 10.5% of 75% of (500,000 + 40% of the rest).
    earned = 90_000.0 + 3_600.0 - 11_250.0 - 0.12 * 0.105 * 0.75 * 700_000.0
    # Lost: 75% and 4% for collection of an exposure of 0.75 of the limit; a third of a year's interest was paid.
    expected = 0.75 * (0.96 * earned + 0.04 * (0.35 * 90_000.0 - 0.79 * 750_000.0))
    assert worth(**A_REVOLVER) == pytest.approx(expected)


def test_nothing_used_is_worth_nothing():
    assert worth() == 0.0


def test_the_loss_is_counted_once():
    free = replace(ECONOMICS, tax_ratio=0.0)
    dearer = replace(free, loss_given_default_ratio=free.loss_given_default_ratio + 0.1)
    taken_off = worth(free, **A_REVOLVER) - worth(dearer, **A_REVOLVER)
    valued = value_of(a_use(**A_REVOLVER), free)
    assert taken_off == pytest.approx(0.1 * 0.04 * float(valued.exposure_amt[0]))
    assert valued.expected_loss_amt[0] == pytest.approx(0.04 * 0.75 * 750_000.0)


@pytest.mark.parametrize("name", ["stage_move_factor", "behavioural_life_years"])
def test_provisions_are_a_view_of_their_own_and_leave_the_value_as_it_is(name: str):
    cautious = replace(ECONOMICS, **{name: 3 * getattr(ECONOMICS, name)})
    assert worth(cautious, **A_REVOLVER) == worth(**A_REVOLVER)
    use, valued = a_use(**A_REVOLVER), value_of(a_use(**A_REVOLVER), ECONOMICS)
    booked, more = (provision_amt(use.pd_12m, valued.exposure_amt, one)[0] for one in (ECONOMICS, cautious))
    assert more > booked >= valued.expected_loss_amt[0]


@pytest.mark.parametrize(
    ("utilisation", "share"), [(0.0, 0.40), (0.1, 0.475), (0.5, 0.75), (0.9, 0.985), (1.0, 1.05), (3.0, 1.10)]
)
def test_exposure_is_a_share_of_the_limit_by_how_much_of_it_is_used(utilisation: float, share: float):
    use = a_use(limit_amt=1_000_000.0, utilisation_ratio=utilisation)
    assert value_of(use, ECONOMICS).exposure_amt[0] == pytest.approx(share * 1_000_000.0)


def test_nobody_owes_less_at_default_than_the_balance():
    use = a_use(limit_amt=100_000.0, owed_at_default_amt=90_000.0, utilisation_ratio=0.0)
    assert value_of(use, ECONOMICS).exposure_amt[0] == 90_000.0


def test_capital_steps_on_the_whole_balance_once_a_transactor_revolves():
    alike = {"limit_amt": 1_000_000.0, "transacting_amt": 400_000.0}
    pays, carries = (value_of(a_use(**alike, revolver_ratio=one), ECONOMICS).capital_amt[0] for one in (0.0, 1.0))
    assert pays == pytest.approx(0.105 * 0.45 * (400_000.0 + 0.2 * 600_000.0))
    assert carries == pytest.approx(0.105 * 0.75 * (400_000.0 + 0.4 * 600_000.0))


def test_the_years_after_the_first_count_by_what_they_bring():
    once, more = worth(**A_REVOLVER), worth(**A_REVOLVER, terminal_years=0.5)
    assert more == pytest.approx(1.5 * once)
    grown = worth(**(A_REVOLVER | {"later_revolving_amt": 600_000.0}), terminal_years=0.5)
    assert grown > more


risks = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=2).map(sorted)


@settings(max_examples=80)
@given(risk=risks, limit=st.floats(1e4, 1e8), drawn=st.floats(0, 1), utilisation=st.floats(0, 1.2))
def test_more_risk_is_never_worth_more(risk, limit, drawn, utilisation):
    known = {"limit_amt": limit, "utilisation_ratio": utilisation, "rate_ratio": 0.18, "revolver_ratio": 1.0}
    known |= {"revolving_amt": drawn * limit, "later_revolving_amt": drawn * limit}
    low, high = (worth(**known, pd_12m=one) for one in risk)
    assert high <= low + 1e-6 * limit


@settings(max_examples=40)
@given(pd_12m=st.lists(st.floats(0, 0.5), min_size=1, max_size=9))
def test_a_value_does_not_depend_on_the_rows_beside_it(pd_12m):
    together = value_of(a_use(**(A_REVOLVER | {"pd_12m": pd_12m})), ECONOMICS).value_amt
    alone = [worth(**(A_REVOLVER | {"pd_12m": one})) for one in pd_12m]
    assert together.tolist() == alone

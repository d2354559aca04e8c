"""What a plan costs a year: the published vectors, the residual of the rate, and a display that never understates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.plans import annualised_rate, annuity_factor, flat_plans, level_plans, round_rate_up


def amounts(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def residual(amount: int, payment: int, last: int, term: int, yearly: float) -> float:
    """The present value of the payments at that rate less the amount, a share of it."""
    discounts = (1 + yearly / 12) ** -np.arange(1, term + 1)
    return float((np.array([*[payment] * (term - 1), last]) @ discounts - amount) / amount)


@pytest.mark.parametrize(
    ("term", "flat_fee", "simple", "effective"),
    [
        # Published: equal principal parts and a flat fee on the original principal, by internal rate of return.
        (3, 0.0090, 0.1613, 0.1738),
        (3, 0.0095, 0.1702, 0.1841),
        (6, 0.0075, 0.1527, 0.1638),
        (12, 0.0060, 0.1303, 0.1384),
        (18, 0.0065, 0.1430, 0.1527),
        (24, 0.0065, 0.1433, 0.1530),
        (36, 0.0060, 0.1317, 0.1400),
        (60, 0.0050, 0.1085, 0.1140),
        (60, 0.0060, 0.1283, 0.1361),
    ],
)
def test_the_annualised_rate_of_a_flat_fee_is_the_published_one(term, flat_fee, simple, effective):
    owed = amounts(1_200_000_000)
    payment, last, _ = flat_plans(owed, np.array([flat_fee]), amounts(term))
    rate = annualised_rate(owed, payment[0], last[0], amounts(term))[0]
    assert rate == pytest.approx(simple, abs=5.1e-5)
    assert (1 + rate / 12) ** 12 - 1 == pytest.approx(effective, abs=5.1e-5)


@pytest.mark.parametrize(
    ("term", "flat_fee"),
    [(3, 0.01019), (6, 0.00898), (12, 0.00847), (24, 0.00838), (36, 0.0085), (60, 0.00886)],
)
def test_the_flat_fee_that_costs_as_much_as_the_card_is_the_published_one(term: int, flat_fee: float):
    owed = amounts(1_200_000_000)
    payment, last, _ = flat_plans(owed, np.array([flat_fee]), amounts(term))
    assert annualised_rate(owed, payment[0], last[0], amounts(term))[0] == pytest.approx(0.1825, abs=1.2e-4)


@pytest.mark.parametrize(("term", "payment"), [(12, 888.5), (24, 470.7), (36, 332.1), (60, 222.4)])
def test_the_level_payment_of_ten_thousand_at_twelve_per_cent_is_the_published_one(term, payment):
    assert annuity_factor(0.12, amounts(term))[0] * 10_000 == pytest.approx(payment, abs=0.05)


@given(amount=st.integers(100_000, 10**10), term=st.integers(1, 60), rate=st.sampled_from([0.01, 0.149, 0.24]))
def test_the_displayed_rate_never_understates_what_is_paid(amount: int, term: int, rate: float):
    payment, last, _ = level_plans(amounts(amount), rate, amounts(term))
    exact = annualised_rate(amounts(amount)[:, None], payment, last, amounts(term))[0, 0]
    shown = float(round_rate_up(np.array([exact]))[0])
    assert exact == pytest.approx(rate, abs=2e-4)
    # At the displayed rate the payments are worth no more than the amount: what is paid costs no more than shown.
    assert residual(amount, int(payment[0, 0]), int(last[0, 0]), term, shown) <= 1e-10


@given(
    amount=st.integers(10_000, 10**10),
    term=st.integers(1, 60),
    fee=st.floats(0, 0.05),
    settled=st.floats(0, 0.5),
)
def test_the_rate_solves_the_payments_to_one_part_in_a_hundred_million(
    amount: int, term: int, fee: float, settled: float
):
    part = -(-amount // term) + int(amount * fee)
    last = max(amount - (-(-amount // term)) * (term - 1), 0) + int(amount * (fee + settled))
    exact = float(annualised_rate(amounts(amount), amounts(part), amounts(last), amounts(term))[0])
    around = [residual(amount, part, last, term, exact + side * 1e-8) for side in (-1, 1)]
    assert around[0] >= 0.0 >= around[1] or exact == 0.0


PLANS = st.tuples(st.integers(10_000, 10**9), st.integers(1, 60), st.floats(0, 0.05))


@given(rows=st.lists(PLANS, min_size=2, max_size=5))
def test_a_rate_does_not_depend_on_the_other_plans_of_the_chunk(rows):
    owed, terms = amounts(*(row[0] for row in rows)), amounts(*(row[1] for row in rows))
    paid = -(-owed // terms) + (owed * np.array([row[2] for row in rows])).astype(np.int64)
    together = annualised_rate(owed, paid, paid, terms)
    alone = [annualised_rate(*(one[i : i + 1] for one in (owed, paid, paid, terms)))[0] for i in range(len(rows))]
    assert together.tolist() == alone


@pytest.mark.parametrize(("exact", "shown"), [(0.149, 0.149), (0.14900001, 0.1491), (0.13031, 0.1304), (0.0, 0.0)])
def test_a_rate_is_rounded_up_at_a_hundredth_of_a_per_cent(exact: float, shown: float):
    assert round_rate_up(np.array([exact]))[0] == pytest.approx(shown)


def test_nothing_owed_costs_nothing():
    assert annualised_rate(amounts(0), amounts(0), amounts(0), amounts(12))[0] == 0.0

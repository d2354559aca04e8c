import numpy as np
import pytest

from linewise.simulation.chance import Chance
from linewise.simulation.days import DATA_UNTIL_US, LAST_DAY, MONTHS
from linewise.simulation.loans import (
    DEFAULTED,
    IN_ARREARS,
    RUNNING,
    SETTLED,
    Loans,
    draw_loans,
    due_day,
    payment_of,
    status_us,
    true_default_probability,
)
from linewise.simulation.people import People, draw_people


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(np.arange(1, 20_001), Chance(11))


@pytest.fixture(scope="module")
def loans(people: People) -> Loans:
    return draw_loans(people, Chance(11))


def test_the_payment_is_that_of_an_annuity() -> None:
    # 10,000.00 over 12 months at 12% a year: 888.49 a month.
    assert payment_of(np.array([1_000_000]), np.array([0.12]), np.array([12])) == [88_849]


def test_a_loan_opened_on_a_31st_falls_due_on_28ths() -> None:
    opened = np.array([np.datetime64("2025-01-31").astype(np.int64)] * 2)
    due = due_day(opened, np.array([1, 13])).astype("datetime64[D]")
    assert [str(day) for day in due] == ["2025-02-28", "2026-02-28"]


def test_what_is_paid_over_the_term_is_the_principal_with_its_interest(loans: Loans) -> None:
    granted = loans.is_granted
    rate, left = loans.rate_ratio / 12, loans.principal_amt.astype(float)
    for k in range(1, 37):
        payment = np.where(k == loans.term_months, loans.last_payment_amt(), loans.payment_amt)
        left = np.where(k <= loans.term_months, left * (1 + rate) - payment, left)
    assert np.abs(left[granted]).max() < 1
    assert (loans.last_payment_amt() <= loans.payment_amt)[granted].all()


def test_a_larger_loan_makes_the_same_customer_likelier_to_default() -> None:
    doses = true_default_probability(np.zeros(5), np.array([1, 3, 6, 12, 24]), np.full(5, 12))
    assert (np.diff(doses) > 0.01).all()
    # logit = -3.45 + 2 ln 2 at a year's income.
    assert doses[3] == pytest.approx(1 / (1 + np.exp(3.45 - 2 * np.log(2))))


def test_defaults_rise_with_the_loan_beside_income(people: People, loans: Loans) -> None:
    granted = np.flatnonzero(loans.is_granted)
    ratio = loans.principal_amt[granted] / (people.income_amt[granted] * 12)
    is_bad = np.isin(loans.status[granted], (IN_ARREARS, DEFAULTED))
    thirds = np.digitize(ratio, np.quantile(ratio, [1 / 3, 2 / 3]))
    low, middle, high = (is_bad[thirds == third].mean() for third in range(3))
    noise = np.sqrt(2 * is_bad.mean() / (len(granted) / 3))
    assert low + 2 * noise < middle
    assert middle + 2 * noise < high


def test_outcomes_happen_as_often_as_their_true_probability_says(people: People, loans: Loans) -> None:
    granted = np.flatnonzero(loans.is_granted)
    truth = true_default_probability(
        people.risk[granted], loans.principal_amt[granted], people.income_amt[granted] * 12
    )
    is_bad = np.isin(loans.status[granted], (IN_ARREARS, DEFAULTED))
    for band in np.array_split(np.argsort(truth), 5):
        assert is_bad[band].mean() == pytest.approx(truth[band].mean(), abs=0.02)


def test_loans_were_asked_for_13_to_24_months_ago_after_half_a_year_of_history(people: People, loans: Loans) -> None:
    age_days = LAST_DAY - loans.opened_day
    assert 396 <= age_days.min() <= age_days.max() <= 730
    first_day = np.array([month.first_day for month in MONTHS])[people.first_month]
    assert (loans.opened_day - first_day >= 180).all()


def test_each_status_is_what_the_payments_say(loans: Loans) -> None:
    granted, paid = loans.is_granted, loans.paid_count()
    is_whole = paid == loans.term_months
    assert is_whole[granted & (loans.status == SETTLED)].all()
    assert not is_whole[granted & (loans.status != SETTLED)].any()
    assert (loans.first_missed[granted & np.isin(loans.status, (RUNNING, SETTLED))] == 0).all()
    assert (loans.remaining_amt()[granted] == 0).sum() == (granted & (loans.status == SETTLED)).sum()


def test_every_status_was_observed_before_the_data_end(loans: Loans) -> None:
    observed = status_us(loans)[loans.is_granted]
    assert (observed >= loans.opened_us[loans.is_granted]).all()
    assert (observed <= DATA_UNTIL_US).all()

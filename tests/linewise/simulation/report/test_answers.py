import numpy as np
import pytest

from linewise.simulation.report import answers
from linewise.simulation.report.sample import raise_month
from tests.linewise.simulation.report.builders import (
    LIMIT_AMT,
    a_sample,
    a_world,
    some_lives,
    totals_of,
    with_months,
    with_people,
)

WORLD = a_world(24)
FIRST = raise_month(WORLD)
MORE_AMT = LIMIT_AMT // 4


def pair(customer_count: int, answer_amt, **columns):
    """Lives of people, and the same with a quarter more limit and answer_amt more owed from the raise on."""
    lives = with_months(some_lives(customer_count, WORLD), balance_amt=1000, **columns)
    limit = lives.months["limit_amt"].copy()
    limit[:, FIRST:] += MORE_AMT
    owed = lives.months["balance_amt"].copy()
    owed[:, FIRST:] += np.asarray(answer_amt, dtype=np.int64)
    return lives, with_months(lives, limit_amt=limit, balance_amt=owed)


def test_what_is_borrowed_is_told_by_the_new_limit():
    lives, raised = pair(2, [[0.1 * MORE_AMT], [0.3 * MORE_AMT]])
    totals = totals_of(answers, a_sample(lives, WORLD, raised=raised))
    assert answers.borrowed_of_limit(totals, WORLD, 12) == pytest.approx(0.2, abs=1e-5)


@pytest.mark.parametrize(
    ("risk", "band"), [(2.0, "worst"), (0.68, "worst"), (0.66, "worse"), (-0.1, "better"), (-0.7, "best")]
)
def test_the_riskiest_are_the_worst_band(risk: float, band: str):
    lives, raised = pair(1, MORE_AMT // 2)
    totals = totals_of(answers, a_sample(with_people(lives, risk=risk), WORLD, raised=raised))
    found = {one: answers.borrowed_by_band(totals, WORLD, one, revolvers=False) for one in answers.BANDS}
    assert found.pop(band) == pytest.approx(0.5)
    assert np.isnan(list(found.values())).all()


def test_revolvers_are_those_who_carried_debt_before_the_raise():
    behaviour = np.array([[1], [2]])
    lives, raised = pair(2, [[0], [MORE_AMT // 2]], behaviour=behaviour)
    totals = totals_of(answers, a_sample(lives, WORLD, raised=raised))
    assert answers.borrowed_by_band(totals, WORLD, "better", revolvers=False) == pytest.approx(0.25)
    assert answers.borrowed_by_band(totals, WORLD, "better", revolvers=True) == pytest.approx(0.5)


def test_who_is_overdue_or_has_no_card_yet_is_not_asked():
    is_open, bucket = np.array([[1], [0], [1]]), np.array([[0], [0], [1]])
    lives, raised = pair(3, [[MORE_AMT], [0], [0]], is_open=is_open, bucket=bucket)
    totals = totals_of(answers, a_sample(lives, WORLD, raised=raised))
    assert answers.borrowed_of_limit(totals, WORLD, 12) == pytest.approx(1.0)


def test_the_path_is_the_share_of_three_years():
    answer = np.linspace(0, 0.36 * MORE_AMT, 37)[1:]
    grown = np.concatenate([answer, np.full(24 + 36 - FIRST - 36, answer[-1])])
    lives, raised = pair(1, grown)
    totals = totals_of(answers, a_sample(lives, WORLD, raised=raised))
    assert answers.path_share(totals, WORLD, 3) == pytest.approx(3 / 36, abs=1e-4)
    assert answers.borrowed_path(totals) == pytest.approx(np.arange(1, 37) / 100, abs=1e-4)


def test_a_debt_written_off_after_the_raise_was_borrowed_all_the_same():
    lives = some_lives(1, WORLD)
    lost, owed = np.zeros(lives.months.shape), np.zeros(lives.months.shape)
    lost[0, 3], lost[0, FIRST + 2] = 10, 700
    owed[0, : FIRST + 2] = 600
    borrowed = answers.borrowed_amt(with_months(lives, charged_off_amt=lost, balance_amt=owed).months, FIRST)
    assert borrowed[0, 0] == 600
    assert borrowed[0, FIRST + 1 : FIRST + 4].tolist() == [600, 700, 700]


def test_defaults_added_are_those_of_the_higher_limit_less_those_without_it():
    lives, raised = pair(4, 0)
    usual, higher = (np.zeros(lives.months.shape, dtype=np.int8) for _ in range(2))
    usual[0, FIRST + 3], higher[0, FIRST + 3] = 4, 4
    higher[1, FIRST + 11], higher[2, FIRST + 12] = 4, 4
    sample = a_sample(with_months(lives, bucket=usual), WORLD, raised=with_months(raised, bucket=higher))
    assert answers.effect_on_everybody(totals_of(answers, sample), "default") == 0.25

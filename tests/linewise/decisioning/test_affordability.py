"""The one budget: who proves what counts for how much, what is owed goes off it, and the whole line counts."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linewise.decisioning.affordability import (
    AffordabilityPolicy,
    Budget,
    MinimumPayment,
    full_line_cap_amt,
    monthly_budget,
)
from linewise.decisioning.types import Ints
from tests.builders import FixedScorers, decided, some_customers
from tests.linewise.decisioning.drawn import COUNTED, evenly

POLICY = AffordabilityPolicy(
    disposable_share_ratio=0.5,
    income_spread_haircut_ratio=0.5,
    minimum_income_months_count=3,
    income_class_share_ratios=(1.0, 0.95, 0.9, 0.7, 0.5),
    income_class_days=365,
    essential_floor_amt=100_000,
    essential_least_share_ratio=0.2,
    loan_payment_ratio=0.0346,
)
NOTHING_SEEN = {"income_months_count_6m": 0.0, "essential_mean_amt_6m": 0.0}
CARD = {"minimum_payment_ratio": 0.05, "minimum_payment_floor_amt": 5_000.0}
SHOWN = {"card_payment_sum_amt_90d": 900_000.0, "third_party_payment_share_ratio_365d": 0.0}


def budget_of(policy: AffordabilityPolicy = POLICY, **known: object) -> Budget:
    customers = some_customers(dict(known))
    return monthly_budget(customers, policy)


def one(values: Ints) -> int:
    return int(values[0])


def documented(amount: float = 1_000_000, by: str = "A", age_days: float = 30.0) -> dict[str, object]:
    return {"income_evidence_amt": amount, "income_evidence_class": by, "income_evidence_age_days": age_days}


@pytest.mark.parametrize(
    ("by", "age_days", "counted", "letter"),
    [
        ("A", 0, 1_000_000, "A"),
        ("B", 0, 950_000, "B"),
        ("C", 0, 900_000, "C"),
        ("D", 0, 700_000, "D"),
        ("E", 0, 500_000, "E"),
        # Each whole year costs a class, and beyond E evidence proves nothing.
        ("A", 364, 1_000_000, "A"),
        ("A", 365, 950_000, "B"),
        ("A", 4 * 365, 500_000, "E"),
        ("A", 5 * 365, 0, ""),
        ("D", 364, 700_000, "D"),
        ("D", 365, 500_000, "E"),
        ("E", 365, 0, ""),
    ],
)
def test_evidence_counts_by_its_class_and_a_class_less_for_each_year(by, age_days, counted, letter):
    budget = budget_of(**NOTHING_SEEN, **documented(by=by, age_days=age_days))
    assert (one(budget.cautious_income_amt), str(budget.income_class[0])) == (counted, letter)
    assert bool(budget.is_raise_justified[0]) == (letter in set("ABCD"))


@pytest.mark.parametrize(
    ("evidence", "counted", "letter"),
    [
        # Seen here: 950,000, the lower of the lean month and the mean less half its spread; class C.
        ({}, 855_000, "C"),
        ({"salary_count_180d": 6, "salary_recency_days": 20}, 902_500, "B"),
        ({"salary_count_180d": 6, "salary_recency_days": 46}, 855_000, "C"),
        ({"salary_count_180d": 4, "salary_recency_days": 20}, 855_000, "C"),
        (documented(2_000_000, "A"), 2_000_000, "A"),
        (documented(600_000, "A"), 600_000, "A"),
        (documented(2_000_000, "D"), 855_000, "C"),
        (documented(2_000_000, "C"), 855_000, "C"),
        (documented(500_000, "C"), 450_000, "C"),
        (documented(np.nan, "A"), 855_000, "C"),
        (documented(0.0, "A"), 855_000, "C"),
    ],
)
def test_the_better_evidence_counts_alone_and_of_one_class_the_lower_amount(evidence, counted, letter):
    budget = budget_of(**evidence)
    assert (one(budget.cautious_income_amt), str(budget.income_class[0])) == (counted, letter)


def test_the_budget_is_a_share_of_what_essentials_leave_less_all_that_is_owed():
    plain = budget_of(**documented())
    assert one(plain.residual_amt) == 700_000
    assert one(plain.available_amt) == 350_000
    owing = budget_of(
        **documented(),
        obligation_mean_amt_6m=50_000.0,
        other_debt_payment_amt=30_000.0,
        loan_payment_amt=40_000.0,
        card_plan_payment_amt=20_000.0,
    )
    # The loans that reports and our own books name (70,000) outrun those that the account shows.
    assert one(owing.available_amt) == 350_000 - 70_000 - 20_000
    # And a fee of what is suggested beside it.
    assert one(owing.less(np.array([10_000])).available_amt) == 350_000 - 70_000 - 20_000 - 10_000


@pytest.mark.parametrize(
    ("seen", "essentials"),
    [
        ({"essential_mean_amt_6m": 300_000.0}, 300_000),
        ({"essential_mean_amt_6m": 300_000.0, "groceries_sum_amt_90d": 90_000.0}, 330_000),
        ({"essential_mean_amt_6m": 300_000.0, "utilities_sum_amt_90d": 3e4, "transport_sum_amt_90d": 3e4}, 320_000),
        ({"essential_mean_amt_6m": 0.0}, 200_000),
        ({"essential_mean_amt_6m": 0.0, "income": 400_000.0}, 100_000),
    ],
)  # fmt: skip
def test_essentials_are_what_is_seen_and_never_less_than_a_floor_and_a_share_of_the_income(seen, essentials):
    income = seen.pop("income", 1_000_000.0)
    assert one(budget_of(**documented(income), **seen).residual_amt) == income - essentials


def test_without_a_proof_of_income_what_was_paid_in_ones_own_money_is_the_bound():
    budget = budget_of(**NOTHING_SEEN, **SHOWN)
    assert (one(budget.available_amt), str(budget.income_class[0])) == (300_000, "")
    assert not budget.is_raise_justified[0]


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ({"third_party_payment_share_ratio_365d": 0.5}, 150_000),
        ({"groceries_sum_amt_90d": 300_000.0}, 200_000),
        ({"groceries_sum_amt_90d": 1_200_000.0}, 0),
        ({"card_plan_payment_amt": 100_000.0}, 200_000),
        ({"other_debt_payment_amt": 500_000.0}, 300_000),
        ({"card_payment_sum_amt_90d": np.nan}, 0),
    ],
)
def test_what_others_paid_and_daily_needs_on_the_card_show_no_ability(more, shown):
    assert one(budget_of(**NOTHING_SEEN, **SHOWN | more).available_amt) == shown


def test_an_inferred_income_may_lower_what_payments_show_and_never_raise_it():
    low = budget_of(**NOTHING_SEEN, **SHOWN, **documented(600_000, "E"))
    high = budget_of(**NOTHING_SEEN, **SHOWN, **documented(60_000_000, "E"))
    assert one(low.available_amt) == 100_000
    assert one(high.available_amt) == 300_000


def test_the_line_in_force_counts_as_if_it_were_drawn_whole():
    budget = budget_of(**documented(), **CARD, current_limit_amt=2_000_000, other_own_limit_amt=1_000_000.0)
    assert one(budget.available_amt) == 350_000 - 150_000
    in_plans = budget_of(
        **documented(),
        **CARD,
        current_limit_amt=2_000_000,
        other_own_limit_amt=1_000_000.0,
        card_plan_left_amt=600_000.0,
        card_plan_payment_amt=60_000.0,
    )
    # What instalments take up of the line is paid by them: 5% of 2,400,000 beside 60,000.
    assert one(in_plans.available_amt) == 350_000 - 60_000 - 120_000
    assert one(in_plans.beside_plan_amt(np.array([400_000]))) == one(in_plans.available_amt) + 20_000


def test_the_largest_line_is_that_whose_minimum_payment_just_fits_beside_the_rest():
    budget = budget_of(**documented(), **CARD, current_limit_amt=2_000_000, other_own_limit_amt=1_000_000.0)
    assert one(full_line_cap_amt(budget)) == 350_000 * 20 - 1_000_000
    loan = budget_of(**documented())
    assert one(full_line_cap_amt(loan)) == pytest.approx(350_000 / 0.0346, abs=2)


@pytest.mark.parametrize("current_amt", [0, 3_000_000, 50_000_000])
def test_an_income_that_is_not_proved_never_raises_a_line_and_may_lower_one(current_amt: int):
    budget = budget_of(**NOTHING_SEEN, **SHOWN, **CARD, current_limit_amt=current_amt)
    assert one(full_line_cap_amt(budget)) == min(current_amt, 6_000_000)


def test_nothing_known_leaves_nothing():
    budget = budget_of(**dict.fromkeys(("income_mean_amt_6m", "income_p25_amt_6m", "essential_mean_amt_6m"), np.nan))
    assert (one(budget.available_amt), one(full_line_cap_amt(budget))) == (0, 0)


RULES = MinimumPayment(np.array([0.05]), np.array([5_000]))


@pytest.mark.parametrize(
    ("drawn", "payment"), [(0, 0), (4_000, 4_000), (5_000, 5_000), (99_999, 5_000), (100_001, 5_001), (-7, 0)]
)
def test_a_minimum_payment_has_a_floor_and_never_passes_what_is_drawn(drawn: int, payment: int):
    assert one(RULES.of(np.array([drawn]))) == payment


@given(
    payment=st.integers(0, 10**9),
    ratio=st.floats(0.005, 1.0),
    floor=st.integers(0, 100_000),
)
def test_the_largest_line_within_a_payment_fits_and_a_step_more_does_not(payment: int, ratio: float, floor: int):
    rule = MinimumPayment(np.array([ratio]), np.array([floor]))
    line = rule.largest_within(np.array([payment]))
    assert one(rule.of(line)) <= payment
    assert one(rule.of(line + int(2 / ratio) + 2)) > payment


AMOUNT = evenly(0, 5e6)


@settings(max_examples=200, suppress_health_check=COUNTED)
@given(
    lower=AMOUNT,
    more=AMOUNT,
    by=st.sampled_from("ABCDE"),
    age=evenly(0, 2_000),
    essentials=evenly(0, 5e5) | AMOUNT,
    debts=evenly(0, 1e5) | AMOUNT,
    line=st.integers(0, 60).map(lambda steps: steps * 100_000),
)
def test_a_higher_income_never_lowers_the_budget_or_the_line(reached, lower, more, by, age, essentials, debts, line):
    rest = CARD | {"essential_mean_amt_6m": essentials, "other_debt_payment_amt": debts, "current_limit_amt": line}
    less = budget_of(**rest, **documented(lower, by, age))
    raised = budget_of(**rest, **documented(lower + more, by, age))
    reached(one(less.room_amt) > 0)
    assert one(raised.available_amt) >= one(less.available_amt) or lower == 0.0
    assert one(full_line_cap_amt(raised)) >= one(full_line_cap_amt(less)) or lower == 0.0


@given(worse=st.sampled_from("BCDE"), income=st.integers(1, 10**9), age=st.floats(0, 700))
def test_better_evidence_of_the_same_income_never_lowers_the_budget(worse: str, income: int, age: float):
    better = chr(ord(worse) - 1)
    budgets = [budget_of(**NOTHING_SEEN, **documented(income, by, age)) for by in (worse, better)]
    assert one(budgets[0].cautious_income_amt) <= one(budgets[1].cautious_income_amt)


@settings(suppress_health_check=COUNTED)
@given(debts=evenly(0, 2e6), more=evenly(0, 2e6))
def test_more_debt_elsewhere_never_raises_the_budget(reached, debts: float, more: float):
    less, owing = (budget_of(**documented(4_000_000), other_debt_payment_amt=one) for one in (debts, debts + more))
    reached(one(less.available_amt) > 0)
    assert one(owing.available_amt) <= one(less.available_amt)


def test_a_policy_that_asks_for_fewer_months_knows_more_incomes():
    short = replace(POLICY, minimum_income_months_count=2)
    assert one(budget_of(income_months_count_6m=2.0).cautious_income_amt) == 0
    assert one(budget_of(policy=short, income_months_count_6m=2.0).cautious_income_amt) == 855_000


@pytest.mark.parametrize(
    ("own_cap", "elsewhere", "current", "most"),
    [
        # The regulator's own example, then a deduction that leaves nothing, then a line above the cap, which is held.
        (5_000_000, 2_000_000, 2_000_000, 3_000_000),
        (5_000_000, 6_000_000, 0, 0),
        (5_000_000, 2_000_000, 4_000_000, 4_000_000),
    ],
)
def test_lines_at_other_banks_are_deducted_beside_the_full_line_and_never_cut_one(own_cap, elsewhere, current, most):
    rich = documented(20_000_000) | CARD | {"income_mean_amt_6m": 9e6, "income_p25_amt_6m": 9e6}
    known = {"own_total_cap_amt": own_cap, "other_bank_card_limit_amt": elsewhere, "current_limit_amt": current}
    limit = decided(some_customers(rich | known), FixedScorers(offset=-9.0)).limit
    assert one(limit.max_amt) == most
    assert one(limit.suggested_amt) <= most

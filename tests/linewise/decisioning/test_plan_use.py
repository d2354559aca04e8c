"""What a plan is worth to the bank: its cost, less the interest of going on, less the risk of what it lends anew."""

from dataclasses import replace

import numpy as np
import pytest

from linewise.decisioning.plan_use import plan_use
from linewise.decisioning.plans import LOAN
from linewise.decisioning.value import value_of
from tests.builders import a_policy, decided, some_customers

ECONOMICS = a_policy().decision.economics
OWES = {"current_limit_amt": 3_000_000, "statement_balance_amt": 1_200_000.0, "statement_count_365d": 12.0}
PLANS = decided(some_customers(OWES | {"payment_ratio_180d": 0.2})).plans


def worth(pd_12m: float = 0.01, revolves: float = 1.0, plans=PLANS, economics=ECONOMICS, **changes) -> list[float]:
    use = plan_use(replace(plans, **changes), np.array([pd_12m]), np.array([revolves]), economics)
    return value_of(use, economics).value_amt[0].tolist()


def test_a_plan_in_place_of_interest_earns_what_it_costs_less_what_is_given_up():
    given_up = np.array([50_000.0])
    free = replace(ECONOMICS, tax_ratio=0.0, loan_operating_cost_amt=0)
    found = worth(pd_12m=0.0, economics=free, own_way_cost_amt=given_up)
    assert found == pytest.approx((PLANS.total_cost_amt[0] - 50_000.0).tolist())


def test_what_would_have_been_paid_in_full_is_lent_anew_and_bears_its_risk():
    nothing = np.array([0.0])
    assert worth(pd_12m=0.2, revolves=0.0, own_way_cost_amt=nothing) < worth(pd_12m=0.2, own_way_cost_amt=nothing)
    assert worth(pd_12m=0.2, revolves=0.0) < worth(pd_12m=0.01, revolves=0.0)


def test_all_of_a_loan_is_new_whoever_revolves():
    loans = {"kind": np.array([LOAN])}
    assert worth(revolves=0.0, **loans) == worth(revolves=1.0, **loans)


def test_a_plan_of_nothing_is_worth_nothing():
    nothing = {"amount_amt": np.array([0]), "total_cost_amt": np.zeros_like(PLANS.total_cost_amt)}
    assert worth(own_way_cost_amt=np.array([np.nan]), **nothing) == [0.0] * len(PLANS.term_months)

"""What is expected of a repayment plan beside doing nothing: what it earns, what it lends anew, what it gives up."""

import numpy as np

from linewise.decisioning.economics import Economics
from linewise.decisioning.offer_use import outstanding_years
from linewise.decisioning.plans import LOAN
from linewise.decisioning.types import Floats, PlanDecisions
from linewise.decisioning.value import ExpectedUse

__all__ = ["plan_use"]


def plan_use(plans: PlanDecisions, pd_12m: Floats, revolves: Floats, economics: Economics) -> ExpectedUse:
    """The use of each term by each customer, (n_customers, n_terms), minor units.

    A plan earns its cost and gives up the interest of going on as before (`own_way_cost_amt`). What a revolver
    owes already is no new balance; what would have been paid in full is, and all of a loan. pd_12m and
    revolves (n_customers,): as the line stands.
    """
    amount = plans.amount_amt.astype(np.float64)[:, None]
    first_year, after = outstanding_years(plans.term_months.astype(np.float64))
    is_loan = (plans.kind == LOAN)[:, None]
    given_up = np.where(is_loan, 0.0, np.nan_to_num(plans.own_way_cost_amt)[:, None])
    share = first_year / (first_year + after)
    balance = amount * np.where(is_loan, 1.0, 1.0 - revolves[:, None]) * first_year
    nothing, whole = np.zeros(1), np.ones(1)
    return ExpectedUse(
        limit_amt=balance,
        pd_12m=pd_12m[:, None],
        revolving_amt=balance,
        later_revolving_amt=balance,
        transacting_amt=nothing,
        owed_at_default_amt=balance,
        rate_ratio=nothing,
        spend_amt=nothing,
        fee_amt=(plans.total_cost_amt - given_up) * share,
        attrition_amt=nothing,
        one_off_cost_amt=np.where(amount > 0, float(economics.loan_operating_cost_amt), 0.0),
        revolver_ratio=whole,
        utilisation_ratio=whole,
        terminal_years=after / first_year,
    )

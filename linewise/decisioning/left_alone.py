"""What stands where only offers are decided: every line as it is, and no plan."""

import numpy as np

from linewise.decisioning.types import Ints, LimitDecisions, PlanDecisions

__all__ = ["NOT_DECIDED", "left_alone", "no_plans"]

NOT_DECIDED = "NOT_DECIDED"
"""The code of what binds a limit, and stands against a plan, of which nobody asked what it could be."""


def left_alone(current_limit_amt: Ints) -> LimitDecisions:
    """The lines in force, (n_customers,) minor units, each its own one candidate, of which nothing was worked out."""
    count = len(current_limit_amt)
    none, nothing = np.zeros(count, dtype=np.int64), np.zeros((count, 1), dtype=np.int64)
    unknown = np.full((count, 1), np.nan)
    return LimitDecisions(
        current_amt=current_limit_amt,
        suggested_amt=current_limit_amt,
        max_amt=current_limit_amt,
        budget_amt=none,
        cautious_income_amt=none,
        kind=np.full(count, "hold"),
        binding=np.full(count, NOT_DECIDED),
        candidate_amt=current_limit_amt[:, None],
        profit_amt=nothing,
        gain_amt=nothing,
        gain_lower_amt=nothing,
        pd_12m=unknown,
        balance_amt=nothing,
        spend_amt=nothing,
        expected_loss_amt=nothing,
        cautious_loss_amt=nothing,
        provision_change_amt=nothing,
        exposure_amt=nothing,
        capital_amt=nothing,
        asked_amt=none,
        request_answer=np.full(count, ""),
        promised_amt=none,
        temporary_amt=none,
        paydown_amt=none,
        paydown_payment_amt=none,
        sources={},
        rules=(),
        hits=np.zeros((count, 0), dtype=np.bool_),
        hit_value=unknown[:, :0],
        hit_threshold=unknown[:, :0],
    )


def no_plans(count: int) -> PlanDecisions:
    """No term for any of so many customers."""
    none, no_terms = np.zeros(count, dtype=np.int64), np.zeros((count, 0), dtype=np.int64)
    unknown, by_rule = np.full(count, np.nan), np.zeros((count, 0, 0))
    return PlanDecisions(
        kind=np.full(count, ""),
        term_months=np.zeros(0, dtype=np.int64),
        amount_amt=none,
        payment_amt=no_terms,
        last_payment_amt=no_terms,
        total_cost_amt=no_terms,
        annualised_rate_ratio=no_terms.astype(np.float64),
        minimum_cost_amt=unknown,
        own_way_cost_amt=unknown,
        value_amt=no_terms,
        is_shown=no_terms.astype(np.bool_),
        suggested=np.full(count, -1, dtype=np.int64),
        problem=np.full(count, NOT_DECIDED),
        rules=(),
        hits=by_rule.astype(np.bool_),
        hit_value=by_rule,
        hit_threshold=by_rule,
    )

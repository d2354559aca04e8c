"""The right limit: the largest affordable amount worth lending at a bearable risk, and what binds it."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.affordability import Budget
from linewise.decisioning.economics import Economics
from linewise.decisioning.plans import PlanPolicy, affordable_amount, annuity_factor
from linewise.decisioning.rule import Hits, headline, takes_away
from linewise.decisioning.scorers import DefaultCoefficients
from linewise.decisioning.types import Bools, Floats, Ints, LimitDecisions, Texts
from linewise.decisioning.value import ExpectedUse, value_of

__all__ = ["AFFORDABILITY", "DEFAULT_RISK", "VALUE", "LimitPolicy", "suggest_limits"]

AFFORDABILITY, DEFAULT_RISK, VALUE = "AFFORDABILITY", "DEFAULT_RISK", "VALUE"


@dataclass(frozen=True, slots=True)
class LimitPolicy:
    """The grid and the ceiling; amounts in minor units.

    pd_ceiling_ratio: no amount whose twelve-month probability of default would pass it is suggested.
    grid_count: candidates on the curve. curve_floor_amt: the curve is drawn at least this far, so that a
    person sees it also where nothing is allowed.
    """

    step_amt: int
    minimum_amt: int
    curve_floor_amt: int
    pd_ceiling_ratio: float
    grid_count: int


def _floor_to_step(amount_amt: Ints, step_amt: int) -> Ints:
    return amount_amt // step_amt * step_amt


def _tightest_cap(budget: Budget, hits: Hits, policy: LimitPolicy, plan: PlanPolicy) -> tuple[Ints, Texts]:
    """The lowest cap of each customer, (n_customers,), and its name: the budget or a CAP rule."""
    affordable = affordable_amount(budget.available_amt, plan.annual_rate_ratio, plan.reference_term_months)
    caps = np.column_stack([affordable.astype(np.float64), hits.capping_amt])
    names = np.array([AFFORDABILITY, *(hits.rules[place].rule_id for place in hits.cap_places)])
    tightest = caps.argmin(axis=1)
    lowest = np.floor(caps[np.arange(len(caps)), tightest]).astype(np.int64)
    return _floor_to_step(lowest, policy.step_amt), names[tightest]


def _gravest_block(hits: Hits, is_asked_for: Bools) -> Texts:
    """The rule that forbids any credit to the customer, (n_customers,), or an empty text; the gravest of several."""
    blocked = hits.hit & takes_away(hits.rules, is_asked_for)
    names = np.array([*(rule.rule_id for rule in hits.rules), ""])
    return np.asarray(names[headline(hits.rules, blocked)])


def _candidates(current_amt: Ints, max_amt: Ints, policy: LimitPolicy) -> Ints:
    """The grid of each customer, (n_customers, n_grid): in steps from the current limit, max_amt among them.

    It depends on caps and rules alone, never on risk.
    """
    top = np.maximum(max_amt, current_amt + policy.curve_floor_amt)
    share = np.linspace(0.0, 1.0, policy.grid_count)
    rise = _floor_to_step(np.rint((top - current_amt)[:, None] * share).astype(np.int64), policy.step_amt)
    rise[:, -1] = top - current_amt
    candidate = current_amt[:, None] + rise
    # Where the curve is drawn beyond what is allowed, the point nearest to the largest allowed amount becomes it.
    rows = np.arange(len(candidate))
    nearest = 1 + np.abs(candidate[:, 1:] - max_amt[:, None]).argmin(axis=1)
    candidate[rows, nearest] = np.where(max_amt > current_amt, max_amt, candidate[rows, nearest])
    candidate.sort(axis=1)
    return candidate


def _outstanding_shares(annual_rate_ratio: float, term_months: int) -> Floats:
    """The share of an amount still owed at the start of each month of the term, (term_months,)."""
    monthly = annual_rate_ratio / 12.0
    factor = annuity_factor(annual_rate_ratio, np.array([term_months]))[0]
    months = np.arange(term_months)
    growth = (1.0 + monthly) ** months
    paid = factor * (months if monthly == 0.0 else (growth - 1.0) / monthly)
    return np.asarray(growth - paid)


def _lent_whole(limit_amt: Ints, pd_12m: Floats, economics: Economics, term_months: int) -> ExpectedUse:
    """Each candidate amount lent whole and repaid in level payments over the term, (n_customers, n_grid)."""
    shares = _outstanding_shares(economics.loan_rate_ratio, term_months)
    first_year, later = shares[:12].sum() / 12.0, shares[12:].sum() / 12.0
    nothing, whole = np.zeros(1), np.ones(1)
    balance = limit_amt * first_year
    return ExpectedUse(
        limit_amt=balance,
        pd_12m=pd_12m,
        revolving_amt=balance,
        later_revolving_amt=balance,
        transacting_amt=nothing,
        rate_ratio=whole * economics.loan_rate_ratio,
        spend_amt=nothing,
        fee_amt=nothing,
        attrition_amt=nothing,
        one_off_cost_amt=np.where(limit_amt > 0, economics.loan_operating_cost_amt, 0.0),
        revolver_ratio=whole,
        utilisation_ratio=whole,
        terminal_years=whole * later / first_year,
    )


def suggest_limits(
    current_amt: Ints,
    budget: Budget,
    default: DefaultCoefficients,
    hits: Hits,
    is_asked_for: Bools,
    economics: Economics,
    policy: LimitPolicy,
    plan: PlanPolicy,
) -> LimitDecisions:
    """Limits for all customers; all amounts minor units.

    Candidates run in steps from the current limit to the lowest cap. Suggested is the largest one that is
    worth lending (`value_of` it above that of the current limit) and whose probability of default stays
    under the ceiling: a set that only shrinks when the default curve rises, so a higher curve never
    raises a limit. A cap on raises never causes a cut.
    """
    cap, cap_name = _tightest_cap(budget, hits, policy, plan)
    block = _gravest_block(hits, is_asked_for)
    max_amt = np.where(block == "", np.maximum(cap, current_amt), current_amt)
    candidate = _candidates(current_amt, max_amt, policy)
    pd_12m = default.pd_12m(candidate)
    value = value_of(_lent_whole(candidate, pd_12m, economics, plan.reference_term_months), economics).value_amt

    is_allowed = (candidate > current_amt[:, None]) & (candidate <= max_amt[:, None])
    is_allowed &= candidate >= policy.minimum_amt
    is_bearable = pd_12m <= policy.pd_ceiling_ratio
    is_worth = value > value[:, :1]
    chosen = np.where(is_allowed & is_bearable & is_worth, candidate, 0).max(axis=1)
    suggested = np.where(chosen > 0, chosen, current_amt)

    stopped_by_risk = (is_allowed & ~is_bearable & (candidate > suggested[:, None])).any(axis=1)
    stopped_by_cap = (suggested == max_amt) | ~is_allowed.any(axis=1)
    binding = np.select([block != "", stopped_by_cap, stopped_by_risk], [block, cap_name, DEFAULT_RISK], VALUE)
    return LimitDecisions(
        current_amt=current_amt,
        suggested_amt=suggested,
        max_amt=max_amt,
        budget_amt=budget.available_amt,
        cautious_income_amt=budget.cautious_income_amt,
        binding=binding,
        candidate_amt=candidate,
        profit_amt=np.rint(value).astype(np.int64),
        pd_12m=pd_12m,
        rules=hits.rules,
        hits=hits.hit,
        hit_value=hits.value,
        hit_threshold=hits.threshold,
    )

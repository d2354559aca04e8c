"""Repayment plans to the minor unit: what is put into one, its schedule, its true price, and who is shown which."""

from linewise.decisioning.plans.amounts import PlanAmounts, amounts_to_plan
from linewise.decisioning.plans.decided import schedule_of_plan, settlements_of_plan
from linewise.decisioning.plans.offering import PlanGates, PricedTerms, offer_plans, priced_terms
from linewise.decisioning.plans.policy import KINDS, LOAN, PlanPolicy
from linewise.decisioning.plans.rates import annualised_rate, annuity_factor, round_rate_up
from linewise.decisioning.plans.schedule import (
    Instalment,
    affordable_amount,
    flat_plans,
    flat_schedule_of,
    level_plans,
    schedule_of,
)
from linewise.decisioning.plans.settlement import Settlement, settlements_of

__all__ = [
    "KINDS",
    "LOAN",
    "Instalment",
    "PlanAmounts",
    "PlanGates",
    "PlanPolicy",
    "PricedTerms",
    "Settlement",
    "affordable_amount",
    "amounts_to_plan",
    "annualised_rate",
    "annuity_factor",
    "flat_plans",
    "flat_schedule_of",
    "level_plans",
    "offer_plans",
    "priced_terms",
    "round_rate_up",
    "schedule_of",
    "schedule_of_plan",
    "settlements_of",
    "settlements_of_plan",
]

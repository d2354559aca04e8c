"""The one affordability budget, on which offers, limit and plans draw together."""

from linewise.decisioning.affordability.budget import Budget, full_line_cap_amt, monthly_budget
from linewise.decisioning.affordability.evidence import CLASSES
from linewise.decisioning.affordability.minimum_payment import MinimumPayment
from linewise.decisioning.affordability.policy import AffordabilityPolicy

__all__ = [
    "CLASSES",
    "AffordabilityPolicy",
    "Budget",
    "MinimumPayment",
    "full_line_cap_amt",
    "monthly_budget",
]

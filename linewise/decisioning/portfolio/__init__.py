"""What the whole base is best offered under budgets, and what one more unit of each budget would earn."""

from linewise.decisioning.portfolio.problem import NONE
from linewise.decisioning.portfolio.solving import Allocation, solve

__all__ = ["NONE", "Allocation", "solve"]

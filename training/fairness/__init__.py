"""Fairness of decisions, not of scores: whom they pass over, by attributes that are judged and never an input."""

from training.fairness.decisions import fairness_of_decisions
from training.fairness.leaning import Leaning, least_leaning
from training.fairness.remedy import Remedy, least_bonus
from training.report.figures import AttributeFairness, GroupRate

__all__ = [
    "AttributeFairness",
    "GroupRate",
    "Leaning",
    "Remedy",
    "fairness_of_decisions",
    "least_bonus",
    "least_leaning",
]

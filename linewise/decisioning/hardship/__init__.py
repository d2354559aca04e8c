"""The hardship ladder: help for who cannot pay, from the mildest step up; a mode of its own that never sells."""

from linewise.decisioning.hardship.hazard import breaking_ratio
from linewise.decisioning.hardship.ladder import HardshipDecisions, ladder_of
from linewise.decisioning.hardship.lane import CAUSES, HARDSHIP_FIRST, cause_of
from linewise.decisioning.hardship.policy import ART70, STEPS, HardshipPolicy

__all__ = [
    "ART70",
    "CAUSES",
    "HARDSHIP_FIRST",
    "STEPS",
    "HardshipDecisions",
    "HardshipPolicy",
    "breaking_ratio",
    "cause_of",
    "ladder_of",
]

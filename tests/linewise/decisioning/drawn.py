"""What property tests of decisions draw: numbers spread evenly over their range, and now and then none at all."""

import numpy as np
from hypothesis import HealthCheck
from hypothesis import strategies as st

__all__ = ["COUNTED", "evenly", "mostly_known"]

COUNTED = [HealthCheck.function_scoped_fixture]
"""What a test suppresses that counts by `reached` (conftest.py), for it is to count over all examples."""


def evenly(low: float, high: float, parts: int = 1_000) -> st.SearchStrategy[float]:
    """Numbers spread evenly from low to high, both among them.

    `st.floats` takes nearly all of an amount's range for tiny numbers, and with tiny incomes nothing is ever lent.
    """
    return st.integers(0, parts).map(lambda part: low + (high - low) * part / parts)


def mostly_known(numbers: st.SearchStrategy[float]) -> st.SearchStrategy[float]:
    """The numbers, and one time in ten a missing one, so that of several some customer still has all."""
    return st.integers(0, 9).flatmap(lambda one: numbers if one < 9 else st.just(np.nan))

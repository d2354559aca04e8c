"""Inputs on one scale, for straight lines through them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Standard"]

Floats = npt.NDArray[np.float64]

FARTHEST = 5.0
"""Standard deviations beyond which a column goes on level: nobody is extrapolated who lies beyond all others."""


@dataclass(frozen=True, slots=True)
class Standard:
    """Centre and spread of each input, (n_inputs,); spread 1 where an input never moves."""

    centre: Floats
    spread: Floats

    @classmethod
    def of(cls, x: Floats) -> "Standard":
        """Of inputs (n_rows, n_inputs), NaN where missing."""
        known = np.isfinite(x)
        count = np.maximum(known.sum(axis=0), 1)
        centre = np.where(known, x, 0.0).sum(axis=0) / count
        spread = np.sqrt((np.where(known, x - centre, 0.0) ** 2).sum(axis=0) / count)
        return cls(centre, np.where(spread > 0.0, spread, 1.0))

    def columns(self, x: Floats) -> Floats:
        """A column of ones and the inputs on one scale, (n_rows, n_inputs + 1); what is missing is the mean."""
        away = np.clip((x - self.centre) / self.spread, -FARTHEST, FARTHEST)
        return np.column_stack([np.ones(len(x)), np.where(np.isfinite(away), away, 0.0)])

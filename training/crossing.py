"""What every cross-validation tells, whatever it foretells: what it went over, and the rival beside the model."""

from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from linewise.quality.intervals import Measured, corrected_resampled
from training.dataset import Dataset
from training.specs import ModelSpec

__all__ = ["Crossing", "beside_rival"]

Floats = npt.NDArray[np.float64]


class Crossing(BaseModel):
    """Over which rows and customers, by which folds and seed."""

    model_config = ConfigDict(frozen=True)

    row_count: int
    positive_count: int
    customer_count: int
    fold_count: int
    repeat_count: int
    seed: int

    @classmethod
    def over(cls, spec: ModelSpec, data: Dataset, seed: int) -> Self:
        """That of a spec's folds over these rows."""
        return cls(
            row_count=len(data.y),
            positive_count=int(data.y.sum()),
            customer_count=len(np.unique(data.groups)),
            fold_count=spec.fold_count,
            repeat_count=spec.repeat_count,
            seed=seed,
        )


def beside_rival(
    model: Floats, rival: Floats, fold_count: int, possible: tuple[float, float]
) -> tuple[Measured, Measured, Measured]:
    """The figure of the model, of its rival, and of their difference, from that of each fold, (n_folds,) each."""
    share = 1 / (fold_count - 1)
    return (
        corrected_resampled(model, share, possible),
        corrected_resampled(rival, share, possible),
        corrected_resampled(model - rival, share),
    )

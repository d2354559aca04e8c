"""With what probability each row's offer was shown, where nobody wrote it down."""

import numpy as np
import numpy.typing as npt

from training.dataset import Dataset
from training.effects.showing_chance import filled_chance
from training.folds import customer_folds
from training.showings import IS_SHOWN

__all__ = ["chances_of_showing"]

Floats = npt.NDArray[np.float64]

FOLDS = 2


def chances_of_showing(rows: Dataset, seed: int) -> Floats:
    """The probability of having been shown, (n_rows,), by what other customers were shown.

    The logged probabilities where the dataset carries them (`propensity`, NaN where one is missing). Else trees on
    customer and offer say it, out of fold: some offers are shown to many and some to few, and an order by what is
    shown often would be taken for one by what showing adds.
    """
    shown = rows.x[:, rows.inputs.index(IS_SHOWN)]
    x = np.delete(rows.x, rows.inputs.index(IS_SHOWN), axis=1)
    fold_of = customer_folds(rows.y, rows.groups, FOLDS, seed)
    logged = getattr(rows, "propensity", None)
    return filled_chance(logged, x, shown.astype(np.int64), rows.weight, fold_of, seed)

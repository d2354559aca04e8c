"""An amount as a share of the line: trees for the line in force, and what a raise adds to it.

What a raise adds is learnt on what the features do not explain, of the amount and of the raise alike
(R-learner; Nie and Wager, Biometrika 108, 2021): the bank raised those whose spending grew, and a plain
difference would count that growth as the raise's doing.
"""

from dataclasses import dataclass, replace

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from training.dataset import AmountDataset
from training.dose import dose_of, least_scale, share_of_scale
from training.effects_of_dose import RaiseEffect, Residuals, chosen_bend, fit_effect
from training.randomised import corrected, doubt_of, gap_of
from training.specs import AmountSpec
from training.unseen import Unseen

__all__ = ["FittedAmount", "fit_amount", "share_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FittedAmount:
    """amount = scale · (base + slope · dose), scale = max(line, minimum_scale_amt), dose of raise / scale.

    base = max(booster, 0), a share of the line; slope as in `RaiseEffect`, whose expected outcome is that base; the
    dose as in `bent` by bend_ratio. Of what a raise takes away (falls) it is max(base - slope · dose, 0).
    """

    booster: lgb.Booster
    effect: RaiseEffect
    minimum_scale_amt: float
    bend_ratio: float = 1.0
    falls: bool = False

    def base(self, data: AmountDataset) -> Floats:
        """The amount without any raise as a share of the scale, (n_rows,)."""
        return np.maximum(_predicted(self.booster, data.x), 0.0)

    def slope(self, data: AmountDataset) -> tuple[Floats, Floats]:
        """What a unit of dose adds to that share, or takes away, and one standard error of it, (n_rows,) each."""
        return self.effect.slope.of(self.effect.index(self.base(data), data.x))

    def share(self, data: AmountDataset) -> Floats:
        """The amount of each row of `data` as a share of its scale, (n_rows,)."""
        added = self.slope(data)[0] * dose_of(data, self.minimum_scale_amt, self.bend_ratio)
        return np.maximum(self.base(data) - added, 0.0) if self.falls else self.base(data) + added


def share_of(data: AmountDataset, minimum_scale_amt: float) -> Floats:
    """The amount of each row as a share of its scale, (n_rows,); at most what `share_of_scale` allows."""
    if data.is_share:
        return data.amount_amt
    return share_of_scale(data.amount_amt, data.scale_amt, minimum_scale_amt)


def fit_amount(spec: AmountSpec, data: AmountDataset, seed: int) -> FittedAmount:
    """Fit the effect on residuals of unseen rows, and the trees on the shares less what the effect explains."""
    minimum = least_scale(spec, data)
    unseen = Unseen.of(spec, data, seed)
    share, dose = share_of(data, minimum), dose_of(data, minimum)
    expected_share = unseen.of_amount(share)
    expected_dose = unseen.of_amount(dose)
    # What falls is learnt as what rises with the sign turned: the slope is that of what a raise takes away.
    sign = -1.0 if spec.falls else 1.0
    base, share_left = np.maximum(expected_share, 0.0), sign * (share - expected_share)
    bend = chosen_bend(np.expm1(dose), expected_dose, base, share_left)
    if bend != 1.0:
        dose = dose_of(data, minimum, bend)
        expected_dose = unseen.of_amount(dose)
    left = Residuals.even(base, share_left, dose - expected_dose)
    effect = fit_effect(data.x, left, unseen.fold_of, data.groups, seed)
    index = effect.index(base, data.x)
    gap = gap_of(share_left, dose, effect.slope.of(index)[0], left.scatter, data.is_randomised)
    effect = replace(effect, slope=corrected(effect.slope, gap, doubt_of(gap)))
    booster = unseen.fit(share - sign * effect.slope.of(index)[0] * dose, spec.tree_count)
    return FittedAmount(booster, effect, minimum, bend, spec.falls)


def _predicted(booster: lgb.Booster, x: Floats) -> Floats:
    return np.asarray(booster.predict(x, num_threads=1), dtype=np.float64)

"""One model of a release: its forest on numpy, with what turns its prediction into a number that is used."""

from collections.abc import Mapping
from typing import Any

import lightgbm as lgb
import numpy as np

from linewise.decisioning.scorers import (
    AmountCoefficients,
    Contributions,
    DefaultCoefficients,
    Dose,
    FallingCoefficients,
)
from linewise.decisioning.types import Customers, Floats
from serving.scoring.forest import Forest
from serving.scoring.registry import ModelFiles

__all__ = ["AmountModel", "ProbabilityModel"]

FARTHEST = 5.0
"""Standard deviations beyond which an input of a factor goes on level, as it was learnt."""

NEAR = 1e-6
"""Log-odds from the base within which a bent calibration is straight."""


class _Model:
    """One booster with the specification that it was fitted to.

    learnt_from_loans: the amount counts from nothing, as of a loan, and not from the line in force. Models of one
    dose_key have one dose.
    """

    def __init__(self, files: ModelFiles, threads: int, *, explains: bool) -> None:
        self.spec: dict[str, Any] = dict(files.spec)
        self.source = f"{files.name}:{files.version}"
        self.forest = Forest(lgb.Booster(model_file=str(files.folder / "model.txt")), threads, explains=explains)
        self.inputs: tuple[str, ...] = tuple(self.spec["inputs"])
        # Take-up has no dose; versions from before raises were learnt name no anchor.
        learnt = self.spec["dose"] or {}
        self.learnt_from_loans = learnt.get("anchor", "nothing") == "nothing"
        # Versions from before doses were bent name no bend.
        self.bend_ratio = float(learnt.get("bend_ratio", 1.0))
        self.dose_key = (
            self.learnt_from_loans,
            learnt.get("scale_feature"),
            learnt.get("minimum_scale_amt"),
            self.bend_ratio,
        )

    def dose(self, customers: Customers) -> Dose:
        """How a limit enters: what it lies above the line in force, against that line, or all of it, against income."""
        learnt, minimum = self.spec["dose"], float(self.spec["dose"]["minimum_scale_amt"])
        if not self.learnt_from_loans:
            current = customers.current_limit_amt
            return Dose(current, np.maximum(current, minimum).astype(np.float64), self.bend_ratio)
        scale = np.nan_to_num(customers.feature(learnt["scale_feature"]))
        return Dose(np.zeros(len(customers), dtype=np.int64), np.maximum(scale, minimum))


class _Bands:
    """A slope, and one standard error of it, by straight lines between knots of an index."""

    def __init__(self, dose: Mapping[str, Any]) -> None:
        self.knots, self.slopes, self.errors = (
            np.asarray(dose[name], dtype=np.float64) for name in ("knots", "slopes", "errors")
        )

    def of(self, index: Floats) -> tuple[Floats, Floats]:
        """Slope and error for indices, (n_rows,) each."""
        return np.interp(index, self.knots, self.slopes), np.interp(index, self.knots, self.errors)


class ProbabilityModel(_Model):
    """A booster of log-odds with its calibration.

    is_weighed: what a raise does to default is weighed with what is assumed of it.
    """

    def __init__(self, files: ModelFiles, threads: int) -> None:
        super().__init__(files, threads, explains=True)
        calibration = self.spec["calibration"]
        self.slope, self.intercept = float(calibration["slope"]), float(calibration["intercept"])
        # Versions from before a calibration could bend name no top.
        self.top_ratio, self.centre = (float(calibration.get(name, 0.0)) for name in ("top_ratio", "centre"))
        dose = self.spec["dose"] or {}
        # One slope for all, of loans and of versions from before it was learnt by bands of the score.
        alike = {"knots": [0.0], "slopes": [dose.get("slope", 0.0)], "errors": [dose.get("slope_error", 0.0)]}
        self._bands = _Bands(dose if "knots" in dose else alike)
        self.is_weighed = not self.learnt_from_loans and bool((self._bands.errors > 0.0).all())
        effect = self.spec.get("effect")
        self._effect = None if effect is None else _Effect(effect, threads)

    def margin(self, rows: Floats) -> Floats:
        """Calibrated log-odds, (n_rows,), of inputs (n_rows, n_inputs)."""
        return self.calibrated(self.forest.summed(rows))

    def calibrated(self, raw: Floats) -> Floats:
        """Calibrated log-odds of raw margins, same shape; never falling with them (`ModelFiles` says how)."""
        if self.top_ratio == 0.0:
            return self.intercept + self.slope * raw
        z = raw + self.centre
        return np.asarray(self.intercept + self.slope * (z + self.top_ratio * np.logaddexp(0.0, z)))

    def effect(self, shown: Floats, not_shown: Floats, rows: Floats) -> Floats:
        """What showing adds to the probability, (n_rows,), where trees say it with and without; rows as of `margin`.

        Never more than the probability with the showing.
        """
        if self._effect is None:
            return shown - not_shown
        return np.minimum(self._effect.of(shown - not_shown, rows), shown)

    def contributions(self, rows: Floats) -> Contributions:
        """What each input added to the calibrated log-odds (TreeSHAP; the last column is the base)."""
        added = self.forest.contributed(rows)
        if self.top_ratio == 0.0:
            return Contributions(self.inputs, self.slope * added[:, :-1])
        # Of a bent calibration the straight line from the base to the row: what is added still adds up.
        whole, base = added[:, :-1].sum(axis=1), added[:, -1]
        is_far = np.abs(whole) > NEAR
        rise = self.calibrated(base + np.where(is_far, whole, NEAR)) - self.calibrated(base)
        return Contributions(self.inputs, (rise / np.where(is_far, whole, NEAR))[:, None] * added[:, :-1])

    def default_coefficients(
        self, rows: Floats, dose: Dose, assumed_slope: float, assumed_error: float
    ) -> DefaultCoefficients:
        """The default curve of each customer from one row each.

        What a raise of the line does to default is so rare to see that the bank's own figure may say next to
        nothing. It is weighed with the assumed one, each in the measure of what it knows (1 / error²).
        """
        margin = self.margin(rows)
        slope, error = self._bands.of(margin)
        if self.is_weighed:
            own, assumed = error**-2, max(assumed_error, 1e-6) ** -2
            slope, error = (own * slope + assumed * assumed_slope) / (own + assumed), (own + assumed) ** -0.5
        return DefaultCoefficients(
            offset=margin,
            slope=slope,
            slope_error=error,
            dose=dose,
            horizon_months=float(self.spec["horizon_months"]),
        )


class _Effect:
    """slope · difference + correction_slope · trees on all inputs but the one that says whether it was shown."""

    def __init__(self, learnt: Mapping[str, Any], threads: int) -> None:
        self._slope, self._correction_slope = float(learnt["slope"]), float(learnt["correction_slope"])
        self._trees = Forest(lgb.Booster(model_str=learnt["correction"]), threads, explains=False, unread=1)

    def of(self, difference: Floats, rows: Floats) -> Floats:
        return self._slope * difference + self._correction_slope * self._trees.predicted(rows)


class _Factor:
    """An index of what a raise adds: a slope by bands of the expected share, times a line through the inputs."""

    def __init__(self, factor: Mapping[str, Any]) -> None:
        self.centre, self.spread, self.weights, self.knots, self.slopes = (
            np.asarray(factor[name], dtype=np.float64) for name in ("centre", "spread", "weights", "knots", "slopes")
        )

    def index(self, share: Floats, rows: Floats) -> Floats:
        """The index, (n_rows,), of expected shares (n_rows,) and inputs (n_rows, n_inputs); missing is the mean."""
        away = np.clip((rows - self.centre) / self.spread, -FARTHEST, FARTHEST)
        # Column by column, so that a customer's number does not depend on the others of the chunk.
        added = np.where(np.isfinite(away), away, 0.0) * self.weights[1:]
        factor = np.maximum(1.0 + self.weights[0] + np.sum(added, axis=1), 0.0)
        return np.asarray(np.interp(share, self.knots, self.slopes) * factor)


class AmountModel(_Model):
    """A booster of a share of the line, and what a raise adds to it by bands of that share or of an index."""

    def __init__(self, files: ModelFiles, threads: int) -> None:
        super().__init__(files, threads, explains=False)
        dose = self.spec["dose"]
        self._bands = _Bands(dose)
        factor = dose.get("factor")
        self._factor = None if factor is None else _Factor(factor)

    def _shares(self, rows: Floats) -> tuple[Floats, Floats, Floats]:
        """The share of the line in force, what a unit of dose does to it, and one standard error, (n_rows,) each."""
        share = np.maximum(self.forest.predicted(rows), 0.0)
        return share, *self._bands.of(share if self._factor is None else self._factor.index(share, rows))

    def falling(self, rows: Floats, dose: Dose, *, of_line: bool) -> FallingCoefficients:
        """What a raise takes away, from one row each: a share of the line, in minor units, or of the customers."""
        share, slope, error = self._shares(rows)
        scale = dose.scale_amt if of_line else np.ones(len(share))
        return FallingCoefficients(share * scale, slope * scale, error * scale, dose)

    def coefficients(self, rows: Floats, dose: Dose) -> AmountCoefficients:
        """The amount over the limit from one row each; of a customer without a line nothing stands at the anchor."""
        share, slope, error = self._shares(rows)
        return AmountCoefficients(
            base_amt=np.where(dose.anchor_amt > 0, share * dose.scale_amt, 0.0),
            slope_amt=slope * dose.scale_amt,
            slope_error_amt=error * dose.scale_amt,
            dose=dose,
        )

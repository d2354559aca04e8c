"""Native boosters on numpy: one model of a release, with what turns its prediction into a number that is used."""

from collections.abc import Mapping
from typing import Any

import lightgbm as lgb
import numpy as np

from linewise.decisioning.scorers import AmountCoefficients, Contributions, DefaultCoefficients, Dose
from linewise.decisioning.types import Customers, Floats, Ints
from serving.scoring.registry import ModelFiles

__all__ = ["AmountModel", "ProbabilityModel", "gathered", "places_of"]


def places_of(customers: Customers, names: tuple[str, ...], kept: dict[Any, Ints]) -> Ints:
    """Where the named features stand, (len(names),); `kept` remembers it."""
    asked = (customers.feature_names, names)
    if asked not in kept:
        position = {name: place for place, name in enumerate(customers.feature_names)}
        kept[asked] = np.array([position[name] for name in names], dtype=np.int64)
    return kept[asked]


def gathered(customers: Customers, names: tuple[str, ...], kept: dict[Any, Ints]) -> Floats:
    """The named features, (n_customers, len(names)); `kept` as in `places_of`."""
    return np.ascontiguousarray(customers.features.take(places_of(customers, names, kept), axis=1))


class _Model:
    """One booster with the specification that it was fitted to.

    learnt_from_loans: the amount counts from nothing, as of a loan, and not from the line in force. Models of one
    dose_key have one dose.
    """

    def __init__(self, files: ModelFiles, threads: int) -> None:
        self.spec: dict[str, Any] = dict(files.spec)
        self.source = f"{files.name}:{files.version}"
        self.booster = lgb.Booster(model_file=str(files.folder / "model.txt"))
        self.inputs: tuple[str, ...] = tuple(self.spec["inputs"])
        self.threads = threads
        # Take-up has no dose; versions from before raises were learnt name no anchor.
        learnt = self.spec["dose"] or {}
        self.learnt_from_loans = learnt.get("anchor", "nothing") == "nothing"
        self.dose_key = (self.learnt_from_loans, learnt.get("scale_feature"), learnt.get("minimum_scale_amt"))

    def dose(self, customers: Customers) -> Dose:
        """How a limit enters: what it lies above the line in force, against that line, or all of it, against income."""
        learnt, minimum = self.spec["dose"], float(self.spec["dose"]["minimum_scale_amt"])
        if not self.learnt_from_loans:
            current = customers.current_limit_amt
            return Dose(current, np.maximum(current, minimum).astype(np.float64))
        scale = np.nan_to_num(customers.feature(learnt["scale_feature"]))
        return Dose(np.zeros(len(customers), dtype=np.int64), np.maximum(scale, minimum))


class ProbabilityModel(_Model):
    """A booster of log-odds with its calibration.

    is_weighed: what a raise does to default is weighed with what is assumed of it.
    """

    def __init__(self, files: ModelFiles, threads: int) -> None:
        super().__init__(files, threads)
        calibration = self.spec["calibration"]
        self.slope, self.intercept = float(calibration["slope"]), float(calibration["intercept"])
        self.dose_slope, self.dose_slope_error = (
            float((self.spec["dose"] or {}).get(name, 0.0)) for name in ("slope", "slope_error")
        )
        effect = self.spec.get("effect")
        self._effect = None if effect is None else _Effect(effect, threads)
        self.is_weighed = not self.learnt_from_loans and self.dose_slope_error > 0.0

    def margin(self, rows: Floats) -> Floats:
        """Calibrated log-odds, (n_rows,), of inputs (n_rows, n_inputs)."""
        raw = self.booster.predict(rows, raw_score=True, num_threads=self.threads)
        return self.intercept + self.slope * np.asarray(raw, dtype=np.float64)

    def effect(self, difference: Floats, rows: Floats) -> Floats:
        """What showing adds to the probability, (n_rows,), where trees say the difference; rows as of `margin`."""
        return difference if self._effect is None else self._effect.of(difference, rows)

    def contributions(self, rows: Floats) -> Contributions:
        """What each input added to the calibrated log-odds (TreeSHAP; the last column is the base)."""
        added = np.asarray(self.booster.predict(rows, pred_contrib=True, num_threads=self.threads))
        return Contributions(self.inputs, self.slope * added[:, :-1])

    def default_coefficients(
        self, rows: Floats, dose: Dose, assumed_slope: float, assumed_error: float
    ) -> DefaultCoefficients:
        """The default curve of each customer from one row each.

        What a raise of the line does to default is so rare to see that the bank's own figure may say next to
        nothing. It is weighed with the assumed one, each in the measure of what it knows (1 / error²).
        """
        slope, error = self.dose_slope, self.dose_slope_error
        if self.is_weighed:
            own, assumed = error**-2, max(assumed_error, 1e-6) ** -2
            slope, error = (own * slope + assumed * assumed_slope) / (own + assumed), (own + assumed) ** -0.5
        return DefaultCoefficients(
            offset=self.margin(rows),
            slope=np.full(len(rows), slope),
            slope_error=np.full(len(rows), error),
            dose=dose,
            horizon_months=float(self.spec["horizon_months"]),
        )


class _Effect:
    """slope · difference + correction_slope · trees on all inputs but the one that says whether it was shown."""

    def __init__(self, learnt: Mapping[str, Any], threads: int) -> None:
        self._slope, self._correction_slope = float(learnt["slope"]), float(learnt["correction_slope"])
        self._trees = lgb.Booster(model_str=learnt["correction"])
        self._threads = threads

    def of(self, difference: Floats, rows: Floats) -> Floats:
        beside = self._trees.predict(np.ascontiguousarray(rows[:, :-1]), num_threads=self._threads)
        return self._slope * difference + self._correction_slope * np.asarray(beside, dtype=np.float64)


class AmountModel(_Model):
    """A booster of a share of the line, and what a raise adds to it by bands of that share."""

    def __init__(self, files: ModelFiles, threads: int) -> None:
        super().__init__(files, threads)
        dose = self.spec["dose"]
        self._knots, self._slopes, self._errors = (
            np.asarray(dose[name], dtype=np.float64) for name in ("knots", "slopes", "errors")
        )

    def coefficients(self, rows: Floats, dose: Dose) -> AmountCoefficients:
        """The amount over the limit from one row each; of a customer without a line nothing stands at the anchor."""
        share = np.maximum(np.asarray(self.booster.predict(rows, num_threads=self.threads), dtype=np.float64), 0.0)
        return AmountCoefficients(
            base_amt=np.where(dose.anchor_amt > 0, share * dose.scale_amt, 0.0),
            slope_amt=np.interp(share, self._knots, self._slopes) * dose.scale_amt,
            slope_error_amt=np.interp(share, self._knots, self._errors) * dose.scale_amt,
            dose=dose,
        )

"""The champions as a decision sees them: native boosters on numpy, calibrated, one row a customer."""

from collections.abc import Mapping
from typing import Any

import lightgbm as lgb
import numpy as np
from scipy.special import expit

from linewise.decisioning.offers import Offers
from linewise.decisioning.scorers import Contributions, DefaultCoefficients, Dose, LimitResponse
from linewise.decisioning.types import Customers, Floats, Ints
from linewise.decisioning.value import Economics
from serving.scoring.assumed import BORROWING, SPENDING, assumed_balance, assumed_spend, line_dose
from serving.scoring.registry import ModelFiles, Release

__all__ = ["BoosterScorers"]


class _Model:
    """One booster with the specification that it was fitted to."""

    def __init__(self, files: ModelFiles, threads: int) -> None:
        self.spec: dict[str, Any] = dict(files.spec)
        self.booster = lgb.Booster(model_file=str(files.folder / "model.txt"))
        self.inputs: tuple[str, ...] = tuple(self.spec["inputs"])
        self.threads = threads
        calibration = self.spec["calibration"]
        self.slope, self.intercept = float(calibration["slope"]), float(calibration["intercept"])
        self._places: dict[tuple[tuple[str, ...], tuple[str, ...]], Ints] = {}

    def margin(self, rows: Floats) -> Floats:
        """Calibrated log-odds, (n_rows,), of inputs (n_rows, n_inputs)."""
        raw = self.booster.predict(rows, raw_score=True, num_threads=self.threads)
        return self.intercept + self.slope * np.asarray(raw, dtype=np.float64)

    def contributions(self, rows: Floats) -> Contributions:
        """What each input added to the calibrated log-odds (TreeSHAP; the last column is the base)."""
        added = np.asarray(self.booster.predict(rows, pred_contrib=True, num_threads=self.threads))
        return Contributions(self.inputs, self.slope * added[:, :-1])

    def columns_of(self, customers: Customers, names: tuple[str, ...]) -> Floats:
        """The named features, (n_customers, len(names))."""
        asked = (customers.feature_names, names)
        if asked not in self._places:
            position = {name: place for place, name in enumerate(customers.feature_names)}
            self._places[asked] = np.array([position[name] for name in names], dtype=np.int64)
        return np.ascontiguousarray(customers.features[:, self._places[asked]])


class BoosterScorers:
    """`Scorers` on the boosters of a release; `threads` is 1 on a call and all cores in a batch.

    What no model of the release has learnt comes from the assumptions of `economics`, and says so.
    """

    def __init__(self, release: Release, economics: Economics, threads: int = 1) -> None:
        self._economics = economics
        self._default = _Model(release.models["default"], threads)
        self._take_up = _Model(release.models["card_take_up"], threads)
        self._versions = {name: str(model.version) for name, model in release.models.items()}

    @property
    def versions(self) -> Mapping[str, str]:
        """Model name to the version in the registry."""
        return self._versions

    @property
    def has_control_group(self) -> bool:
        """Whether take-up was learnt beside customers to whom nothing was offered."""
        return bool(self._take_up.spec["has_control_group"])

    def _take_up_rows(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Floats:
        """The inputs of the take-up model for pairs, (n_pairs, n_inputs)."""
        of_customer = tuple(self._take_up.spec["feature_names"])
        of_offer = [offers.attribute_names.index(name) for name in self._take_up.spec["offer_attributes"]]
        known = self._take_up.columns_of(customers, of_customer)[rows]
        return np.hstack([known, offers.attributes[columns][:, of_offer]])

    def take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Floats:
        """The probability of taking it, for the pairs (customer row, offer column), each (n_pairs,)."""
        if not len(rows):
            return np.empty(0)
        margin = self._take_up.margin(self._take_up_rows(customers, offers, rows, columns))
        return np.asarray(expit(margin), dtype=np.float64)

    def uplift(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Floats:
        """Without a control group offering is taken to add all of the take-up, (n_pairs,)."""
        return self.take_up(customers, offers, rows, columns)

    def limit_response(self, customers: Customers) -> LimitResponse:
        """Default by its model, from one row; balance and spending by the register of assumptions."""
        default = self._default_coefficients(customers)
        dose = line_dose(customers, default.dose.scale_amt)
        return LimitResponse(
            default=default,
            balance=assumed_balance(customers, dose, self._economics),
            spend=assumed_spend(customers, dose, self._economics),
            sources={
                "default": f"default:{self._versions['default']}",
                "balance": BORROWING,
                "spend": SPENDING,
            },
        )

    def _default_coefficients(self, customers: Customers) -> DefaultCoefficients:
        """The default curve over the amount lent, measured against the customer's income."""
        spec = self._default.spec
        offset = self._default.margin(self._default.columns_of(customers, self._default.inputs))
        learnt = spec["dose"]
        scale = np.maximum(np.nan_to_num(customers.feature(learnt["scale_feature"])), learnt["minimum_scale_amt"])
        return DefaultCoefficients(
            offset=offset,
            slope=np.full(len(customers), float(learnt["slope"])),
            # Versions from before the error was kept carry none.
            slope_error=np.full(len(customers), float(learnt.get("slope_error", 0.0))),
            dose=Dose(np.zeros(len(customers), dtype=np.int64), scale),
            horizon_months=float(spec["horizon_months"]),
        )

    def explain_take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Contributions:
        """Contributions for the pairs (customer row, offer column), each (n_rows,)."""
        return self._take_up.contributions(self._take_up_rows(customers, offers, rows, columns))

    def explain_default(self, customers: Customers, rows: Ints) -> Contributions:
        """Contributions to the default score of the customers in `rows`."""
        return self._default.contributions(self._default.columns_of(customers, self._default.inputs)[rows])

"""The champions as a decision sees them: native boosters on numpy, one row a customer, assumptions for the rest."""

from collections.abc import Mapping
from copy import copy
from typing import Literal

import numpy as np
from scipy.special import expit

from linewise.decisioning.economics import Economics
from linewise.decisioning.offers import Offers
from linewise.decisioning.scorers import Contributions, DefaultCoefficients, Dose, LimitResponse
from linewise.decisioning.types import Bools, Customers, Floats, Ints, Texts
from serving.scoring.assumed import (
    ATTRITION,
    BORROWING,
    DEFAULT_SLOPE,
    FIRST_LINE,
    LOAN,
    SPENDING,
    assumed_balance,
    assumed_spend,
    line_dose,
    paid_out_whole,
)
from serving.scoring.boosters import AmountModel, ProbabilityModel
from serving.scoring.registry import Release
from serving.scoring.rows import fill_rows

__all__ = ["TAKE_UPS", "BoosterScorers", "learnt_offers"]

IS_SHOWN = "is_shown"
"""The input of a take-up model that learnt beside offers that were not shown."""

DEFAULTS, TAKE_UPS = ("card_default", "default"), ("offer_take_up", "card_take_up")
"""Models that do the same, the better informed first."""

AMOUNTS = ("card_balance", "card_spend", "card_declined", "card_attrition")


def _first(release: Release, names: tuple[str, ...]) -> str:
    return next(name for name in names if name in release.models)


def learnt_offers(release: Release) -> frozenset[str]:
    """The offers whose take-up the release has learnt from what the bank has shown, beside those of the catalogue."""
    return frozenset(release.models[_first(release, TAKE_UPS)].spec.get("offer_ids", ()))


class BoosterScorers:
    """`Scorers` on the boosters of a release; `threads` is 1 on a call and all cores in a batch.

    What no model of the release has learnt comes from the assumptions of `economics`, and says so.
    """

    def __init__(self, release: Release, economics: Economics, threads: int = 1) -> None:
        models = release.models
        self._economics = economics
        self._default = ProbabilityModel(models[_first(release, DEFAULTS)], threads)
        self._take_up = ProbabilityModel(models[_first(release, TAKE_UPS)], threads)
        self._balance, self._spend, self._declined, self._attrition = (
            AmountModel(models[name], threads) if name in models else None for name in AMOUNTS
        )
        self._versions = {name: str(model.version) for name, model in models.items()}
        self._take_up_features = tuple(self._take_up.spec["feature_names"])
        self._told_of_offers: tuple[Offers | None, Floats] = (None, np.empty((0, 0)))
        self._alike = self._told_of_all(1)

    def on(self, economics: Economics) -> "BoosterScorers":
        """The same models on other assumptions."""
        other = copy(self)
        other._economics = economics
        return other

    @property
    def versions(self) -> Mapping[str, str]:
        """Model name to the version in the registry."""
        return self._versions

    @property
    def has_control_group(self) -> bool:
        """Whether take-up was learnt beside cases in which the offer was not shown."""
        return bool(self._take_up.spec["has_control_group"])

    def _take_up_rows(
        self, customers: Customers, offers: Offers, rows: Ints, columns: Ints, is_shown: Literal[0, 1] = 1
    ) -> Floats:
        """The inputs of the take-up model for pairs, (n_pairs, n_inputs)."""
        spec = self._take_up.spec
        known = customers.places_of(self._take_up_features)
        told = self._attributes_of(offers)
        inputs, begins = np.empty((len(rows), len(known) + len(spec["offer_attributes"]))), len(known) + told.shape[1]
        fill_rows(customers.features, rows, known, inputs)
        inputs[:, len(known) : begins] = told[columns]
        inputs[:, begins:] = float(is_shown)
        return inputs

    def _attributes_of(self, offers: Offers) -> Floats:
        """What the take-up model knows of each offer, (n_offers, n_attributes); kept for the catalogue at hand."""
        known, told = self._told_of_offers
        if known is not offers:
            names = [name for name in self._take_up.spec["offer_attributes"] if name != IS_SHOWN]
            told = offers.attributes[:, [offers.attribute_names.index(name) for name in names]]
            self._told_of_offers = (offers, told)
        return told

    def take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Floats:
        """The probability of taking it once shown, for the pairs (customer row, offer column), each (n_pairs,)."""
        if not len(rows):
            return np.empty(0)
        return self._probability(self._take_up_rows(customers, offers, rows, columns))

    def uplift(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints, taken_if_shown: Floats) -> Floats:
        """What showing it adds to the probability, (n_pairs,); without a control group all of it.

        It may be below nothing: some are driven off by being asked. It is never more than the probability itself, for
        without the showing at the least nobody orders.
        """
        if not self.has_control_group or not len(rows):
            return taken_if_shown
        not_shown = self._take_up_rows(customers, offers, rows, columns, is_shown=0)
        return self._take_up.effect(taken_if_shown, self._probability(not_shown), not_shown)

    def _probability(self, inputs: Floats) -> Floats:
        return np.asarray(expit(self._take_up.margin(inputs)), dtype=np.float64)

    def default(self, customers: Customers) -> DefaultCoefficients:
        """The default of `limit_response` alone, from one row of one model."""
        return self._default_of(customers.features_of(self._default.inputs), self._default.dose(customers))

    def _default_of(self, rows: Floats, dose: Dose) -> DefaultCoefficients:
        economics = self._economics
        return self._default.default_coefficients(
            rows, dose, economics.unmodelled_default_slope, economics.unmodelled_default_slope_error
        )

    def limit_response(self, customers: Customers) -> LimitResponse:
        """Default, balance and spending over the limit, from one row of each model."""
        economics, seen, doses = self._economics, dict[tuple[str, ...], Floats](), dict[tuple[object, ...], Dose]()

        # The components learn from the same features and the same dose: each is made once.
        def known_of(model: ProbabilityModel | AmountModel) -> tuple[Floats, Dose]:
            if model.inputs not in seen:
                seen[model.inputs] = customers.features_of(model.inputs)
            if model.dose_key not in doses:
                doses[model.dose_key] = model.dose(customers)
            return seen[model.inputs], doses[model.dose_key]

        default = self._default_of(*known_of(self._default))
        balance, spend = self._balance, self._spend
        if balance is None or spend is None:
            dose = line_dose(customers, default.dose.scale_amt)
        is_loan = (customers.current_limit_amt == 0) & self._default.learnt_from_loans
        owed = (
            assumed_balance(customers, dose, economics) if balance is None else balance.coefficients(*known_of(balance))
        )
        return LimitResponse(
            default=default,
            balance=paid_out_whole(owed, is_loan),
            spend=assumed_spend(customers, dose, economics) if spend is None else spend.coefficients(*known_of(spend)),
            is_loan=is_loan,
            sources=self._sources(customers, is_loan),
            declined=None
            if self._declined is None
            else self._declined.falling(*known_of(self._declined), of_line=True),
            attrition=None
            if self._attrition is None
            else self._attrition.falling(*known_of(self._attrition), of_line=False),
        )

    def _sources(self, customers: Customers, is_loan: Bools) -> dict[str, Texts]:
        """What each component of each customer was taken from, as in LimitResponse."""
        balance, alike = self._balance, self._alike
        if len(alike["default"]) != len(is_loan):
            # Calls come one by one and a frame's chunks are of one length: what is alike for all is laid out once.
            alike = self._alike = self._told_of_all(len(is_loan))
        assumed = np.where(customers.current_limit_amt > 0, BORROWING, FIRST_LINE)
        return {**alike, "balance": np.where(is_loan, LOAN, assumed if balance is None else balance.source)}

    def _told_of_all(self, count: int) -> dict[str, Texts]:
        """The same of what is alike for all; what is declined and leaving are told where a model has learnt them."""
        default, spend, declined, attrition = self._default, self._spend, self._declined, self._attrition
        told = {
            "default": f"{default.source} + {DEFAULT_SLOPE}" if default.is_weighed else default.source,
            "balance": "",
            "spend": SPENDING if spend is None else spend.source,
        }
        if declined is not None:
            told["declined"] = declined.source
        if attrition is not None:
            told["attrition"] = f"{attrition.source} + {ATTRITION}"
        return {name: np.full(count, source) for name, source in told.items()}

    def explain_take_up(self, customers: Customers, offers: Offers, rows: Ints, columns: Ints) -> Contributions:
        """Contributions for the pairs (customer row, offer column), each (n_rows,)."""
        return self._take_up.contributions(self._take_up_rows(customers, offers, rows, columns))

    def explain_default(self, customers: Customers, rows: Ints) -> Contributions:
        """Contributions to the default score of the customers in `rows`."""
        return self._default.contributions(customers.features_of(self._default.inputs)[rows])

"""What acting on a row brings, by the bank's register of assumptions and its catalogue."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linewise.decisioning.economics import Economics
from linewise.policy.catalogue import ATTRIBUTE_NAMES, Catalogue
from training.dataset import Dataset
from training.report.profit import Stakes
from training.showings import IS_SHOWN
from training.specs import ModelSpec

__all__ = ["Prices", "stakes_of"]

Floats = npt.NDArray[np.float64]

USED = "utilisation_mean_ratio_180d"
"""How much of a line is used, where the bank knows it; the line is taken as used to PRIOR_USE where not."""

PRIOR_USE = 0.3


@dataclass(frozen=True, slots=True)
class Prices:
    """The bank's assumptions of value and what it sells, in its currency."""

    economics: Economics
    catalogue: Catalogue


SELL_NOTHING = ("offer_pitch",)
"""Models whose label is no order."""


def stakes_of(spec: ModelSpec, data: Dataset, prices: Prices) -> Stakes | None:
    """The stakes of acting on each row of `data`, roughly: a report's picture, and no value that decides.

    A loan or line is lent or not; an offer of the catalogue is shown or not. None where the model decides neither.
    """
    if spec.kind != "probability" or spec.name in SELL_NOTHING:
        return None
    if data.offer_attributes:
        is_of_catalogue = set(ATTRIBUTE_NAMES) <= set(data.inputs)
        return _of_offers(data, prices.catalogue) if is_of_catalogue else None
    if data.principal_amt is None or data.scale_amt is None or spec.dose is None:
        return None
    if spec.dose.anchor == "line":
        return _of_lines(data, data.scale_amt + data.principal_amt, prices)
    return _of_loans(data.principal_amt, data.horizon_months / 12, prices)


def _of_loans(principal_amt: Floats, years: float, prices: Prices) -> Stakes:
    one = prices.economics
    # Paid back evenly, half of it is owed on average; who defaults has paid back nothing and no interest.
    earned = principal_amt * (one.loan_rate_ratio - one.funding_rate_ratio) * years / 2
    lost = principal_amt * (one.loss_given_default_ratio + one.collection_cost_ratio)
    return Stakes(
        with_it_amt=-lost - one.loan_operating_cost_amt,
        without_amt=earned - one.loan_operating_cost_amt,
        currency=prices.catalogue.currency,
        assumption="A loan that is paid back earns its margin on half of the principal over the label's horizon; one "
        "that is not loses loss given default and collection of all of it, by the register of assumptions.",
    )


def _of_lines(data: Dataset, line_amt: Floats, prices: Prices) -> Stakes:
    one = prices.economics
    column = data.x[:, data.inputs.index(USED)] if USED in data.inputs else np.full(len(data.y), np.nan)
    used = np.clip(np.nan_to_num(column, nan=PRIOR_USE), 0.0, 1.2)
    interest = line_amt * used * one.revolver_prior_ratio * (one.card_rate_ratio - one.funding_rate_ratio)
    lost = line_amt * one.exposure_share(used) * (one.loss_given_default_ratio + one.collection_cost_ratio)
    return Stakes(
        with_it_amt=one.defaulter_interest_ratio * interest - lost,
        without_amt=interest,
        currency=prices.catalogue.currency,
        assumption="A line earns a year's margin on what is used of it and carried over; one in default loses loss "
        "given default and collection of its exposure, by the register of assumptions. Purchases are left out.",
    )


def _of_offers(data: Dataset, catalogue: Catalogue) -> Stakes:
    at = [data.inputs.index(name) for name in ATTRIBUTE_NAMES]
    known: dict[tuple[float, ...], list[tuple[int, int]]] = {}
    for offer in catalogue.offers:
        known.setdefault(tuple(offer.attributes.values()), []).append((offer.margin_amt, offer.cost_amt))
    of_offer = {key: np.mean(found, axis=0) for key, found in known.items()}
    rows = [of_offer.get(tuple(row), np.zeros(2)) for row in data.x[:, at].tolist()]
    margin, cost = np.array(rows, dtype=np.float64).reshape(-1, 2).T
    if IS_SHOWN in data.inputs:
        # What is ordered without a showing is no part of what showing brings.
        margin, cost = (amount * data.x[:, data.inputs.index(IS_SHOWN)] for amount in (margin, cost))
    return Stakes(
        with_it_amt=margin - cost,
        without_amt=-cost,
        currency=catalogue.currency,
        assumption="An order earns the margin of its offer, and showing it costs its cost, by the catalogue; orders "
        "that would have come anyway are counted too.",
    )

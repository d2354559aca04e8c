"""What a credit of the catalogue costs: its terms, and the yearly rate that follows from them."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from linewise.decisioning.plans import annualised_rate, level_plans
from linewise.policy.amounts import MajorAmounts, amount_in_minor
from linewise.policy.yaml_source import Strict

__all__ = ["CreditTerms", "annualised_cost"]

Ratio = Annotated[float, Field(ge=0, le=1)]


class CreditTerms(Strict):
    """One credit as it is sold.

    Either `nominal_rate_ratio`, a yearly rate on what is still owed in level payments, or
    `flat_fee_ratio`, a charge a month on the amount first owed, beside equal parts of the principal.
    `upfront_fee_ratio` is kept back from what is paid out. `stated_rate_ratio` is the annualised rate that
    the texts name; `example` is the amount, by currency, for which it is reckoned.
    """

    purpose: Literal["bill", "purchase", "cash"]
    example: Annotated[MajorAmounts, Field(min_length=1)]
    minimum: Annotated[MajorAmounts, Field(min_length=1)]
    maximum: Annotated[MajorAmounts, Field(min_length=1)]
    term_months: Annotated[int, Field(ge=1)]
    nominal_rate_ratio: Ratio | None = None
    flat_fee_ratio: Ratio | None = None
    upfront_fee_ratio: Annotated[float, Field(ge=0, lt=1)] = 0.0
    stated_rate_ratio: Ratio

    @model_validator(mode="after")
    def _has_one_price(self) -> Self:
        if (self.nominal_rate_ratio is None) == (self.flat_fee_ratio is None):
            raise ValueError("a credit has either nominal_rate_ratio or flat_fee_ratio")
        return self


def annualised_cost(terms: CreditTerms, currency: str) -> float:
    """The annualised rate of the example in that currency, by the internal rate of return of its payments.

    Known values: 12 months at 0.60% a month on the first amount cost 13.03% a year, 24 at 0.65% 14.33%,
    3 at 0.95% 17.02%. Raises KeyError where there is no example in that currency.
    """
    amount = np.array([[amount_in_minor(terms.example[currency], currency)]], dtype=np.int64)
    months = np.array([terms.term_months], dtype=np.int64)
    paid_out = np.rint(amount * (1.0 - terms.upfront_fee_ratio)).astype(np.int64)
    if terms.nominal_rate_ratio is not None:
        payment, last, _ = level_plans(amount[0], terms.nominal_rate_ratio, months)
        return float(annualised_rate(paid_out, payment, last, months)[0, 0])
    fee = amount * (terms.flat_fee_ratio or 0.0)
    # In thousandths of a minor unit, so that the rounding of small examples does not move the rate.
    level = np.rint((amount / months + fee) * 1000).astype(np.int64)
    return float(annualised_rate(paid_out * 1000, level, level, months)[0, 0])

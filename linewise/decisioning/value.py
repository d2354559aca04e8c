"""What an offer or a limit is worth: risk-adjusted value over twelve months plus a terminal term."""

from dataclasses import dataclass

import numpy as np

from linewise.decisioning.offers import Offers
from linewise.decisioning.plans import annuity_factor
from linewise.decisioning.types import Customers, Floats, Ints

__all__ = ["Economics", "limit_value", "offer_value"]


@dataclass(frozen=True, slots=True)
class Economics:
    """The assumptions of value, from the register in economics.yaml; ratios a year, minor units.

    unmodelled_*: what a unit of new limit adds to the balance and to the purchases within twelve months where
    no model has learnt it, each with one standard error.
    """

    loan_rate_ratio: float
    funding_rate_ratio: float
    risk_weight_ratio: float
    capital_requirement_ratio: float
    capital_cost_ratio: float
    loss_given_default_ratio: float
    loan_operating_cost_amt: int
    interchange_ratio: float
    reward_ratio: float
    tax_ratio: float
    unmodelled_borrowing_ratio: float
    unmodelled_borrowing_error_ratio: float
    unmodelled_spend_ratio: float
    unmodelled_spend_error_ratio: float

    @property
    def loan_margin_ratio(self) -> float:
        """What a year of one unit of balance earns after funding and the cost of capital."""
        capital = self.risk_weight_ratio * self.capital_requirement_ratio * self.capital_cost_ratio
        return self.loan_rate_ratio - self.funding_rate_ratio - capital


def _outstanding_shares(annual_rate_ratio: float, term_months: int) -> Floats:
    """The share of an amount still owed at the start of each month of the term, (term_months,)."""
    monthly = annual_rate_ratio / 12.0
    factor = annuity_factor(annual_rate_ratio, np.array([term_months]))[0]
    months = np.arange(term_months)
    growth = (1.0 + monthly) ** months
    paid = factor * (months if monthly == 0.0 else (growth - 1.0) / monthly)
    return np.asarray(growth - paid)


def limit_value(limit_amt: Ints, pd_12m: Floats, economics: Economics, term_months: int) -> Floats:
    """The value of lending each candidate amount over the term, same shape, minor units.

    value = (1 - tax) * { [(1 - PD) * margin - PD * LGD] * limit * s1 + terminal - operating cost },
    terminal = (1 - PD) * max(0, margin - PD * LGD) * limit * s2, where s1 and s2 are the balance-years of
    one unit within and after the first twelve months. Expected loss is counted once. Nothing lent is
    worth nothing. With the rest fixed the value never rises with PD.
    """
    shares = _outstanding_shares(economics.loan_rate_ratio, term_months)
    first_year, later = shares[:12].sum() / 12.0, shares[12:].sum() / 12.0
    margin, lgd = economics.loan_margin_ratio, economics.loss_given_default_ratio
    survival = 1.0 - pd_12m
    within = (survival * margin - pd_12m * lgd) * first_year
    terminal = survival * np.maximum(0.0, margin - pd_12m * lgd) * later
    before_tax = limit_amt * (within + terminal) - economics.loan_operating_cost_amt
    return np.where(limit_amt > 0, before_tax * (1.0 - economics.tax_ratio), 0.0)


def offer_value(customers: Customers, offers: Offers, economics: Economics) -> Floats:
    """The value of a card once taken, (n_customers, n_offers), minor units over twelve months.

    value = (1 - tax) * (annual fee + yearly margin + (interchange - rewards) * spend moved to the card);
    the spend is a share, by product, of a year of what flows out of the customer's account.
    """
    outflow = 365.0 / 90.0 * np.nan_to_num(customers.feature("debit_sum_amt_90d"))
    spend = outflow[:, None] * offers.card_spend_share_ratio[None, :]
    earned = offers.annual_fee_amt + offers.margin_amt
    net_of_rewards = economics.interchange_ratio - economics.reward_ratio
    return np.asarray((1.0 - economics.tax_ratio) * (earned[None, :] + net_of_rewards * spend))

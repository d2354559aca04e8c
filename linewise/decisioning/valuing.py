"""The formula of value, compiled: one use after the other, whatever shapes the parts of them have."""

from typing import Any

from numba import guvectorize
from numpy import maximum, minimum

__all__ = ["RATES", "valued"]

RATES = (
    "transactor_undrawn_ratio",
    "revolver_undrawn_ratio",
    "transactor_risk_weight_ratio",
    "revolver_risk_weight_ratio",
    "capital_requirement_ratio",
    "capital_cost_ratio",
    "interchange_ratio",
    "reward_ratio",
    "funding_rate_ratio",
    "loss_given_default_ratio",
    "collection_cost_ratio",
    "defaulter_interest_ratio",
    "tax_ratio",
    "stage_move_factor",
)
"""The fields of Economics that `valued` takes, in their order."""

_PARTS, _FOUND = 15, 5
_TYPES = f"void({'float64, ' * _PARTS}float64[:], {', '.join(['float64[:]'] * _FOUND)})"
_SHAPES = f"{'(), ' * _PARTS}(n) -> {', '.join(['()'] * _FOUND)}"


@guvectorize([_TYPES], _SHAPES, nopython=True, cache=True)
def valued(
    limit: Any, pd: Any, revolving: Any, later: Any, transacting: Any, owed: Any, rate: Any, spend: Any, fee: Any,
    attrition: Any, one_off: Any, revolver: Any, further_years: Any, exposure_share: Any, surviving: Any,
    rates: Any, value: Any, expected_loss: Any, exposure: Any, capital: Any, provision: Any,
) -> None:  # fmt: skip
    """Fill what a use comes to, as in Valuation, from the parts of ExpectedUse; all but the rates broadcast.

    exposure_share: the exposure at default as a share of the limit; surviving: the probability that no default
    comes within the behavioural life.
    """
    transactor_undrawn, revolver_undrawn, transactor_weight, revolver_weight = rates[0], rates[1], rates[2], rates[3]
    requirement, capital_cost, interchange, reward, funding = rates[4], rates[5], rates[6], rates[7], rates[8]
    lgd, collection, of_defaulter, tax, stage_move = rates[9], rates[10], rates[11], rates[12], rates[13]

    years, drawn = 1.0 + further_years, later + transacting
    at_default = maximum(exposure_share * limit, owed)
    undrawn = maximum(limit - drawn, 0.0)
    weighted = drawn + (transactor_undrawn + revolver * (revolver_undrawn - transactor_undrawn)) * undrawn
    tied = requirement * (transactor_weight + revolver * (revolver_weight - transactor_weight)) * weighted

    revolving_years = revolving + further_years * later
    balance_years = revolving_years + years * transacting
    interest = rate * revolving_years
    a_year = (interchange - reward) * spend + fee - attrition - capital_cost * tied
    earned = interest - funding * balance_years + years * a_year
    lost = (lgd + collection) * at_default * years
    of_defaulters = of_defaulter * interest - lost
    value[0] = (1.0 - tax) * ((1.0 - pd) * earned + pd * of_defaulters - one_off)
    expected_loss[0], exposure[0], capital[0] = pd * lgd * at_default, at_default, tied
    # Twelve months' loss, and the lifetime's for the share that moves to stage 2.
    covered = pd + minimum(stage_move * pd, 1.0) * maximum(1.0 - surviving - pd, 0.0)
    provision[0] = covered * lgd * at_default

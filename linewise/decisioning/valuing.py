"""The formula of value, compiled: one use after the other, whatever shapes the parts of them have."""

from typing import Any

import numpy as np

from linewise.core.compiling import broadcast_kept, compiled, elementwise

__all__ = ["RATES", "TAX", "between", "provisioned", "valued", "valued_one"]

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
)
"""The fields of Economics that `valued` takes, in their order."""

TAX = RATES.index("tax_ratio")

_PARTS, _FOUND = 14, 4
_TYPES = f"void({'float64, ' * _PARTS}{'float64[:], ' * 3}{', '.join(['float64[:]'] * _FOUND)})"
_SHAPES = f"{'(), ' * _PARTS}(n), (m), (m) -> {', '.join(['()'] * _FOUND)}"


@compiled
def between(at: float, used: Any, share: Any) -> float:
    """The share at a point on the straight lines between bands, level beyond their ends, as `np.interp` has it."""
    last = len(used) - 1
    if np.isnan(at):
        return at
    if at >= used[last]:
        return share[last]
    if at < used[0]:
        return share[0]
    band = 0
    while at >= used[band + 1]:
        band += 1
    slope = (share[band + 1] - share[band]) / (used[band + 1] - used[band])
    return slope * (at - used[band]) + share[band]


@compiled
def valued_one(
    limit: float, pd: float, revolving: float, later: float, transacting: float, owed: float, rate: float, spend: float,
    fee: float, attrition: float, one_off: float, revolver: float, further_years: float, utilisation: float,
    rates: Any, used: Any, share: Any,
) -> Any:  # fmt: skip
    """What one use comes to, as in Valuation, from the parts of ExpectedUse.

    rates: as named; used, share: the bands of the exposure at default as a share of the limit.
    """
    transactor_undrawn, revolver_undrawn, transactor_weight, revolver_weight = rates[0], rates[1], rates[2], rates[3]
    requirement, capital_cost, interchange, reward, funding = rates[4], rates[5], rates[6], rates[7], rates[8]
    lgd, collection, of_defaulter, tax = rates[9], rates[10], rates[11], rates[12]

    years, drawn = 1.0 + further_years, later + transacting
    at_default = max(between(utilisation, used, share) * limit, owed)
    undrawn = max(limit - drawn, 0.0)
    weighted = drawn + (transactor_undrawn + revolver * (revolver_undrawn - transactor_undrawn)) * undrawn
    tied = requirement * (transactor_weight + revolver * (revolver_weight - transactor_weight)) * weighted

    revolving_years = revolving + further_years * later
    balance_years = revolving_years + years * transacting
    interest = rate * revolving_years
    a_year = (interchange - reward) * spend + fee - attrition - capital_cost * tied
    earned = interest - funding * balance_years + years * a_year
    lost = (lgd + collection) * at_default * years
    of_defaulters = of_defaulter * interest - lost
    value = (1.0 - tax) * ((1.0 - pd) * earned + pd * of_defaulters - one_off)
    return value, pd * lgd * at_default, at_default, tied


@broadcast_kept([_TYPES], _SHAPES)
def valued(
    limit: Any, pd: Any, revolving: Any, later: Any, transacting: Any, owed: Any, rate: Any, spend: Any, fee: Any,
    attrition: Any, one_off: Any, revolver: Any, further_years: Any, utilisation: Any,
    rates: Any, used: Any, share: Any, value: Any, expected_loss: Any, exposure: Any, capital: Any,
) -> None:  # fmt: skip
    """Fill the same of uses whose parts broadcast."""
    value[0], expected_loss[0], exposure[0], capital[0] = valued_one(
        limit, pd, revolving, later, transacting, owed, rate, spend, fee, attrition, one_off, revolver, further_years,
        utilisation, rates, used, share,
    )  # fmt: skip


@elementwise(["float64(float64, float64, float64, float64, float64)"])
def provisioned(pd: Any, exposure: Any, life_years: Any, lgd: Any, stage_move: Any) -> Any:
    """Twelve months' loss, and the lifetime's for the share that moves to stage 2."""
    covered = pd + min(stage_move * pd, 1.0) * max(1.0 - (1.0 - pd) ** life_years - pd, 0.0)
    return covered * lgd * exposure

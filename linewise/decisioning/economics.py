"""The assumptions of value in the bank's currency: one struct, from the register in economics.yaml."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from linewise.decisioning.types import Floats

__all__ = ["Economics"]


# Compared by identity: what follows from one register is kept, and asked for at every decision.
@dataclass(frozen=True, slots=True, eq=False)
class Economics:
    """What a value rests on; ratios are a year where time enters, amounts minor units.

    exposure_bands: (utilisation, exposure at default as a share of the limit), rising in both; between
    two bands the share lies on the line between them. terminal_years: what the years after the first are
    worth, in years like it. The register says of each number what it means and where it comes from.
    """

    card_rate_ratio: float
    loan_rate_ratio: float
    funding_rate_ratio: float
    interchange_ratio: float
    reward_ratio: float
    tax_ratio: float
    revolver_risk_weight_ratio: float
    transactor_risk_weight_ratio: float
    revolver_undrawn_ratio: float
    transactor_undrawn_ratio: float
    capital_requirement_ratio: float
    capital_cost_ratio: float
    loss_given_default_ratio: float
    collection_cost_ratio: float
    defaulter_interest_ratio: float
    exposure_bands: tuple[tuple[float, float], ...]
    added_exposure_bands: tuple[tuple[float, float], ...]
    stage_move_factor: float
    behavioural_life_years: float
    balance_ramp_ratio: float
    terminal_years: float
    revolver_prior_ratio: float
    revolver_conversion_ratio: float
    cycle_demand_spread_ratio: float
    decline_attrition_ratio: float
    decline_attrition_error_ratio: float
    relationship_margin_amt: int
    limit_change_cost_amt: int
    loan_operating_cost_amt: int
    unmodelled_borrowing_ratio: float
    unmodelled_borrowing_error_ratio: float
    first_line_borrowing_ratio: float
    first_line_borrowing_error_ratio: float
    unmodelled_spend_ratio: float
    unmodelled_spend_error_ratio: float
    unmodelled_default_slope: float
    unmodelled_default_slope_error: float

    def exposure_share(self, utilisation_ratio: Floats) -> Floats:
        """The exposure at default as a share of the limit, by how much of it is used, same shape."""
        return np.asarray(np.interp(utilisation_ratio, *self.exposure), dtype=np.float64)

    @property
    def exposure(self) -> tuple[Floats, Floats]:
        """The exposure at default: shares used of a line, and shares of it that a defaulter owes then."""
        return _bands(self)[0]

    @property
    def added_exposure(self) -> tuple[Floats, Floats]:
        """What a raise adds to it: shares used of the line in force, and shares of the raise."""
        return _bands(self)[1]


@lru_cache(maxsize=64)
def _bands(economics: Economics) -> tuple[tuple[Floats, Floats], ...]:
    both = (np.array(bands, dtype=np.float64).T for bands in (economics.exposure_bands, economics.added_exposure_bands))
    return tuple((used.copy(), share.copy()) for used, share in both)

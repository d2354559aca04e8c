"""What the bank may give to who cannot pay, and how a plan's risk follows from its payment and its length."""

from dataclasses import dataclass

__all__ = ["ART70", "DATE_CHANGE", "FEE_WAIVER", "RATE_REDUCTION", "SHORT_RELIEF", "STEPS", "HardshipPolicy"]

DATE_CHANGE, FEE_WAIVER, SHORT_RELIEF = "date_change", "fee_waiver", "short_relief"
RATE_REDUCTION, ART70 = "rate_reduction", "art70"
STEPS = (DATE_CHANGE, FEE_WAIVER, SHORT_RELIEF, RATE_REDUCTION, ART70)
"""From the mildest on; art70: the personal plan of 银监会令2011年第2号 Art. 70, which a person negotiates and signs."""


@dataclass(frozen=True, slots=True)
class HardshipPolicy:
    """From parameters.yaml; ratios a year, amounts in minor units.

    fee_waiver_amt: the most of recent fees that is paid back. relief_months: how long only interest is asked
    for. rate_ratios: the rates that may be agreed, from the highest down. rate_term_months: the terms of a plan
    at a reduced rate; personal_term_months: those of a personal plan, sixty at most. burden_hazard: by how much
    the logarithm of the hazard rises with the share of what a month bears that the payment takes, at most 1, so
    that a mere stretch never helps; overhang_hazard: and with the debt beside all that sixty months bear.
    deep_cut_pd_ratio: the probability of default within a year, as things stand, from which on the lowest rate is
    agreed at once: what is let off would be lost, and it is the worst-off whom a lower rate helps.
    """

    fee_waiver_amt: int
    relief_months: int
    rate_ratios: tuple[float, ...]
    rate_term_months: tuple[int, ...]
    personal_term_months: tuple[int, ...]
    burden_hazard: float
    overhang_hazard: float
    deep_cut_pd_ratio: float

"""The answer to a higher limit: what is borrowed of it, by whom, and how fast. The truth, from pairs of lives."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Ints
from linewise.simulation.report.sample import DEFAULTED, EFFECT_MONTHS, HORIZON_MONTHS, Sample, raise_month
from linewise.simulation.report.sums import Floats, Sums, Totals, ratio
from linewise.simulation.world import World

__all__ = [
    "BANDS",
    "borrowed_amt",
    "borrowed_by_band",
    "borrowed_of_limit",
    "borrowed_path",
    "collect",
    "effect_on_everybody",
    "path_share",
]

BANDS = ("worst", "worse", "better", "best")
"""Quarters of customers by latent risk, which is about standard normal."""
_QUARTILES = (0.6745, 0.0, -0.6745)
_REVOLVER = 2
_KINDS = 2
_SIZE = _KINDS * len(BANDS) * EFFECT_MONTHS


def collect(sample: Sample, sums: Sums) -> None:
    """Add what is owed and allowed more after the raise, by carrying debt or not, risk band and month since."""
    first = raise_month(sample.world)
    before = sample.months[:, first - 1]
    usual = slice(first, first + EFFECT_MONTHS)
    limit_amt = sample.raised.months["limit_amt"][:, usual] - sample.months["limit_amt"][:, usual]
    owed_amt = borrowed_amt(sample.raised.months, first)[:, usual] - borrowed_amt(sample.months, first)[:, usual]
    is_asked = sample.is_active[:, first - 1] & (before["bucket"] == 0)
    band = np.searchsorted(-np.array(_QUARTILES), -sample.people["risk"], side="right")
    kind = (before["behaviour"] == _REVOLVER).astype(np.int64)
    at = ((kind * len(BANDS) + band) * EFFECT_MONTHS)[:, None] + np.arange(EFFECT_MONTHS)
    where = np.broadcast_to(is_asked[:, None], at.shape)
    sums.add("more_limit_amt", sample.group[:, None], limit_amt, at=at, size=_SIZE, where=where)
    sums.add("more_owed_amt", sample.group[:, None], owed_amt, at=at, size=_SIZE, where=where)
    year = slice(first, first + HORIZON_MONTHS)
    added = _defaults(sample.raised.months[:, year]) - _defaults(sample.months[:, year])
    sums.add("asked_count", sample.group, where=is_asked)
    sums.add("asked_default_added", sample.group, added, where=is_asked)


def _defaults(months: NDArray[Any]) -> Ints:
    return np.asarray((months["bucket"] >= DEFAULTED).any(axis=1), dtype=np.int64)


def borrowed_amt(months: NDArray[Any], first: int) -> Ints:
    """Balances with what was written off since month `first` added: a debt written off was borrowed all the same."""
    lost = np.array(months["charged_off_amt"])
    lost[:, :first] = 0
    return np.asarray(np.maximum(months["balance_amt"], 0) + np.cumsum(lost, axis=1), dtype=np.int64)


def borrowed_of_limit(totals: Totals, _: World, after_months: int) -> float:
    """Borrowed of each unit of new limit so many months after the raise, active accounts that were not overdue.

    Both sums are of that month: in the years after, the bank raises some of those whom it finds without the
    raise, and the difference of limits shrinks.
    """
    return float(borrowed_path(totals)[after_months - 1])


def borrowed_by_band(totals: Totals, _: World, band: str, revolvers: bool) -> float:
    """The same after twelve months within a quarter of customers by risk; of all, or of those who carried debt."""
    at, kinds = BANDS.index(band), slice(1, None) if revolvers else slice(None)
    owed, limit = (_cube(totals, name)[kinds, at, HORIZON_MONTHS - 1] for name in ("more_owed_amt", "more_limit_amt"))
    return ratio(owed, limit)


def effect_on_everybody(totals: Totals, outcome: str) -> float:
    """Of a quarter more limit for all active accounts that are not overdue: borrowed, or defaults added, in a year."""
    if outcome == "default":
        return ratio(totals["asked_default_added"], totals["asked_count"])
    return float(borrowed_path(totals)[HORIZON_MONTHS - 1])


def path_share(totals: Totals, _: World, after_months: int) -> float:
    """Borrowed of the new limit after so many months, by what is borrowed of it after three years."""
    path = borrowed_path(totals)
    return ratio(path[after_months - 1], path[-1])


def borrowed_path(totals: Totals) -> Floats:
    """Borrowed of each unit of new limit after 1, 2, … 36 months, (n_months,)."""
    owed, limit = (_cube(totals, name).sum(axis=(0, 1)) for name in ("more_owed_amt", "more_limit_amt"))
    return np.array([ratio(part, whole) for part, whole in zip(owed, limit, strict=True)])


def _cube(totals: Totals, name: str) -> Floats:
    return totals[name].reshape(_KINDS, len(BANDS), EFFECT_MONTHS)

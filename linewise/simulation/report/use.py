"""How lines are used: utilisation, the size of a line, who pays in full and who carries debt."""

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Ints
from linewise.simulation.report.sample import HORIZON_MONTHS, Sample, active_from, whole_months
from linewise.simulation.report.sums import Floats, Sums, Totals, ratio
from linewise.simulation.world import World

__all__ = [
    "BIN_RATIO", "TYPES", "UTILISATION_BINS", "collect", "inactive_share", "line_mean_amt", "line_use",
    "season_ratio", "type_kept", "type_share", "utilisation_quantile",
]  # fmt: skip

BIN_RATIO = 0.0005
UTILISATION_BINS = 2401
"""Of the histogram of utilisation; the last holds what is at 1.2 or above."""
TYPES = ("transactor", "revolver", "switcher")
_UNUSED = -1
_MOSTLY = 0.8
_MONTHS_A_YEAR = 12


def collect(sample: Sample, sums: Sums) -> None:
    """Add lines, debts and utilisation of the whole months, and the type of each customer in a year and the next."""
    last, first = whole_months(sample.world), active_from(sample.world)
    group, months = sample.group[:, None], sample.months[:, :last]
    is_open, is_active = sample.is_open[:, :last], sample.is_active[:, :last]
    owed = np.maximum(months["balance_amt"], 0)
    sums.add("lines_amt", group, months["limit_amt"], where=is_open)
    sums.add("lines_count", group, where=is_open)
    sums.add("owed_amt", group, owed, where=is_open)
    judged = np.arange(last) >= first
    sums.add("judged_count", group, where=is_open & judged)
    sums.add("judged_active_count", group, where=is_active & judged)
    used = owed / np.maximum(months["limit_amt"], 1)
    place = np.minimum(used / BIN_RATIO, UTILISATION_BINS - 1).astype(np.int64)
    calendar_month = np.array([sample.calendar.month_begin(month).month - 1 for month in range(last)])
    sums.add(
        "utilisation_count", group, at=calendar_month * UTILISATION_BINS + place,
        size=_MONTHS_A_YEAR * UTILISATION_BINS, where=is_active & judged,
    )  # fmt: skip
    year, next_year = types_of(sample, 0), types_of(sample, HORIZON_MONTHS)
    sums.add("types_count", sample.group, at=year, size=len(TYPES), where=year != _UNUSED)
    both = (year != _UNUSED) & (next_year != _UNUSED)
    sums.add("types_both_count", sample.group, where=both)
    sums.add("types_kept_count", sample.group, where=both & (year == next_year))


def types_of(sample: Sample, first: int) -> Ints:
    """The type of each customer in the twelve months from `first` on, (n_customers,); -1 where unused.

    By what a bank sees: of the statements that billed something, a transactor paid four in five in full, a
    revolver at most one in five; who is between switches.
    """
    months = sample.months[:, first : first + HORIZON_MONTHS]
    billed = months["balance_amt"] - months["plan_amt"]
    counts = (billed > 0) & (months["paid_amt"] >= 0)
    in_full = counts & (months["paid_amt"] >= billed)
    statements = counts.sum(axis=1)
    share = in_full.sum(axis=1) / np.maximum(statements, 1)
    kind = np.where(share >= _MOSTLY, 0, np.where(share <= 1.0 - _MOSTLY, 1, 2))
    return np.where(statements >= HORIZON_MONTHS // 2, kind, _UNUSED)


def type_share(totals: Totals, _: World, of: str) -> float:
    """Customers of that type, of those with statements in half of the first twelve months or more."""
    counts = totals["types_count"]
    return ratio(counts[TYPES.index(of)], counts)


def type_kept(totals: Totals, _: World) -> float:
    """Share who keep their type from one month to the next: of a year to the next, to the power of a twelfth."""
    return float(ratio(totals["types_kept_count"], totals["types_both_count"]) ** (1.0 / _MONTHS_A_YEAR))


def inactive_share(totals: Totals, _: World) -> float:
    """Open accounts without purchase, payment or balance in twelve months."""
    return 1.0 - ratio(totals["judged_active_count"], totals["judged_count"])


def line_mean_amt(totals: Totals, _: World) -> float:
    """The mean limit of an open account, minor units."""
    return ratio(totals["lines_amt"], totals["lines_count"])


def line_use(totals: Totals, _: World) -> float:
    """All that is owed by all lines."""
    return ratio(totals["owed_amt"], totals["lines_amt"])


def utilisation_quantile(totals: Totals, _: World, share: float) -> float:
    """The quantile of the utilisation of active accounts over all their months."""
    return _quantile(_by_month(totals).sum(axis=0), share)


def season_ratio(totals: Totals, _: World, month: int, by: int) -> float:
    """The median utilisation of active accounts in one calendar month by that of another, 1 to 12."""
    counts = _by_month(totals)
    return ratio(_quantile(counts[month - 1], 0.5), _quantile(counts[by - 1], 0.5))


def _by_month(totals: Totals) -> Floats:
    return totals["utilisation_count"].reshape(_MONTHS_A_YEAR, UTILISATION_BINS)


def _quantile(counts: NDArray[np.float64], share: float) -> float:
    """Of a histogram, as if its bins were evenly filled; NaN where it is empty."""
    until = np.cumsum(counts)
    if until[-1] == 0:
        return float("nan")
    wanted = share * until[-1]
    at = int(np.searchsorted(until, wanted))
    within = (wanted - (until[at] - counts[at])) / counts[at]
    return BIN_RATIO * (at + float(within))

"""Whether complaints are more than chance brings: this week's count against a series' own history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

Floats = NDArray[np.float64]

__all__ = ["FALSE_ALARM_RATIO", "LEAST_COUNT", "LEAST_WEEKS", "Spike", "WeeklyCounts", "spikes_of"]

FALSE_ALARM_RATIO = 0.05
"""How often a page without any change raises an alarm at all, over all of its series together."""

LEAST_COUNT = 3
"""One complaint or two are read one by one; they are no spike."""

LEAST_WEEKS = 4
"""Without so many weeks before there is no history to be against."""


@dataclass(frozen=True, slots=True)
class WeeklyCounts:
    """Complaints of whole weeks, the latest last, and the calls of each week among which they could arise."""

    counts: Sequence[int]
    calls: Sequence[int]


@dataclass(frozen=True, slots=True)
class Spike:
    """A series whose latest week has more than its history explains.

    expected: what the history would bring among so many calls; p: how likely so many or more are by chance alone.
    """

    name: str
    count: int
    expected: float
    p: float


def spikes_of(series: Mapping[str, WeeklyCounts], false_alarm_ratio: float = FALSE_ALARM_RATIO) -> list[Spike]:
    """The series with a spike in their latest week, the least likely first.

    Each is held against its own history by the exact conditional test of two Poisson rates (Przyborowski and Wilenski
    1940): given all complaints, those of this week are binomial with the share of this week's calls. Where a history
    scatters more than Poisson counts do, this week is held against a negative binomial of that scatter, so that series
    that come in clusters do not alarm for being themselves; the scatter is its own or, where that is more, that of all
    series together. Of rare clusters the scatter is known badly, so a week that
    is no worse than the worst before is none either. The threshold is divided by the number of series (Bonferroni).
    """
    tested = {name: one for name, one in series.items() if _is_told(one)}
    together = _together(tested.values())
    found = [_spike(name, one, together) for name, one in tested.items()]
    bound = false_alarm_ratio / max(1, len(tested))
    return sorted((one for one in found if one.count >= LEAST_COUNT and one.p < bound), key=lambda one: one.p)


def _is_told(one: WeeklyCounts) -> bool:
    before = [calls for calls in one.calls[:-1] if calls > 0]
    return len(before) >= LEAST_WEEKS and one.calls[-1] > 0


def _history(one: WeeklyCounts) -> tuple[Floats, Floats]:
    """Complaints and calls of the weeks before that had calls, (n_weeks,) each."""
    counts, calls = np.array(one.counts[:-1], float), np.array(one.calls[:-1], float)
    return counts[calls > 0], calls[calls > 0]


def _spike(name: str, one: WeeklyCounts, together: float) -> Spike:
    counts, calls = _history(one)
    now, of_now = one.counts[-1], one.calls[-1]
    before, of_before = counts.sum(), calls.sum()
    scatter = max(together, _scatter(counts, calls))
    expected = float(before * of_now / of_before)
    if not now or now / of_now <= (counts / calls).max():
        p = 1.0
    elif scatter == 1.0:
        p = float(betainc(now, before + 1.0, of_now / (of_now + of_before)))
    else:
        # That the history's rate is only estimated adds to the variance what it adds of Poisson counts.
        ratio = scatter * (1.0 + of_now / of_before)
        # One cluster more in the history, as the exact test has one complaint more.
        mean = float((before + scatter) * of_now / of_before)
        p = float(betainc(now, mean / (ratio - 1.0), 1.0 - 1.0 / ratio))
    return Spike(name, now, expected, p)


def _scatter(counts: Floats, calls: Floats) -> float:
    """By how much the weeks scatter more than Poisson counts: Pearson's chi-square over its degrees; 1 at least.

    Of a few weeks it is known badly, so it is taken one standard error higher.
    """
    square, degrees = _chi_square(counts, calls)
    return 1.0 if square <= max(degrees, 1) else square / degrees * (1.0 + np.sqrt(2.0 / degrees))


def _together(tested: Iterable[WeeklyCounts]) -> float:
    """The scatter of all series: what has hardly had a complaint yet comes in clusters as the others do."""
    parts = [_chi_square(*_history(one)) for one in tested]
    degrees = sum(degrees for _, degrees in parts)
    return max(1.0, sum(square for square, _ in parts) / degrees) if degrees else 1.0


def _chi_square(counts: Floats, calls: Floats) -> tuple[float, int]:
    """Pearson's statistic of the weeks against one rate, and its degrees of freedom; none where nothing ever was."""
    expected = counts.sum() * calls / calls.sum()
    if not counts.any():
        return 0.0, 0
    return float(((counts - expected) ** 2 / expected).sum()), len(counts) - 1

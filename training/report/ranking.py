"""How well a score puts first those who have the label, with intervals over customers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linewise.quality.curves import Curve
from linewise.quality.intervals import Measured
from linewise.quality.ranked import Ranked
from linewise.quality.resampling import percentiles, resampled
from training.log_odds import SURE
from training.report.figures import Ranking

__all__ = ["FIGURES", "RankedRows", "differences", "rank_rows", "ranking_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FIGURES = ("auc", "average_precision", "ks", "top_decile_lift", "brier", "log_loss", "case_auc")


@dataclass(frozen=True, slots=True)
class RankedRows:
    """The figures of one score, (n_figures,) in the order of FIGURES, and of every draw, (n_draws, n_figures)."""

    once: Floats
    drawn: Floats
    gain: Curve


def rank_rows(y: Integers, probability: Floats, groups: Integers, cases: Integers, seed: int) -> RankedRows:
    """Judge probabilities (n_rows,) of rows of customers `groups` and questions `cases`."""
    ranked = Ranked.by(probability, y)
    sure = np.clip(probability, SURE, 1 - SURE)
    squares, logs = (probability - y) ** 2, -np.where(y == 1, np.log(sure), np.log1p(-sure))
    by_case = _Cases.of(y, sure, cases)

    def figures(weight: Floats) -> Floats:
        total = max(float(weight.sum()), 1e-300)
        losses = [float(weight @ squares) / total, float(weight @ logs) / total]
        return np.concatenate([ranked.figures(weight), losses, [by_case.auc(weight)]])

    once, drawn = resampled(figures, groups, seed)
    return RankedRows(once, drawn, ranked.gain())


def ranking_of(ranked: RankedRows) -> Ranking:
    """The figures with their intervals."""
    measured = {
        name: percentiles(float(ranked.once[place]), ranked.drawn[:, place]) for place, name in enumerate(FIGURES)
    }
    case_auc = measured.pop("case_auc")
    return Ranking(**measured, case_auc=case_auc if np.isfinite(case_auc.value) else None, gain=ranked.gain)


def differences(one: RankedRows, other: RankedRows) -> dict[str, Measured]:
    """Figure by figure one less the other, over the same draws of customers."""
    gap = one.drawn - other.drawn
    return {
        name: percentiles(float(one.once[place] - other.once[place]), gap[:, place])
        for place, name in enumerate(FIGURES)
        if np.isfinite(one.once[place])
    }


@dataclass(frozen=True, slots=True)
class _Cases:
    """Cases by the probability that any of their rows has the label; None of them where each has one row."""

    ranked: Ranked | None
    first_row: Integers

    @classmethod
    def of(cls, y: Integers, sure: Floats, cases: Integers) -> "_Cases":
        _, first, case = np.unique(cases, return_index=True, return_inverse=True)
        if len(first) == len(cases):
            return cls(None, first)
        taken = np.bincount(case, weights=y) > 0
        none_taken = np.bincount(case, weights=np.log1p(-sure))
        return cls(Ranked.by(np.asarray(-none_taken, dtype=np.float64), taken), first)

    def auc(self, weight: Floats) -> float:
        """AUC over cases, each with the weight of its customer; NaN where each case has one row."""
        return float("nan") if self.ranked is None else float(self.ranked.figures(weight[self.first_row])[0])

"""How well a score puts first those who have the label, with intervals over customers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.intervals import Measured
from training.log_odds import SURE
from training.report.figures import Curve, Ranking
from training.report.resampling import percentiles, resampled

__all__ = ["FIGURES", "Ranked", "RankedRows", "differences", "rank_rows", "ranking_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FIGURES = ("auc", "average_precision", "ks", "top_decile_lift", "brier", "log_loss", "case_auc")
POINTS = 50


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows in the order of a score, the highest first, so that many weightings can be judged; ties stand together.

    order (n_rows,): the places of the rows; ends (n_scores,): the last place of each distinct score; y in order.
    """

    order: Integers
    ends: Integers
    y: Floats

    @classmethod
    def by(cls, score: Floats, y: Integers | npt.NDArray[np.bool_]) -> "Ranked":
        """Put rows (n_rows,) in order."""
        order = np.argsort(-score, kind="stable")
        ends = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
        return cls(order, ends, y[order].astype(np.float64))

    def reached(self, weight: Floats) -> tuple[Floats, Floats]:
        """Weight of all rows and of those with the label down to each distinct score, each (n_scores,)."""
        ordered = weight[self.order]
        return np.cumsum(ordered)[self.ends], np.cumsum(ordered * self.y)[self.ends]

    def figures(self, weight: Floats) -> Floats:
        """AUC, average precision, KS and lift of the first tenth, (4,); NaN where a class is absent."""
        rows, hits = self.reached(weight)
        misses = rows - hits
        if hits[-1] <= 0 or misses[-1] <= 0:
            return np.full(4, np.nan)
        true_rate, false_rate = hits / hits[-1], misses / misses[-1]
        auc = float(np.trapezoid(np.append(0.0, true_rate), np.append(0.0, false_rate)))
        precision = hits / np.maximum(rows, 1e-300)
        average = float((np.diff(true_rate, prepend=0.0) * precision).sum())
        ks = float(np.abs(true_rate - false_rate).max())
        first = float(np.interp(0.1, np.append(0.0, rows / rows[-1]), np.append(0.0, true_rate)))
        return np.array([auc, average, ks, first / 0.1])

    def gain(self) -> Curve:
        """The share of all labels that the first share of rows holds."""
        rows, hits = self.reached(np.ones(len(self.y)))
        x = np.linspace(0.0, 1.0, POINTS + 1)
        y = np.interp(x, np.append(0.0, rows / rows[-1]), np.append(0.0, hits / max(hits[-1], 1e-300)))
        return Curve(x=tuple(x.tolist()), y=tuple(y.tolist()))


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

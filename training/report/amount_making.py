"""The report of a model of an amount: the judged recipe and its peers on the same later rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt

from features.profiling.stability import index_by_tenths
from linewise.quality.resampling import percentiles, resampled
from training.amounts import FittedAmount, fit_amount, share_of
from training.dataset import AmountDataset
from training.dose import least_scale
from training.input_checks import InputChecks
from training.linear import fit_linear
from training.plain_boosting import FittedPlain, fit_plain
from training.report.amount_report import AmountCell, AmountReport, AmountStanding
from training.report.by_chance import by_chance_of
from training.report.cells import actions_of, months_of
from training.report.making import split_told
from training.report.peers import CHAMPION, MODEL, PLAIN
from training.report.stability import correlation_of_ranks
from training.specs import AmountSpec
from training.splits import TimeSplit, split_by_time

__all__ = ["RIDGE", "AmountChampion", "make_amount_report"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

RIDGE = "ridge regression"
BAND_COUNT = 5


@dataclass(frozen=True, slots=True)
class AmountChampion:
    """The recipe in service, and the version that was made by it."""

    spec: AmountSpec
    version: int


class _Fitted(Protocol):
    def share(self, data: AmountDataset) -> Floats: ...


@dataclass(frozen=True, slots=True)
class _Plain:
    fitted: FittedPlain

    def share(self, data: AmountDataset) -> Floats:
        return self.fitted.probability(data)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a learner expects of the judged rows, and of the fitted rows by the fits of other customers."""

    test: Floats
    fit: Floats


def make_amount_report(
    spec: AmountSpec,
    data: AmountDataset,
    registered: FittedAmount,
    checks: InputChecks,
    champion: AmountChampion | None,
    seed: int,
    made_at: datetime,
) -> AmountReport:
    """Judge the recipe of `spec` on the later rows of `data`; registered: the version fitted on all rows."""
    split = split_by_time(data)
    observed = share_of(data, least_scale(spec, data))
    said = _said(data, split, _learners(spec, observed, champion, seed), spec.fold_count, seed)
    rows, seen = data.rows(split.test), observed[split.test]
    drawn = {name: resampled(_figures(seen, one.test), rows.groups, seed) for name, one in said.items()}

    def standing(name: str) -> AmountStanding:
        once, draws = drawn[name]
        gap = drawn[MODEL][1][:, 0] - draws[:, 0]
        return AmountStanding(
            name=name,
            version=champion.version if champion is not None and name == CHAMPION else None,
            r2=percentiles(float(once[0]), draws[:, 0]),
            mean_error_ratio=percentiles(float(once[1]), draws[:, 1]),
            difference=None if name == MODEL else percentiles(float(drawn[MODEL][0][0] - once[0]), gap),
            cells=_cells(rows, seen, said[name].test, seed),
        )

    return AmountReport(
        name=spec.name,
        label=spec.label,
        made_at=made_at,
        seed=seed,
        data_hash=data.data_hash,
        split=split_told(data, split, spec.fold_count),
        model=standing(MODEL),
        peers=tuple(standing(name) for name in said if name != MODEL),
        psi=index_by_tenths(said[MODEL].fit, said[MODEL].test),
        registered_correlation=correlation_of_ranks(said[MODEL].test, registered.share(rows)),
        idle_inputs=checks.idle,
        alone_r2=checks.alone,
        by_chance=by_chance_of(rows, seen, said[MODEL].test, seed),
        share_of="customers" if data.is_share else "line",
    )


def _learners(
    spec: AmountSpec, observed: Floats, champion: AmountChampion | None, seed: int
) -> Mapping[str, Callable[[AmountDataset], _Fitted]]:
    found: dict[str, Callable[[AmountDataset], _Fitted]] = {MODEL: lambda seen: fit_amount(spec, seen, seed)}
    if champion is not None:
        found[CHAMPION] = lambda seen: fit_amount(champion.spec, seen, seed)
    found[RIDGE] = lambda seen: fit_linear(spec, seen)
    found[PLAIN] = lambda seen: _Plain(fit_plain(spec, seen, seed, share_of(seen, least_scale(spec, seen))))
    return found


def _said(
    data: AmountDataset,
    split: TimeSplit,
    learners: Mapping[str, Callable[[AmountDataset], _Fitted]],
    fold_count: int,
    seed: int,
) -> Mapping[str, _Said]:
    told = {name: np.full((2, len(data.y)), np.nan) for name in learners}
    for part in split.parts(data, fold_count, seed):
        seen, own = data.rows(part.fit), np.setdiff1d(split.fit, part.fit)
        for name, learn in learners.items():
            fitted = learn(seen)
            for at, rows in enumerate((part.test, own)):
                if len(rows):
                    told[name][at, rows] = fitted.share(data.rows(rows))
    return {name: _Said(both[0, split.test], both[1, split.fit]) for name, both in told.items()}


def _figures(observed: Floats, expected: Floats) -> Callable[[Floats], Floats]:
    """R² and the mean absolute error of weighed rows."""

    def figures(weight: Floats) -> Floats:
        total = max(float(weight.sum()), 1e-300)
        mean = float(weight @ observed) / total
        spread = float(weight @ (observed - mean) ** 2)
        explained = 1.0 - float(weight @ (observed - expected) ** 2) / spread if spread > 0 else 0.0
        return np.array([explained, float(weight @ np.abs(observed - expected)) / total])

    return figures


def _cells(rows: AmountDataset, observed: Floats, expected: Floats, seed: int) -> tuple[AmountCell, ...]:
    bands = np.empty(len(expected), dtype=np.int64)
    bands[np.argsort(expected, kind="stable")] = np.arange(len(expected)) * BAND_COUNT // max(len(expected), 1)
    kinds = {
        "overall": (("all",), np.zeros_like(bands)),
        "band": (tuple(f"fifth {at + 1}" for at in range(BAND_COUNT)), bands),
        "action": actions_of(rows),
        "month": months_of(rows),
    }
    return tuple(
        _cell(kind, word, observed[inside], expected[inside], rows.groups[inside], seed)
        for kind, found in kinds.items()
        if found is not None
        for at, word in enumerate(found[0])
        if (inside := found[1] == at).any()
    )


def _cell(kind: str, word: str, observed: Floats, expected: Floats, groups: Integers, seed: int) -> AmountCell:
    def mean(weight: Floats) -> Floats:
        return np.array([float(weight @ observed) / max(float(weight.sum()), 1e-300)])

    once, draws = resampled(mean, groups, seed)
    return AmountCell.model_validate(
        {
            "by": kind,
            "cell": word,
            "row_count": len(observed),
            "expected_ratio": float(expected.mean()),
            "observed_ratio": percentiles(float(once[0]), draws[:, 0]),
        }
    )

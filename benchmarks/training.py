"""Training on a million rows: ours with calibration, signs and slope of the raise, beside LightGBM as it comes."""

from collections.abc import Callable, Iterator
from resource import RUSAGE_SELF, getrusage

import lightgbm as lgb
import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.rows import Row
from training.dataset import Dataset
from training.fitting import fit_model
from training.plain_boosting import fit_plain
from training.report.peers import Fitted
from training.specs import SPECS

__all__ = ["rows"]

ROWS, INPUTS, SEED = 1_000_000, 40, 1
SPEC = SPECS["card_default"]
BAR = 2.0


def rows() -> Iterator[Row]:
    """Processor seconds of one fit each, on one thread, and what the fits are worth on as many rows of others."""
    learnt, judged = _drawn(ROWS, SEED), _drawn(ROWS // 10, SEED + 1)
    with threadpool_limits(limits=1):
        ours, our_seconds = _timed(lambda: fit_model(SPEC, learnt, SEED))
        rival, rival_seconds = _timed(lambda: fit_plain(SPEC, learnt, SEED))
    losses = [_log_loss(judged, one.probability(judged)) for one in (ours, rival)]
    ratio = our_seconds / rival_seconds
    yield Row(
        name=f"training on {ROWS:,} rows",
        ours=round(our_seconds, 1),
        rival=round(rival_seconds, 1),
        ratio=round(ratio, 2),
        bar=f"<={BAR:g}",
        ok=ratio <= BAR,
        note=f"processor seconds of one fit on one thread, {INPUTS} inputs; ours fits {3 * SPEC.inner_fold_count} more "
        "boosters out of fold, for the score, for what inputs expect of the raise, and for the calibration beside its "
        "slope, and keeps its monotone signs; rival: "
        f"LightGBM {lgb.__version__} as it comes; log-loss on others {losses[0]:.5f} and {losses[1]:.5f}",
    )


def _drawn(count: int, seed: int) -> Dataset:
    """Card holders with the names of the spec's constrained features, so that its signs hold something."""
    draw = np.random.default_rng(seed)
    named = [*SPEC.rising, *SPEC.falling]
    names = (*named, *(f"other_{at}" for at in range(INPUTS - len(named))))
    x = draw.normal(size=(count, INPUTS))
    x[draw.random((count, INPUTS)) < 0.05] = np.nan
    known = np.nan_to_num(x)
    odds = -4.5 + 0.5 * known[:, : len(SPEC.rising)].sum(axis=1) / 2 - 0.4 * known[:, len(SPEC.rising)]
    raised = np.where(draw.random(count) < 0.2, draw.choice([0.1, 0.25, 0.5, 1.0], count), 0.0)
    odds = odds + 0.4 * np.log1p(raised)
    numbers = np.arange(count)
    return Dataset(
        name=SPEC.name,
        feature_names=names,
        offer_attributes=(),
        x=x,
        y=(draw.random(count) < 1 / (1 + np.exp(-odds))).astype(np.int64),
        groups=numbers,
        cases=numbers,
        principal_amt=raised * 1e6,
        scale_amt=np.full(count, 1e6),
    )


def _timed(fit: Callable[[], Fitted]) -> tuple[Fitted, float]:
    began = getrusage(RUSAGE_SELF).ru_utime
    fitted = fit()
    return fitted, getrusage(RUSAGE_SELF).ru_utime - began


def _log_loss(rows: Dataset, probability: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    kept = np.clip(probability, 1e-9, 1 - 1e-9)
    return float(-np.mean(np.where(rows.y == 1, np.log(kept), np.log1p(-kept))))

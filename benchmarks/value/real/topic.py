"""The rows of real data: Karlan and Zinman's experiment, a Portuguese bank's calls, a Czech bank's loans."""

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.rows import Row
from benchmarks.value.real.berka import berka_default
from benchmarks.value.real.campaigns import BEGINS, FOLDS, MODELS, figures_by_fold, imported, in_time, out_of_fold
from benchmarks.value.real.slopes import slopes_by_band
from benchmarks.value.task import Answers, Figures, Task, Topic
from linewise.core.settings import checkout_dir
from linewise.quality.intervals import Measured, corrected_resampled

__all__ = ["TOPIC"]

DATA = checkout_dir().parent / "shared" / "data"
LETTERS, CALLS, LOANS = "karlan_zinman_credit_offers", "uci_bank_marketing", "berka"
BANDS = ("LOW", "MEDIUM", "HIGH")
SEED = 1
NORMAL_95 = 1.96
FULL_REPEATS, QUICK_REPEATS = 10, 2


def letters(source: Path) -> Figures:
    """The experiment on the price of credit, out of fold."""
    data, columns = imported("karlan_zinman", source)
    found, fold_of = out_of_fold(data, columns, SEED)
    figures = dict(figures_by_fold(data, found, fold_of))
    measured = slopes_by_band(data, columns, data.y.astype(np.float64))
    for name in MODELS:
        told = slopes_by_band(data, columns, found[name])
        figures |= {f"{name}_slope_{band}": told[band][0] for band in BANDS}
    for band, (slope, error) in measured.items():
        figures |= {f"experiment_slope_{band}": slope, f"experiment_error_{band}": error}
    return figures


def calls(source: Path) -> Figures:
    """The calls, on random folds."""
    data, columns = imported("uci_bank_marketing", source)
    found, fold_of = out_of_fold(data, columns, SEED)
    return figures_by_fold(data, found, fold_of)


def calls_in_time(source: Path) -> Figures:
    """The calls, each tenth of the later half judged by what went before."""
    return in_time(*imported("uci_bank_marketing", source), SEED)


def _tasks() -> Iterator[Task]:
    if (DATA / LETTERS).is_dir():
        yield Task("letters", "Karlan-Zinman", 53_810, SEED, partial(letters, DATA / LETTERS), is_quick=True)
    if (DATA / CALLS).is_dir():
        yield Task("calls", "UCI bank marketing", 41_188, SEED, partial(calls, DATA / CALLS), is_quick=True)
        yield Task(
            "calls in time", "UCI bank marketing", 41_188, SEED, partial(calls_in_time, DATA / CALLS), is_quick=True
        )
    if (DATA / LOANS).is_dir():
        yield Task(
            "loans", "Berka", 682, SEED, partial(berka_default, DATA / LOANS, QUICK_REPEATS, SEED), is_quick=True
        )
        yield Task("loans, every repeat", "Berka", 682, SEED, partial(berka_default, DATA / LOANS, FULL_REPEATS, SEED))


def _rows(answers: Answers) -> Iterator[Row]:
    by_name = {task.name: figures for task, figures in answers.items()}
    if "letters" in by_name:
        yield _beside("Karlan-Zinman, AUC", by_name["letters"], "auc")
        yield _beside("Karlan-Zinman, log-loss", by_name["letters"], "log_loss", sign=-1)
        yield _slope_row(by_name["letters"])
    if "calls" in by_name:
        yield _beside("UCI bank marketing, random folds, AUC", by_name["calls"], "auc")
        yield _beside("UCI bank marketing, random folds, area under lift", by_name["calls"], "lift_area")
        yield _beside("UCI bank marketing, time order, AUC", by_name["calls in time"], "auc", parts=len(BEGINS))
    if loans := by_name.get("loans, every repeat", by_name.get("loans")):
        yield _loans_row(loans)
    if not by_name:
        print(f"No real data in {DATA}: their rows are left out.", file=sys.stderr)


def _beside(name: str, figures: Figures, figure: str, sign: int = 1, parts: int = FOLDS) -> Row:
    """Ours beside the better of the peers, with the interval of the difference over the parts."""
    of = {model: np.array([figures[f"{model}_{figure}_{part}"] for part in range(parts)]) for model in MODELS}
    peer = max(MODELS[1:], key=lambda model: sign * float(of[model].mean()))
    gap = corrected_resampled(sign * (of["ours"] - of[peer]), 1 / (parts - 1))
    means = {model: round(float(values.mean()), 4) for model, values in of.items()}
    return Row(
        name, means["ours"], means[peer], round(gap.value, 4), ">=0", gap.high >= 0,
        f"{_word(gap)} {peer}, by {gap.value:+.4f} [{gap.low:+.4f}, {gap.high:+.4f}]; all: {_listed(means)}",
    )  # fmt: skip


def _word(gap: Measured) -> str:
    if gap.low > 0:
        return "ahead of"
    return "equal within the interval to" if gap.high >= 0 else "behind"


def _listed(means: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value}" for name, value in means.items())


def _slope_row(figures: Figures) -> Row:
    """How many bands' slopes have the experiment's sign and lie in its own 95% interval."""
    told, held = [], dict.fromkeys(MODELS, 0)
    for band in BANDS:
        slope, error = figures[f"experiment_slope_{band}"], figures[f"experiment_error_{band}"]
        for name in MODELS:
            theirs = figures[f"{name}_slope_{band}"]
            held[name] += theirs * slope > 0 and abs(theirs - slope) <= NORMAL_95 * error
        told.append(f"{band} {figures[f'ours_slope_{band}']:+.5f} beside {slope:+.5f} ± {NORMAL_95 * error:.5f}")
    return Row(
        "Karlan-Zinman, slope of take-up in the rate", held["ours"], max(held["logistic"], held["lightgbm"]),
        held["ours"], f">={len(BANDS)}", held["ours"] == len(BANDS),
        "bands of three in the experiment's interval and with its sign, out of fold; per point of the monthly rate: "
        + "; ".join(told),
    )  # fmt: skip


def _loans_row(figures: Figures) -> Row:
    low, high = figures["difference_low"], figures["difference_high"]
    gap = Measured(value=figures["difference_value"], low=low, high=high)
    return Row(
        "Berka, AUC of default", round(figures["model_value"], 4), round(figures["logistic_value"], 4),
        round(gap.value, 4), ">=0", high >= 0,
        f"{_word(gap)} the logistic regression at {figures['defaults']:.0f} defaults: {gap}; "
        f"ours [{figures['model_low']:.3f}, {figures['model_high']:.3f}], "
        f"theirs [{figures['logistic_low']:.3f}, {figures['logistic_high']:.3f}]",
    )  # fmt: skip


TOPIC = Topic("Real data", tuple(_tasks()), _rows)

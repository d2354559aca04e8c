"""The panels of the bank's picture: one function each, the simulated figure beside the published one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from matplotlib.dates import ConciseDateFormatter, MonthLocator

from linewise.core.money import to_major
from linewise.simulation.report import answers, spending, use
from linewise.simulation.report.calibration import Report, Row
from linewise.simulation.report.sample import EFFECT_MONTHS
from linewise.simulation.report.sums import Floats, Sums, Totals, jackknifed
from linewise.simulation.world import World

__all__ = ["PANELS", "Pictured"]

Axes = Any
_OURS, _THEIRS, _QUIET = "#2b5c8a", "#c8702a", "0.75"
_MILLION = 1e6
_SHOWN_GROUPS = 6
_DAYS_SHOWN = 365
_ERRORS = 3.0
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Pictured:
    """What the panels draw: one world, its sums and its report."""

    world: World
    sums: Sums
    report: Report

    @cached_property
    def totals(self) -> Totals:
        """Over all customers."""
        return self.sums.totals()

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """The report's rows by id."""
        return {row.id: row for row in self.report.rows}

    @cached_property
    def million_amt(self) -> float:
        """A million of the bank's currency in minor units."""
        return _MILLION / float(to_major(1, self.currency))

    @property
    def currency(self) -> str:
        """The bank's."""
        return self.world.calendar.currency

    @property
    def dates(self) -> list[date]:
        """The days of the data."""
        calendar = self.world.calendar
        return [_EPOCH + timedelta(days=day) for day in range(calendar.first_day, calendar.last_day + 1)]


def _spending_by_month(axes: Axes, it: Pictured) -> None:
    daily = spending.by_day(it.totals, it.world) / it.million_amt
    month_of_day = np.array([(one.year - it.dates[0].year) * 12 + one.month - it.dates[0].month for one in it.dates])
    monthly = np.stack([np.bincount(month_of_day, weights=row) for row in daily])
    names = [group.name.replace("_", " ") for group in it.world.profile.merchant_groups]
    order = np.argsort(-monthly.sum(axis=1), kind="stable")
    shown = [*monthly[order[:_SHOWN_GROUPS]], monthly[order[_SHOWN_GROUPS:]].sum(axis=0)]
    labels = [*(names[at] for at in order[:_SHOWN_GROUPS]), "other"]
    begins = [it.world.calendar.month_begin(month) for month in range(monthly.shape[1])]
    shades = [(0.17 + 0.11 * k, 0.36 + 0.09 * k, 0.54 + 0.06 * k) for k in range(_SHOWN_GROUPS)]
    base = np.zeros(monthly.shape[1])
    for label, values, colour in zip(labels, shown, [*shades, _QUIET], strict=True):
        axes.bar(begins, values, width=24, bottom=base, label=label, color=colour)
        base = base + values
    _date_axis(axes)
    axes.set(title="Card spending by month and kind of shop", ylabel=f"million {it.currency}, last month unfinished")
    axes.set_ylim(0, 1.35 * float(base.max()))
    axes.legend(ncols=3, fontsize=7, loc="upper left", frameon=False)


def _spending_by_day(axes: Axes, it: Pictured) -> None:
    daily = spending.by_day(it.totals, it.world)[:, -_DAYS_SHOWN:]
    dates = it.dates[-_DAYS_SHOWN:]
    shops = [group.name for group in it.world.profile.merchant_groups]
    online = daily[shops.index("ecommerce")]
    for label, values, colour in (("all", daily.sum(axis=0), _OURS), ("online shopping", online, _THEIRS)):
        axes.plot(dates, values / np.median(values), label=label, color=colour, linewidth=0.9)
    axes.axhline(1.0, color=_QUIET, linewidth=0.8)
    _date_axis(axes)
    axes.set(title="Card spending by day, the last year", ylabel="multiple of the median day")
    axes.legend(frameon=False, fontsize=8)


def _types(axes: Axes, it: Pictured) -> None:
    _pairs(axes, it, ["transactor_share", "revolver_share", "switcher_share"], ["pay in full", "carry debt", "switch"])
    axes.set(title="Active customers by type", ylabel="share of customers")


def _utilisation(axes: Axes, it: Pictured) -> None:
    counts = it.totals["utilisation_count"].reshape(-1, use.UTILISATION_BINS).sum(axis=0)
    wide = 50
    grouped = counts[: wide * (use.UTILISATION_BINS // wide)].reshape(-1, wide).sum(axis=1)
    edges = use.BIN_RATIO * wide * np.arange(len(grouped))
    axes.bar(edges, grouped / max(counts.sum(), 1), width=use.BIN_RATIO * wide, align="edge", color=_OURS)
    for share in (0.5, 0.75, 0.9):
        here = use.utilisation_quantile(it.totals, it.world, share)
        axes.axvline(here, color="black", linewidth=0.9)
        axes.annotate(f"p{share * 100:.0f}", (here, 1.0), xycoords=("data", "axes fraction"), fontsize=8, ha="center")
        row = it.rows.get(f"utilisation_p{share * 100:.0f}")
        if row is not None:
            axes.axvline(row.published, color=_THEIRS, linewidth=0.9, linestyle="--", label="published")
    axes.set(title="Utilisation of active accounts\n", xlabel="balance of the statement by limit", ylabel="share")
    use_row = it.rows.get("line_use")
    if use_row is not None and use_row.simulated is not None:
        axes.text(
            0.2, 0.8, f"all debt by all lines {use_row.simulated:.3f}, published {use_row.published:.3f}",
            transform=axes.transAxes, fontsize=9, bbox={"facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip


def _rolls(axes: Axes, it: Pictured) -> None:
    first = f"roll_0_{it.world.country}"
    ids = [first, *(f"roll_{bucket}" for bucket in range(1, 7))]
    _pairs(axes, it, ids, [f"M{bucket}" for bucket in range(7)])
    axes.set(title="Accounts rolling one bucket on, a month", xlabel="unpaid minimums", ylabel="share of accounts")


def _defaults(axes: Axes, it: Pictured) -> None:
    ids = [f"default_0_{it.world.country}", "default_1", "default_2", "default_3"]
    _pairs(axes, it, ids, [f"M{bucket}" for bucket in range(4)])
    axes.set(
        title="90 days overdue within twelve months", xlabel="unpaid minimums at the start", ylabel="share of accounts"
    )


def _borrowed_by_band(axes: Axes, it: Pictured) -> None:
    ids = [f"borrowed_{band}{kind}" for kind in ("", "_revolvers") for band in answers.BANDS]
    _pairs(axes, it, ids, [f"{band}\n{kind}" for kind in ("all", "revolv.") for band in answers.BANDS])
    axes.set(title="Borrowed of a unit of new limit in twelve months", ylabel="ratio, by quarter of risk")


def _path(axes: Axes, it: Pictured) -> None:
    months = np.arange(1, EFFECT_MONTHS + 1)
    found = jackknifed(it.sums, *[lambda totals, at=at: float(answers.borrowed_path(totals)[at]) for at in months - 1])
    values = np.array([one.value for one in found])
    errors = _ERRORS * np.array([one.standard_error for one in found])
    axes.plot(months, values, color=_OURS, label="simulated, 3 standard errors")
    axes.fill_between(months, values - errors, values + errors, color=_OURS, alpha=0.2, linewidth=0)
    axes.plot([3, 36], [0.39 * values[-1], values[-1]], "D", color=_THEIRS, label="published share of the end")
    axes.set(title="The answer to a raise over three years", xlabel="months since", ylabel="borrowed of the new limit")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False, fontsize=8, loc="lower right")


def _naive_and_true(axes: Axes, it: Pictured) -> None:
    effects = it.report.limit_effects
    for at, effect in enumerate(effects):
        axes.text(0.02, at - 0.3, effect.title, transform=axes.get_yaxis_transform(), fontsize=8)
        if effect.borrowed_ratio is None or effect.borrowed_standard_error is None:
            continue
        colour = _OURS if effect.title.startswith("true") else _THEIRS
        axes.errorbar(
            effect.borrowed_ratio, at, xerr=_ERRORS * effect.borrowed_standard_error, fmt="o", color=colour, capsize=3
        )
    axes.set_ylim(len(effects) - 0.5, -0.7)
    axes.set_yticks([])
    axes.axvline(0.0, color=_QUIET, linewidth=0.8)
    axes.set(
        title="What the bank's raises did: seen (orange) and true (blue)",
        xlabel="borrowed of a unit of new limit, a year later, 3 standard errors",
    )


def _pairs(axes: Axes, it: Pictured, ids: Sequence[str], labels: Sequence[str]) -> None:
    """Simulated bars with three standard errors, the published figures and their tolerances as marks."""
    rows = [it.rows[name] for name in ids]
    at = np.arange(len(rows))
    simulated = _numbers([row.simulated for row in rows])
    errors = _ERRORS * _numbers([row.standard_error for row in rows])
    axes.bar(at, simulated, width=0.6, color=_OURS, label="simulated, 3 standard errors")
    axes.errorbar(at, simulated, yerr=errors, fmt="none", color="black", capsize=2, linewidth=0.8)
    published = [row.published for row in rows]
    axes.errorbar(
        at + 0.15, published, yerr=[row.tolerance for row in rows], fmt="D", markersize=4, color=_THEIRS, capsize=3,
        linewidth=1.0, label="published, tolerance",
    )  # fmt: skip
    axes.set_xticks(at, labels, fontsize=8)
    axes.legend(frameon=False, fontsize=8)


def _numbers(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _date_axis(axes: Axes) -> None:
    locator = MonthLocator(interval=3)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


PANELS: tuple[Callable[[Axes, Pictured], None], ...] = (
    _spending_by_month, _spending_by_day, _types,
    _utilisation, _rolls, _defaults,
    _borrowed_by_band, _path, _naive_and_true,
)  # fmt: skip
"""From left to right and top to bottom."""

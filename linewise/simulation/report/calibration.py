"""The calibration report: each published figure beside the simulated one, judged where there are enough customers."""

import math
from collections.abc import Callable
from functools import partial
from typing import Literal

from pydantic import BaseModel, ConfigDict

from linewise.simulation.report import answers, naive
from linewise.simulation.report.measures import MEASURES, measured
from linewise.simulation.report.sample import reviewed_months
from linewise.simulation.report.sums import Estimate, Sums, Totals, jackknifed
from linewise.simulation.report.targets import Grade, LeftOut, Target, Unit, left_out, targets_of
from linewise.simulation.world import World

__all__ = ["JUDGED_FROM", "LimitEffect", "Report", "Row", "calibration_report", "report_of"]

JUDGED_FROM = 100_000
"""Customers from which a figure out of range is a fault: with fewer a perfect generator fails by luck."""
_STANDARD_ERRORS = 3.0
_NOT_MEASURED = Estimate(math.nan, math.nan)
_CALIBRATED_WORLDS = ("base", "dirty", "tiny")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Row(_Part):
    """One published figure beside the simulated one.

    tolerance is the larger of the stated one and three standard errors. is_in_range is None where no verdict
    is given: not measured (simulated is None), too few customers, or a world that was made to differ.
    """

    id: str
    title: str
    unit: Unit
    bound: Literal["about", "at_least"]
    published: float
    simulated: float | None
    standard_error: float | None
    tolerance: float
    is_in_range: bool | None
    grade: Grade
    source: str
    note: str


class LimitEffect(_Part):
    """What a raise did by one way of looking: borrowed of a unit of new limit, and defaults added by a raise."""

    title: str
    borrowed_ratio: float | None
    borrowed_standard_error: float | None
    default_added: float | None
    default_standard_error: float | None


class Report(_Part):
    """The calibration of one world. is_judged: whether a figure out of range counts as a fault."""

    bank: str
    customer_count: int
    is_judged: bool
    reason_not_judged: str
    rows: tuple[Row, ...]
    limit_effects: tuple[LimitEffect, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def out_of_range(self) -> tuple[Row, ...]:
        """The rows judged to be out of range."""
        return tuple(row for row in self.rows if row.is_in_range is False)


def calibration_report(world: World, *, workers: int = 1, advance: Callable[[int], None] | None = None) -> Report:
    """The world measured and compared; no bank is written. advance is told how many customers were done."""
    return report_of(world, measured(world, workers=workers, advance=advance))


def report_of(world: World, sums: Sums) -> Report:
    """The comparison of sums that were measured before."""
    reason = _reason_not_judged(world)
    targets = targets_of(world.country)
    asked = [target for target in targets if world.month_count >= target.needs_months]
    figures = [partial(_figure, target, world) for target in asked]
    found = dict(zip([target.id for target in asked], jackknifed(sums, *figures), strict=True))
    return Report(
        bank=world.bank_name,
        customer_count=world.customer_count,
        is_judged=not reason,
        reason_not_judged=reason,
        rows=tuple(_row(target, found.get(target.id), is_judged=not reason) for target in targets),
        limit_effects=_limit_effects(world, sums),
        left_out=left_out(),
    )


def _reason_not_judged(world: World) -> str:
    if world.name not in _CALIBRATED_WORLDS:
        return f"the world {world.name} was made to differ from the published figures"
    if world.customer_count < JUDGED_FROM:
        return f"{world.customer_count:,} customers are too few to judge; {JUDGED_FROM:,} are enough"
    return ""


def _figure(target: Target, world: World, totals: Totals) -> float:
    return MEASURES[target.measure](totals, world, **target.of)


def _row(target: Target, estimate: Estimate | None, *, is_judged: bool) -> Row:
    tolerance, note, verdict = target.tolerance.of(target.value), target.note, None
    is_measured = estimate is not None and math.isfinite(estimate.value) and math.isfinite(estimate.standard_error)
    if estimate is None:
        note = f"Needs {target.needs_months} months of data."
    elif not is_measured:
        note = "These lives hold too little to measure it on."
    else:
        tolerance = max(tolerance, _STANDARD_ERRORS * estimate.standard_error)
        verdict = estimate.value >= target.value - tolerance
        verdict = verdict and (target.bound == "at_least" or estimate.value <= target.value + tolerance)
        if not is_judged and not verdict:
            verdict = None
    return Row(
        id=target.id,
        title=target.title,
        unit=target.unit,
        bound=target.bound,
        published=target.value,
        simulated=estimate.value if estimate is not None and is_measured else None,
        standard_error=estimate.standard_error if estimate is not None and is_measured else None,
        tolerance=tolerance,
        is_in_range=verdict,
        grade=target.grade,
        source=target.source,
        note=note,
    )


_WAYS: tuple[tuple[str, Callable[..., float]], ...] = (
    ("naive: raised by the rule less not raised", naive.naive_effect),
    ("adjusted for what the bank sees", naive.adjusted_effect),
    ("true, of those raised by the rule", partial(naive.true_effect, kind="rule")),
    ("randomised slice: raised less held", naive.randomised_effect),
    ("true, of those raised in the slice", partial(naive.true_effect, kind="random")),
    ("true, of a quarter more for all in use and not overdue", answers.effect_on_everybody),
)


def _limit_effects(world: World, sums: Sums) -> tuple[LimitEffect, ...]:
    if not reviewed_months(world):
        return tuple(_effect(title, _NOT_MEASURED, _NOT_MEASURED) for title, _ in _WAYS)
    figures = [partial(way, outcome=outcome) for _, way in _WAYS for outcome in naive.OUTCOMES]
    estimates = iter(jackknifed(sums, *figures))
    return tuple(_effect(title, next(estimates), next(estimates)) for title, _ in _WAYS)


def _effect(title: str, borrowed: Estimate, default: Estimate) -> LimitEffect:
    return LimitEffect(
        title=title,
        borrowed_ratio=_told(borrowed.value),
        borrowed_standard_error=_told(borrowed.standard_error),
        default_added=_told(default.value),
        default_standard_error=_told(default.standard_error),
    )


def _told(value: float) -> float | None:
    return value if math.isfinite(value) else None

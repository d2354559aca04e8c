"""What a campaign has brought beside its control, as figures: by intention to treat, whoever was reached."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import numpy.typing as npt
from pydantic import computed_field

from linewise.core.errors import UsageError
from linewise.quality.calibration import Cell, cell_of, ece_of
from linewise.quality.curves import Figures
from linewise.quality.intervals import Measured, wilson
from linewise.quality.lift import Lift, Moments, lift_of, mean_difference
from linewise.quality.power import ALPHA, POWER, detectable_effect
from linewise.quality.sample_ratio import SampleRatio, sample_ratio
from linewise.quality.tiles import TileTable, tile_table, uplift_at
from linewise.quality.uplift import Uplift, uplift_of
from serving.campaigns.plan.files import Plan
from serving.campaigns.reporting.following import Followed, Groups
from serving.campaigns.reporting.responses import ResponsesRead
from serving.campaigns.reporting.roll_rates import RollRates

__all__ = ["Forecast", "LiftReport", "Money", "Part", "Rates", "lift_report"]

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

UPLIFT_SHARES = (0.1, 0.2, 0.3)


class Part(Figures):
    """The lift of a part of the list: an offer, a channel or a segment."""

    by: str
    part: str
    lift: Lift


class Forecast(Figures):
    """A figure as it was planned and as it came, the latter with an interval; unit: count, share or money."""

    figure: str
    unit: str
    planned: float
    actual: Measured

    @computed_field  # type: ignore[prop-decorator]
    @property
    def holds(self) -> bool:
        """Whether the plan lies in the interval of what came."""
        return self.actual.low <= self.planned <= self.actual.high


class Money(Figures):
    """What treating brought beyond not treating, in minor units of the whole treated arm.

    value_amt: of the responses that treating added; profit_amt: the same less what contacts cost, each customer's
    response less each customer's cost; the interval is Welch's. cost_amt is what was planned for whom the export sent.
    """

    value_amt: Measured
    cost_amt: float
    profit_amt: Measured


class Rates(Figures):
    """Both arms' shares of customers to whom something happened, and the difference."""

    treated: Measured
    control: Measured
    difference: Measured
    treated_count: int
    control_count: int


class LiftReport(Figures):
    """All that the report says; followed_ratio: the share of customers whose days of response are over.

    deciles, uplift, calibration are by the plan's tenths and probabilities. uplift_at: by share of the list.
    other_orders: of what the campaign did not offer to the customer: below zero it took them away from there.
    heard_same, heard_other: who heard of the offer, or of another one, otherwise than by the campaign. warnings say why
    a figure is not to be trusted, notes how it is to be read.
    """

    campaign_id: str
    title: str
    made_at: datetime
    plan_sha256: str
    currency: str
    first_day: str
    last_day: str
    response_days: int
    followed_ratio: float
    sent_count: int | None
    read: ResponsesRead | None
    sample_ratio: SampleRatio | None
    lift: Lift | None
    detectable_effect: float | None
    money: Money | None
    forecasts: tuple[Forecast, ...]
    parts: tuple[Part, ...]
    deciles: TileTable
    uplift: Uplift | None
    uplift_at: dict[str, float | None]
    calibration: tuple[Cell, ...]
    ece: Measured | None
    brier: float | None
    other_orders: Rates
    heard_same: Rates
    heard_other: Rates
    complaints: Rates
    opt_outs: Rates
    roll_rates: RollRates | None
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def lift_report(
    plan: Plan, found: Followed, made_at: datetime, seed: int, roll_rates: RollRates | None = None
) -> LiftReport:
    """The report of a plan and of what became of its customers; raises UsageError where nobody was on the list."""
    if not len(found):
        raise UsageError(f"Nobody was on the list of {plan.campaign_id}.", "A campaign with customers was expected.")
    is_treated, y = found.is_treated, found.has_responded.astype(np.int64)
    treated, control = int(is_treated.sum()), int((~is_treated).sum())
    both = treated > 0 and control > 0
    lift = _lift(found, np.ones(len(found), dtype=np.bool_))
    # Of an arm of one nobody knows how much its members differ.
    money = _money(found) if min(treated, control) > 1 else None
    ratio = plan.brief.holdout.control_ratio
    chance = np.full(len(found), treated / len(found))
    everybody = np.arange(len(found))
    report = LiftReport(
        campaign_id=plan.campaign_id,
        title=plan.brief.title,
        made_at=made_at,
        plan_sha256=plan.plan_sha256,
        currency=str(plan.told["currency"]),
        first_day=plan.brief.window.first_day.isoformat(),
        last_day=plan.brief.window.last_day.isoformat(),
        response_days=plan.brief.response_days,
        followed_ratio=float(found.is_over.mean()),
        sent_count=None if found.was_sent is None else int(found.was_sent.sum()),
        read=found.read,
        sample_ratio=sample_ratio(treated, control, ratio) if 0.0 < ratio < 1.0 else None,
        lift=lift,
        detectable_effect=detectable_effect(lift.control.value, treated, control, ALPHA, POWER) if lift else None,
        money=money,
        forecasts=_forecasts(found, lift, money),
        parts=_parts(found),
        deciles=tile_table(found.decile, y, is_treated, found.propensity),
        uplift=uplift_of(y, is_treated.astype(np.int64), chance, found.uplift, everybody, seed) if both else None,
        uplift_at={f"{share:g}": uplift_at(share, found.uplift, y, is_treated) for share in UPLIFT_SHARES},
        calibration=_calibration(found),
        ece=ece_of(y[is_treated], found.propensity[is_treated], everybody[is_treated], seed) if treated else None,
        brier=float(((found.propensity - y)[is_treated] ** 2).mean()) if treated else None,
        other_orders=_rates(found, found.has_ordered_other),
        heard_same=_rates(found, found.has_heard_same),
        heard_other=_rates(found, found.has_heard_other),
        complaints=_rates(found, found.has_complained),
        opt_outs=_rates(found, found.has_opted_out),
        roll_rates=roll_rates,
        warnings=(),
        notes=_notes(plan, found),
    )
    return report.model_copy(update={"warnings": tuple(_warnings(report))})


def _lift(found: Followed, rows: Bools) -> Lift | None:
    """The lift of these customers (n_customers,); None where an arm has nobody."""
    treated, control = rows & found.is_treated, rows & ~found.is_treated
    if not treated.any() or not control.any():
        return None
    hits = [int(found.has_responded[arm].sum()) for arm in (treated, control)]
    return lift_of(hits[0], int(treated.sum()), hits[1], int(control.sum()))


def _parts(found: Followed) -> tuple[Part, ...]:
    by: Mapping[str, Groups] = {"offer": found.offers, "channel": found.channels, "segment": found.segments}
    parts = [
        Part(by=kind, part=word, lift=lift)
        for kind, groups in by.items()
        if len(groups.words) > 1
        for place, word in enumerate(groups.words)
        if (lift := _lift(found, groups.place == place)) is not None
    ]
    return tuple(parts)


def _rates(found: Followed, happened: Bools) -> Rates:
    treated, control = found.is_treated, ~found.is_treated
    counts = [(int(happened[arm].sum()), int(arm.sum())) for arm in (treated, control)]
    arms = [wilson(*one) for one in counts]
    if all(of for _, of in counts):
        difference = lift_of(*counts[0], *counts[1]).absolute
    else:
        difference = Measured(value=0.0, low=-1.0, high=1.0)
    return Rates(
        treated=arms[0],
        control=arms[1],
        difference=difference,
        treated_count=counts[0][0],
        control_count=counts[1][0],
    )


def _costs(found: Followed) -> Floats:
    """What contacting each customer cost, (n_customers,): nothing of the control, nor of whom no export sent."""
    sent = found.is_treated if found.was_sent is None else found.is_treated & found.was_sent
    return np.where(sent, found.cost_amt, 0.0)


def _money(found: Followed) -> Money:
    worth = np.where(found.has_responded, found.order_amt, 0.0)
    cost, treated = _costs(found), found.is_treated
    count = int(treated.sum())

    def difference(of_each: Floats) -> Measured:
        one = mean_difference(Moments.of(of_each[treated]), Moments.of(of_each[~treated]))
        return Measured(**{end: getattr(one, end) * count for end in ("value", "low", "high")})

    return Money(value_amt=difference(worth), cost_amt=float(cost.sum()), profit_amt=difference(worth - cost))


def _exact(value: float) -> Measured:
    return Measured(value=value, low=value, high=value)


def _forecasts(found: Followed, lift: Lift | None, money: Money | None) -> tuple[Forecast, ...]:
    treated = found.is_treated
    count, cost = int(treated.sum()), float(_costs(found).sum())
    sent = float(count if found.was_sent is None else found.was_sent.sum())
    rate = wilson(int(found.has_responded[treated].sum()), count)
    planned_rate = float(found.propensity[treated].mean()) if count else 0.0
    rows = [
        ("customers contacted", "count", float(count), _exact(sent)),
        ("cost", "money", float(found.cost_amt[treated].sum()), _exact(cost)),
        ("response rate of the treated", "share", planned_rate, rate),
    ]
    if lift is not None and money is not None:
        added = float(found.uplift[treated].sum())
        value = float(found.value_amt[treated].sum())
        rows += [
            ("responses that treating adds", "count", added, lift.added_count),
            ("absolute lift", "share", added / count, lift.absolute),
            ("value that treating adds", "money", value, money.value_amt),
            ("incremental profit", "money", value - float(found.cost_amt[treated].sum()), money.profit_amt),
        ]
    return tuple(
        Forecast(figure=figure, unit=unit, planned=planned, actual=actual) for figure, unit, planned, actual in rows
    )


def _calibration(found: Followed) -> tuple[Cell, ...]:
    """What was expected of the treated, by tenths of the probability, beside what came."""
    rows = np.flatnonzero(found.is_treated)
    order = rows[np.argsort(found.propensity[rows], kind="stable")]
    parts = [part for part in np.array_split(order, 10) if len(part)]
    return tuple(
        cell_of("band", f"tenth {at}", found.has_responded[part].astype(np.int64), found.propensity[part], part)
        for at, part in enumerate(parts, start=1)
    )


def _notes(plan: Plan, found: Followed) -> tuple[str, ...]:
    if found.is_over.all():
        return ()
    return (
        f"Responses count for {plan.brief.response_days} days, which are over for {found.is_over.mean():.0%} of the "
        "customers: what is planned is for all of them, and what came is so far.",
    )


def _warnings(report: LiftReport) -> list[str]:
    told = []
    ratio = report.sample_ratio
    if ratio is not None and ratio.is_mismatched:
        told.append(
            f"The arms are not as they were drawn: {ratio.control_count:,} customers of the control where "
            f"{ratio.expected_control_count:,.0f} were expected. Something has put customers into, or out of, one arm "
            "alone. No figure below is to be trusted before that is found."
        )
    if report.lift is None:
        told.append("Without customers in both arms nothing can be said of lift: responses alone prove none.")
    if report.heard_same.control.low > 0.05:
        told.append(
            "Of the control, more than one in twenty heard of the offer elsewhere: the lift told is less than that of "
            "a contact beside none."
        )
    return told

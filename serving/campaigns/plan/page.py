"""The plan of a campaign as one HTML file that needs nothing else: what an approver reads before anything goes out."""

from collections.abc import Mapping, Sequence
from typing import Any

from linewise.quality.power import ALPHA, POWER
from serving.campaigns.pages.charts import Chart, Line, Spot, columns, lines
from serving.campaigns.pages.environment import environment, shown_amount, shown_count, shown_share
from serving.campaigns.plan.deciles import ExpectedDecile, expected_deciles
from serving.campaigns.plan.files import Plan

__all__ = ["page"]

SMALL_GROUP = 30
"""Groups of fewer customers have a share by chance; they are not held against the others."""

MADE_OF = ("plan_sha256", "brief_sha256", "list_sha256", "seed")


def page(plan: Plan) -> str:
    """The page; the same plan gives the same bytes. What plan.json does not say is left out of it."""
    told, deciles = plan.told, expected_deciles(plan)
    currency, depth = str(told["currency"]), told.get("profit_curve")
    return (
        environment()
        .get_template("plan.html")
        .render(
            campaign_id=plan.campaign_id,
            brief=plan.brief,
            told=told,
            currency=currency,
            arms=told.get("arms"),
            expected=told.get("expected"),
            detectable=_detectable(told.get("minimum_detectable_effect")),
            expected_lift=_expected_lift(deciles),
            notes=told.get("notes", ()),
            waterfall=_waterfall(told.get("waterfall", ())),
            global_holdout=told.get("global_holdout"),
            deciles=deciles,
            gain=_gain(deciles),
            lift=_lift(deciles),
            worth=_worth(deciles, currency),
            profit=_profit(depth, currency) if depth else None,
            depth=depth,
            quotas=[{"most": None, **one} for one in told.get("quotas", ())],
            days=_days(told.get("quotas", ())),
            funding=[{"amount_amt": None, **one} for one in told.get("funding", ())],
            calibration=_calibration(told.get("calibration", ())),
            fairness=_fairness(told.get("fairness", ())),
            preview=[_ordered(row) for row in told.get("preview", ())],
            made_of=[(name, told[name]) for name in MADE_OF if name in told]
            + sorted((name, _version(one)) for name, one in told.get("versions", {}).items()),
        )
    )


def _version(told: Any) -> str:
    """A version, or those of several things by name."""
    if isinstance(told, Mapping):
        return ", ".join(f"{name} {one}" for name, one in sorted(told.items()))
    return str(told)


def _detectable(given: Any) -> Mapping[str, Any] | None:
    if given is None:
        return None
    if isinstance(given, Mapping):
        return {"base_ratio": None, "alpha": ALPHA, "power": POWER, **given}
    return {"base_ratio": None, "effect_ratio": float(given), "alpha": ALPHA, "power": POWER}


def _expected_lift(deciles: Sequence[ExpectedDecile]) -> float | None:
    treated = sum(one.treated_count for one in deciles)
    return sum(one.added_responses for one in deciles) / treated if treated else None


def _waterfall(steps: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**one, "reasons": sorted(one.get("reasons", {}).items(), key=lambda pair: (-pair[1], pair[0]))}
        for one in steps
    ]


def _ordered(row: Mapping[str, Any]) -> dict[str, Any]:
    """Who it is first, for plan.json holds its keys by the alphabet."""
    return dict(sorted(row.items(), key=lambda pair: not pair[0].startswith("customer")))


def _shares(deciles: Sequence[ExpectedDecile]) -> list[float]:
    """The share of the treated down to each tenth, from nobody on."""
    total, reached, found = max(sum(one.treated_count for one in deciles), 1), 0, [0.0]
    for one in deciles:
        reached += one.treated_count
        found.append(reached / total)
    return found


def _gain(deciles: Sequence[ExpectedDecile]) -> Chart:
    drawn = [
        Line("in the order of priority", _shares(deciles), [0.0, *(one.cumulative_gain for one in deciles)]),
        Line("by chance", (0.0, 1.0), (0.0, 1.0), is_dashed=True),
    ]
    return lines(drawn, ("share of the list", "share of added responses"), (shown_share, shown_share))


def _lift(deciles: Sequence[ExpectedDecile]) -> Chart:
    mean = _expected_lift(deciles) or 0.0
    of_each = [one.added_rate / mean if mean else 0.0 for one in deciles]
    return columns(
        [str(one.decile) for one in deciles],
        [("of the tenth", of_each)],
        ("tenth of the list", "times the mean"),
        lambda value: f"{value:g}",
        line=("down to the tenth", [one.cumulative_lift for one in deciles]),
    )


def _worth(deciles: Sequence[ExpectedDecile], currency: str) -> Chart:
    return columns(
        [str(one.decile) for one in deciles],
        [("value", [one.value_amt for one in deciles]), ("cost", [one.cost_amt for one in deciles])],
        ("tenth of the list", currency),
        shown_amount(currency),
    )


def _profit(depth: Mapping[str, Any], currency: str) -> Chart:
    marks = [
        (float(depth[f"{name}_depth"]), word)
        for name, word in (("chosen", "chosen"), ("budget", "budget"), ("capacity", "capacity"))
        if depth.get(f"{name}_depth") is not None
    ]
    drawn = [Line("expected profit", depth["depths"], depth["profit_amt"])]
    return lines(drawn, ("customers, the most worth first", currency), (shown_count, shown_amount(currency)), marks)


def _days(quotas: Sequence[Mapping[str, Any]]) -> Chart:
    days, channels = (sorted({str(one[name]) for one in quotas}) for name in ("day", "channel"))
    planned = {(str(one["day"]), str(one["channel"])): float(one["count"]) for one in quotas}
    stacks = [(channel, [planned.get((day, channel), 0.0) for day in days]) for channel in channels]
    return columns([day[5:] for day in days], stacks, ("day", "contacts"), shown_count, is_stacked=True)


def _calibration(bands: Sequence[Mapping[str, Any]]) -> Chart | None:
    if not bands:
        return None
    spots = [Spot(one["expected_ratio"], one["observed_ratio"], one["low_ratio"], one["high_ratio"]) for one in bands]
    top = max(max(one.x, one.high) for one in spots)
    alike = Line("as expected", (0.0, top), (0.0, top), is_dashed=True)
    return lines(
        [alike], ("expected", "observed"), (shown_share, shown_share), spots=("observed, with 95% interval", spots)
    )


def _fairness(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ratios = [one["listed_count"] / max(one["audience_count"], 1) for one in groups]
    highest: dict[str, float] = {}
    for one, ratio in zip(groups, ratios, strict=True):
        if one["audience_count"] >= SMALL_GROUP:
            highest[one["attribute"]] = max(highest.get(one["attribute"], 0.0), ratio)
    return [
        {
            **one,
            "ratio": ratio,
            "of_highest": ratio / highest[one["attribute"]]
            if one["audience_count"] >= SMALL_GROUP and highest.get(one["attribute"])
            else None,
        }
        for one, ratio in zip(groups, ratios, strict=True)
    ]

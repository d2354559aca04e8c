"""The lift report as one HTML file that needs nothing else."""

from collections.abc import Sequence

from linewise.quality.tiles import Tile
from serving.campaigns.pages.charts import Chart, Line, Spot, columns, lines
from serving.campaigns.pages.environment import environment, shown_count, shown_share
from serving.campaigns.reporting.lift_report import LiftReport

__all__ = ["page"]


def page(report: LiftReport) -> str:
    """The page; the same report gives the same bytes."""
    tiles = report.deciles.tiles
    return (
        environment()
        .get_template("lift.html")
        .render(
            report=report,
            rates=_rates(tiles),
            gain=_gain(report),
            lift=_lift(tiles),
            qini=_qini(report),
            calibration=_calibration(report),
            added=_added(tiles),
        )
    )


def _labels(tiles: Sequence[Tile]) -> list[str]:
    return [str(one.tile) for one in tiles]


def _rates(tiles: Sequence[Tile]) -> Chart:
    stacks = [
        ("treated", [one.rate for one in tiles]),
        ("control", [one.control_rate or 0.0 for one in tiles]),
    ]
    planned = ("planned of the treated", [one.expected_rate for one in tiles])
    return columns(_labels(tiles), stacks, ("tenth of the list", "responded"), shown_share, line=planned)


def _gain(report: LiftReport) -> Chart:
    curve = report.deciles.gain_curve
    drawn = [
        Line("in the order of priority", curve.x, curve.y),
        Line("by chance", (0.0, 1.0), (0.0, 1.0), is_dashed=True),
    ]
    return lines(drawn, ("share of the treated", "share of responses"), (shown_share, shown_share))


def _lift(tiles: Sequence[Tile]) -> Chart:
    total = max(sum(one.treated_count for one in tiles), 1)
    mean = sum(one.treated_responses for one in tiles) / total
    return columns(
        _labels(tiles),
        [("of the tenth", [one.rate / mean if mean else 0.0 for one in tiles])],
        ("tenth of the list", "times the mean"),
        lambda value: f"{value:g}",
        line=("down to the tenth", [one.cumulative_lift for one in tiles]),
    )


def _qini(report: LiftReport) -> Chart | None:
    if report.uplift is None:
        return None
    curve = report.uplift.curve
    drawn = [
        Line("by uplift", curve.x, curve.y),
        Line("by chance", (0.0, 1.0), (0.0, curve.y[-1]), is_dashed=True),
    ]
    names = ("share of both arms, the highest uplift first", "responses added per customer")
    return lines(drawn, names, (shown_share, shown_share))


def _calibration(report: LiftReport) -> Chart:
    spots = [Spot(one.expected, one.observed.value, one.observed.low, one.observed.high) for one in report.calibration]
    top = max([max(one.x, one.high) for one in spots], default=1.0)
    alike = Line("as expected", (0.0, top), (0.0, top), is_dashed=True)
    told = ("observed, with 95% interval", spots)
    return lines([alike], ("expected response rate", "observed"), (shown_share, shown_share), spots=told)


def _added(tiles: Sequence[Tile]) -> Chart | None:
    """Responses added down to each tenth, by the published formula."""
    reached = [one.reached for one in tiles]
    if any(one is None for one in reached):
        return None
    share = [0.0, *_shares(tiles)]
    drawn = [
        Line("added (Qini down to the tenth)", share, [0.0, *(one.qini for one in reached if one is not None)]),
        Line("all responses of the treated", share, [0.0, *_cumulated(tiles)], is_dashed=True),
    ]
    return lines(drawn, ("share of the treated, by priority", "responses"), (shown_share, shown_count))


def _shares(tiles: Sequence[Tile]) -> list[float]:
    """The share of the treated down to each tenth."""
    total, reached, found = max(sum(one.treated_count for one in tiles), 1), 0, []
    for one in tiles:
        reached += one.treated_count
        found.append(reached / total)
    return found


def _cumulated(tiles: Sequence[Tile]) -> list[float]:
    reached, found = 0, []
    for one in tiles:
        reached += one.treated_responses
        found.append(float(reached))
    return found

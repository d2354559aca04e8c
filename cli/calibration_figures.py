"""The calibration report as a person reads it: each published figure beside the simulated one and its source."""

from typing import TYPE_CHECKING

from cli.console import say, show_table

if TYPE_CHECKING:
    from linewise.simulation.report.calibration import Report, Row
    from linewise.simulation.report.targets import Unit

__all__ = ["show_calibration"]

_LANGUAGE = "en"


def show_calibration(report: "Report", currency: str) -> None:
    """The figures with their sources by number, what a raise did by six ways of looking, and what is left out."""
    sources = list(dict.fromkeys(f"{row.source} [{row.grade}]" for row in report.rows))
    figures = [
        (
            row.title,
            _published(row, currency),
            _simulated(row, currency),
            _verdict(row),
            1 + sources.index(f"{row.source} [{row.grade}]"),
        )
        for row in report.rows
    ]
    columns = ("figure", "published", "simulated ± SE", "in range", "source")
    show_table(f"{report.bank} beside published figures", columns, figures)
    show_table("Sources", ("", "source"), list(enumerate(sources, start=1)))
    show_table("Notes", ("figure", "note"), [(row.title, row.note) for row in report.rows if row.note])
    effects = [
        (
            effect.title,
            _with_error(effect.borrowed_ratio, effect.borrowed_standard_error),
            _with_error(effect.default_added, effect.default_standard_error),
        )
        for effect in report.limit_effects
    ]
    show_table(
        "What a raise did in a year: the bank's data and the truth",
        ("way of looking", "borrowed of new limit ± SE", "defaults added ± SE"),
        effects,
    )
    show_table("Published, and not compared", ("figure", "why"), [(one.title, one.reason) for one in report.left_out])
    if report.reason_not_judged:
        say(f"Not judged: {report.reason_not_judged}.")


def _published(row: "Row", currency: str) -> str:
    value = _told(row.published, row.unit, currency)
    return f"at least {value}" if row.bound == "at_least" else f"{value} ± {_told(row.tolerance, row.unit, currency)}"


def _simulated(row: "Row", currency: str) -> str:
    return _with_error(row.simulated, row.standard_error, row.unit, currency)


def _verdict(row: "Row") -> str:
    if row.is_in_range is None:
        return "" if row.simulated is None else "not judged"
    return "yes" if row.is_in_range else "NO"


def _with_error(value: float | None, error: float | None, unit: "Unit" = "ratio", currency: str = "") -> str:
    if value is None or error is None:
        return "not measured"
    return f"{_told(value, unit, currency)} ± {_told(error, unit, currency)}"


def _told(value: float, unit: "Unit", currency: str) -> str:
    from linewise.core.formatters import show_percent
    from linewise.core.money import to_major

    if unit == "currency":
        return f"{to_major(round(value), currency):,.0f} {currency}"
    return f"{value:.2f}" if unit == "multiple" else show_percent(value, _LANGUAGE)

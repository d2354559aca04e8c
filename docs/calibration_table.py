"""Writes the calibration into docs/simulated-bank.md, from the report's JSON on standard input.

linewise bank simulate --customers 100000 --report --json | python docs/calibration_table.py
"""

import sys
from pathlib import Path

from linewise.core.formatters import show_percent
from linewise.core.money import to_major
from linewise.simulation.report.calibration import LimitEffect, Report, Row

__all__ = ["write_calibration"]

PAGE = Path(__file__).parent / "simulated-bank.md"
BEGIN, END = "<!-- calibration -->", "<!-- end of calibration -->"
_VERDICTS = {True: "yes", False: "no", None: "not judged"}


def write_calibration(report: Report, page: Path = PAGE) -> None:
    """Put the report's figures between the page's two marks, in place of what stood there."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    lines = [
        f"{report.bank}; the standard error is in brackets:",
        "",
        "| figure | published | simulated | in range |",
        "|---|---|---|---|",
        *(_line(row) for row in report.rows),
        "",
        "| what a raise did within a year | borrowed of a unit of new limit | defaults added |",
        "|---|---|---|",
        *(_effect_line(effect) for effect in report.limit_effects),
    ]
    page.write_text("\n".join([before + BEGIN, *lines, END + after]), encoding="utf-8")


def _line(row: Row) -> str:
    published = _told(row, row.published)
    if row.bound == "at_least":
        published = f"at least {published}"
    else:
        published += f" ± {_told(row, row.tolerance)}"
    simulated = "not measured"
    if row.simulated is not None and row.standard_error is not None:
        simulated = f"{_told(row, row.simulated)} ({_told(row, row.standard_error)})"
    return f"| {row.title} | {published} | {simulated} | {_VERDICTS[row.is_in_range]} |"


def _effect_line(effect: LimitEffect) -> str:
    borrowed = _share(effect.borrowed_ratio, effect.borrowed_standard_error)
    default = _share(effect.default_added, effect.default_standard_error)
    return f"| {effect.title} | {borrowed} | {default} |"


def _share(value: float | None, error: float | None) -> str:
    if value is None or error is None:
        return "not measured"
    return f"{show_percent(value, 'en')} ({show_percent(error, 'en')})"


def _told(row: Row, value: float) -> str:
    if row.unit == "currency":
        return f"{to_major(round(value), 'CNY'):,.0f}"
    return f"{value:.2f}" if row.unit == "multiple" else show_percent(value, "en")


if __name__ == "__main__":
    write_calibration(Report.model_validate_json(sys.stdin.read()))

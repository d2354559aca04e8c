"""The report as one HTML file that needs nothing else, with its pictures inside."""

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment

from linewise.core.formatters import show_money, show_percent
from linewise.core.page_templates import page_templates
from linewise.quality.intervals import Measured
from training.report.amount_report import AmountReport
from training.report.model_report import ModelReport

__all__ = ["amount_page", "report_page"]

LANGUAGE = "en"
DECIMALS = {"brier": 4, "log_loss": 4, "top_decile_lift": 2}

ROWS = {
    "auc": "AUC",
    "case_auc": "AUC by customer",
    "average_precision": "average precision",
    "ks": "KS",
    "top_decile_lift": "lift of the first tenth",
    "brier": "Brier score",
    "log_loss": "log loss",
}

TEXTS = {
    "ranking": "How well the score puts first those who have the label. The grey line is chance.",
    "gain": "How many of all labels the first share of rows reaches, and how many times more than by chance.",
    "calibration": "What was seen over what was expected. Each band holds a fifth of all expected labels, so that "
    "every point weighs alike.",
    "observed_to_expected": "Above 1 the label was seen more often than expected. Longer than three times is cut.",
    "scores": "The distribution of the score among fitted rows of unseen customers and among judged rows.",
    "uplift": "Orders that showing the offer adds, where those with the highest uplift are shown it first.",
    "profit": "Money of acting on the first share of rows, in the order of what they were expected to bring.",
    "segments": "By attributes that are judged and never an input.",
    "inputs": "What the trees of the registered version gained by each input.",
}


AMOUNT_TEXTS = {
    "observed_to_expected": "What was seen over what was expected, by fifth of what was expected, by raise and by "
    "time, with 95% intervals over customers.",
    "inputs": TEXTS["inputs"],
}


def report_page(report: ModelReport, pictures: Mapping[str, bytes]) -> str:
    """The page; the same report and pictures (PNG by name) give the same bytes."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            everyone=(report.model, *report.peers),
            alone=report.alone_auc,
            rows={name: word for name, word in ROWS.items() if getattr(report.model.ranking, name) is not None},
            texts=TEXTS,
            pictures={name: b64encode(png).decode() for name, png in pictures.items()},
        )
    )


def amount_page(report: AmountReport, pictures: Mapping[str, bytes]) -> str:
    """The page of an amount's report; the same report and pictures (PNG by name) give the same bytes."""
    return (
        _environment()
        .get_template("amount.html")
        .render(
            report=report,
            everyone=(report.model, *report.peers),
            alone=report.alone_r2,
            texts=AMOUNT_TEXTS,
            pictures={name: b64encode(png).decode() for name, png in pictures.items()},
        )
    )


@cache
def _environment() -> Environment:
    made = page_templates(Path(__file__).parent / "templates")
    made.filters |= {
        "measured": _measured,
        "share": lambda ratio, digits=2: show_percent(ratio, LANGUAGE, digits),
        "money": lambda amount_amt, currency: show_money(round(amount_amt), currency, LANGUAGE),
        "number": lambda number: f"{number:,.0f}",
        "day": lambda moment: "no time" if moment is None else f"{moment:%Y-%m-%d}",
    }
    return made


def _measured(one: Measured | None, name: str = "") -> str:
    if one is None:
        return "–"
    digits = DECIMALS.get(name, 3)
    return f"{one.value:.{digits}f} [{one.low:.{digits}f}, {one.high:.{digits}f}]"

"""How the pages of a campaign are put together: one environment of templates, and how figures are shown."""

from functools import cache
from pathlib import Path

from babel.numbers import format_compact_decimal
from jinja2 import Environment

from linewise.core.formatters import show_money, show_percent
from linewise.core.money import to_major
from linewise.core.page_templates import page_templates
from linewise.quality.intervals import Measured
from serving.campaigns.pages.charts import HEIGHT, LEFT, WIDTH, Shown

__all__ = ["LANGUAGE", "STEP_WORDS", "environment", "shown_amount", "shown_count", "shown_share"]

LANGUAGE = "en"

STEP_WORDS = {
    "universe": "Audience",
    "eligibility": "Eligible",
    "legal": "Allowed by law",
    "consent": "With consent, not opted out",
    "contact_caps": "Within contact caps",
    "recent_decline": "Without a recent refusal",
    "reachable": "Reachable in a channel",
    "duplicates": "Once across campaigns",
    "capacity": "Within capacity",
    "budget": "Within the budget",
    "holdout": "Treated, without holdouts",
}


def shown_share(value: float) -> str:
    """A share at an axis, with as many places as it needs."""
    places = 0 if abs(value) >= 0.1 or value == 0 else 1 if abs(value) >= 0.01 else 2
    found = show_percent(value, LANGUAGE, places)
    return found.replace(".0%", "%")


def shown_count(value: float) -> str:
    """A count at an axis: 250K."""
    return str(format_compact_decimal(value, locale=LANGUAGE, fraction_digits=2 if abs(value) >= 1_000 else 0))


def shown_amount(currency: str) -> Shown:
    """How amounts in minor units stand at an axis, in thousands and millions of major units."""

    def shown(amount_amt: float) -> str:
        major = float(to_major(round(amount_amt), currency))
        return str(format_compact_decimal(major, locale=LANGUAGE, fraction_digits=2))

    return shown


@cache
def environment() -> Environment:
    """The templates of the pages; what is missing is an error and no empty cell."""
    made = page_templates(Path(__file__).parent / "templates")
    made.filters |= {
        "share": _share,
        "money": lambda amount_amt, currency: show_money(round(amount_amt), currency, LANGUAGE),
        "number": lambda number, digits=0: f"{number:,.{digits}f}",
        "step": lambda step: STEP_WORDS.get(step, step),
        "between": between,
        "scaled": _scaled,
        "p": lambda p: "below 0.0001" if p < 0.0001 else f"{p:.4f}",
    }
    made.globals |= {"WIDTH": WIDTH, "HEIGHT": HEIGHT, "LEFT": LEFT}
    return made


def _share(ratio: float | None, digits: int = 1) -> str:
    return "–" if ratio is None else show_percent(ratio, LANGUAGE, digits)


def between(one: Measured | None, digits: int = 2) -> str:
    """A share with its interval in per cent; a dash where there is none."""
    if one is None:
        return "–"
    value, low, high = (show_percent(end, LANGUAGE, digits) for end in (one.value, one.low, one.high))
    return f"{value} [{low}, {high}]"


def _scaled(one: Measured, of: int) -> str:
    """A share of so many with its interval: of a hundred, or of a thousand."""
    return f"{one.value * of:.2f} [{one.low * of:.2f}, {one.high * of:.2f}]"

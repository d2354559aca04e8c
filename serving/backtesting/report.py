"""A back-test as JSON and as a page that needs nothing else."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from linewise.core.formatters import show_money, show_percent
from linewise.core.page_templates import page_templates
from serving.backtesting.backtest import Backtest
from serving.backtesting.swaps import Swap
from serving.backtesting.warnings import NOT_CAUSAL

__all__ = ["MEANINGS", "as_json", "page"]

LANGUAGE = "en"

MEANINGS = {
    "both": "the release and the bank",
    "swap_in": "the release alone",
    "swap_out": "the bank alone",
    "neither": "nobody",
}


def _swap(swap: Swap) -> dict[str, Any]:
    said = {name: getattr(swap, name) for name in Swap.__slots__}
    return said | {"default_ratio": swap.default_ratio}


def as_json(made: Backtest) -> dict[str, Any]:
    """All figures, without the single decisions."""
    asked, support = made.asked, made.support
    return {
        "release_id": made.release_id,
        "bank": made.bank,
        "currency": made.currency,
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
        "every": asked.every,
        "horizon_months": asked.horizon_months,
        "sample": asked.sample,
        "decisions": made.decisions,
        "credit": [_swap(one) for one in made.credit],
        "offers": [
            {"group": one.group, "offer_id": one.offer_id, "pairs": one.pairs, "taken_count": one.taken_count}
            for one in made.offers
        ],
        "support": {"swap_ins": support.swap_ins, "supported": support.supported, "ratio": support.ratio},
        "held_back": [{"what": one.what, "rule_id": one.rule_id, "decisions": one.decisions} for one in made.held_back],
        "reading": NOT_CAUSAL,
        "warnings": list(made.warnings),
    }


def page(made: Backtest) -> str:
    """The page; the same back-test gives the same bytes."""
    return _environment().get_template("backtest.html").render(made=made, meanings=MEANINGS, reading=NOT_CAUSAL)


@cache
def _environment() -> Environment:
    environment = page_templates(Path(__file__).parent / "templates")
    environment.filters["money"] = lambda amount_amt, currency: show_money(amount_amt, currency, LANGUAGE)
    environment.filters["percent"] = lambda ratio: "–" if ratio is None else show_percent(ratio, LANGUAGE)
    environment.filters["number"] = lambda number: "–" if number is None else f"{number:,}"
    return environment

"""How a screen or a text shows the price of credit: what of it the rules of the scope `screen` look at.

What counts is what is seen. 0.6% a month on the amount first owed is true, and so is 7.2% of fees, yet both
hide a loan of 13.03% a year; a text that names only these misleads (PBoC 公告〔2021〕3号).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linewise.decisioning.types import Floats

__all__ = ["Shown", "effective_rate", "price_columns"]

_FIGURE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|％|percent|per cent)", re.IGNORECASE)
_PERIOD = re.compile(
    r"日利率|月利率|月息|日息|每日|每月|每期|每天|per day|per month|a day|a month|daily|monthly|per instalment",
    re.IGNORECASE,
)
_FEE = re.compile(r"手续费|服务费|\bfees?\b|\bservice charge", re.IGNORECASE)
_SENTENCE = re.compile(r"[^。；;\n.]+(?:\.(?=\d)[^。；;\n.]*)*")
_SIMPLE = re.compile(r"单利|simple (?:interest|rate)", re.IGNORECASE)
_ROUNDING_RATIO = 0.00005 + 1e-9
"""A rate is shown with two decimals of a per cent, rounded to the next or up."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of what is shown, in reading order; size: of its letters, or its loudness, beside the others'."""

    text: str
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class _Price:
    """A percentage that is shown: where it stands, how large, and whether it is the annualised rate."""

    size: float
    is_annualised: bool


def effective_rate(annualised_rate_ratio: float) -> float:
    """The compound yearly rate of a simple one that is twelve times a month's.

    >>> round(effective_rate(0.12), 4)
    0.1268
    """
    return float(np.expm1(12.0 * np.log1p(annualised_rate_ratio / 12.0)))


def price_columns(shown: Sequence[Shown], annualised_rate_ratio: float, *, is_simple: bool = True) -> dict[str, Floats]:
    """What rules may name of the price on one screen or in one text, each (1,).

    annualised_rate_ratio: the true one, by the internal rate of return; is_simple: it is twelve times a
    month's rate rather than the compound one. The annualised rate is prominent where no other percentage
    is larger, and none of its size is read before it.
    """
    prices = [
        _Price(piece.size, _is_rate(float(found.group(1)) / 100.0, annualised_rate_ratio))
        for piece in shown
        for found in _FIGURE.finditer(piece.text)
    ]
    text = "\n".join(piece.text for piece in shown)
    flags = {
        "is_credit_shown": True,
        "is_price_shown": bool(prices) or _calls_cost_a_fee(text),
        "shows_annualised_rate": any(price.is_annualised for price in prices),
        "is_annualised_rate_prominent": _is_prominent(prices),
        "shows_daily_or_monthly_rate": bool(prices) and bool(_PERIOD.search(text)),
        "is_cost_called_fee": _calls_cost_a_fee(text),
        "is_simple_rate": is_simple and any(price.is_annualised for price in prices),
        "says_simple_rate": bool(_SIMPLE.search(text)),
    }
    return {name: np.array([float(value)]) for name, value in flags.items()}


def _calls_cost_a_fee(text: str) -> bool:
    """Whether a sentence names a fee and a figure; one that says that there is none does not."""
    return any(_FEE.search(one) and re.search(r"\d", one) for one in _SENTENCE.findall(text))


def _is_rate(shown_ratio: float, true_ratio: float) -> bool:
    """Whether the figure is the true rate as a screen rounds it: to the next 0.01%, or up, never below."""
    return -_ROUNDING_RATIO <= shown_ratio - true_ratio <= 2 * _ROUNDING_RATIO


def _is_prominent(prices: Sequence[_Price]) -> bool:
    """Of the largest percentages the one read first is the annualised rate."""
    largest = max((price.size for price in prices), default=0.0)
    return next((price.is_annualised for price in prices if price.size == largest), False)

"""The exchange rates of a dirty bank, whose cards bill in a second currency: a fact a month."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
from dateutil.relativedelta import relativedelta

from linewise.bank.dictionary import load_dictionary
from linewise.bank.rates import RATE_FACT_PREFIX
from linewise.simulation.chance import Chance

__all__ = ["second_currency", "second_currency_rates"]

# The currency of a dual-currency card beside the bank's own, and what one of it costs.
_SECOND = {"CNY": ("USD", 7.1), "USD": ("EUR", 1.1)}
_SPREAD_RATIO = 0.04
_MONTHS_BEFORE = 3


def second_currency(home_currency: str) -> str:
    """The currency in which the cards of a bank bill beside its own."""
    return _SECOND[home_currency][0]


def second_currency_rates(home_currency: str, chance: Chance, first: datetime, until: datetime) -> pa.Table:
    """The rates as rows of bank_facts: on the first of every month from a quarter before `first` to `until`."""
    code, middle = _SECOND[home_currency]
    start = datetime(first.year, first.month, 1, tzinfo=UTC) - relativedelta(months=_MONTHS_BEFORE)
    months = range((until.year - start.year) * 12 + until.month - start.month + 1)
    # Counted from the year 0, so that a month has its rate whatever the length of the data.
    numbers = np.array([start.year * 12 + start.month + month for month in months])
    moved = 1.0 + _SPREAD_RATIO * (chance.uniform("dirt exchange rate", 0, numbers) - 0.5)
    rows = [
        {
            "fact": RATE_FACT_PREFIX + code.lower(),
            "value": round(middle * factor, 4),
            "as_of": start + relativedelta(months=month),
            "recorded_at": start + relativedelta(months=month),
        }
        for month, factor in zip(months, moved.tolist(), strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=load_dictionary()["bank_facts"].arrow_schema)

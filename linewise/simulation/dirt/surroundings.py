"""What dirt needs to know of the bank: when its data end, its zone, its currency, and its exchange rates."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from linewise.bank.dictionary import Table, load_dictionary
from linewise.bank.rates import known_rates
from linewise.bank.rules import Rule, rules_of

__all__ = ["FLOATING", "WITHOUT_RATE", "Surroundings", "floating_of"]

FLOATING = {"transactions": ("billing_amt",), "payments": ("payment_amt",)}
"""The amounts that a dirty bank delivers as floating-point numbers, so that one of them can be none (NaN)."""

WITHOUT_RATE = "GBP"
"""The currency for which a dirty bank delivers no exchange rate."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A bank around its rows; `until` is the end of its data, `rates` (RATES_SCHEMA) its exchange rates."""

    until: datetime
    time_zone: str
    home_currency: str
    rates: pa.Table

    def rules(self, table: Table) -> tuple[Rule, ...]:
        """All that the door asks of the table."""
        # A customer's dirt must not depend on which tables a part happens to hold: all count as delivered.
        return rules_of(
            table,
            table.columns,
            until=self.until,
            delivered=load_dictionary(),
            rates=known_rates(self.rates, self.home_currency),
            floating=floating_of(table),
        )


def floating_of(table: Table) -> Collection[str]:
    """The columns of integers that a dirty bank delivers as floating-point numbers."""
    return FLOATING.get(table.name, ())

"""What is summed by customer comes in the bank's own currency: what is in another counts at its day's rate."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.card_use.use import Floats, Ints
from linewise.bank.coded import Coded
from linewise.bank.rates import in_home_currency
from linewise.core.money import minor_units

__all__ = ["Money"]


@dataclass(frozen=True, slots=True)
class Money:
    """Sums of so many customers, by the rates (RATES_SCHEMA) of a bank of that currency."""

    home_currency: str
    rates: pa.Table
    customer_count: int

    @property
    def round_amt(self) -> int:
        """A hundred of the bank's own currency, minor units."""
        return int(100 * 10 ** minor_units(self.home_currency))

    def summed(self, owner: Ints, amount: Ints, currency: Coded, recorded_at: Ints) -> Floats:
        """The sum of each customer's rows, (n_customers,), minor units; what is given of rows: (n_rows,)."""
        is_home = currency.is_one_of((self.home_currency,))
        total = np.bincount(owner[is_home], amount[is_home], self.customer_count)
        foreign = np.flatnonzero(~is_home)
        if len(foreign):
            home = self._at_their_rates(owner[foreign], amount[foreign], currency.of(foreign), recorded_at[foreign])
            total += np.bincount(home["owner"], home["amount"], self.customer_count)
        return np.asarray(total, dtype=np.float64)

    def _at_their_rates(self, owner: Ints, amount: Ints, currency: Coded, recorded_at: Ints) -> pa.Table:
        """What each customer's rows of one day and currency come to, converted: owner and amount."""
        rows = {
            "owner": owner,
            "recorded_at": pa.array(recorded_at, pa.timestamp("us", "UTC")),
            "currency": currency.words.take(pa.array(currency.place)),
            "amount": amount,
        }
        keys = ["owner", "recorded_at", "currency"]
        summed = pa.table(rows).group_by(keys).aggregate([("amount", "sum")]).rename_columns([*keys, "amount"])
        return in_home_currency(summed, self.rates, self.home_currency, ("amount",))

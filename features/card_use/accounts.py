"""The accounts to which card postings belong: whose they are, since when, and with which line."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.card_use.kernel import Cards
from features.card_use.use import Floats, Ints
from linewise.bank.coded import coded, in_microseconds
from linewise.bank.tables import Bank
from linewise.core.moments import NEVER

__all__ = ["LONG_AGO", "Accounts", "read_accounts"]

LONG_AGO = int(np.iinfo(np.int64).min)
"""Before any moment: what is raised to the latest of some begins with it."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of some customers, (n_accounts,) each; opened_at: microseconds; line_amt: minor units, or NaN."""

    account_id: pa.Array
    cards: Cards
    opened_at: Ints
    line_amt: Floats

    def last_opened_at(self, count: int) -> Ints:
        """When the last card account of each of so many customers was opened, (count,); NEVER without one."""
        opened, is_known = np.full(count, LONG_AGO), self.cards.is_known
        np.maximum.at(opened, self.cards.owner[is_known], self.opened_at[is_known])
        return np.where(opened == LONG_AGO, NEVER, opened)


def read_accounts(bank: Bank, among: tuple[str, str], ids: pa.Array, until: Ints) -> Accounts:
    """The accounts of these customers; until (n_customers,): up to when each is known, microseconds."""
    names = ["customer_id", "account_id", "card_role", "opened_at", "recorded_at", "permanent_limit_amt"]
    rows = bank.read("accounts", names, among, coded=("customer_id", "card_role"))
    owner, role = coded(rows["customer_id"]).among(ids), coded(rows["card_role"])
    is_card = (role.place >= 0) & ~role.is_one_of(("none",)) & (owner >= 0)
    opened = in_microseconds(rows["opened_at"])
    is_known = is_card & (np.maximum(opened, in_microseconds(rows["recorded_at"])) <= until[owner])
    line = pc.fill_null(rows["permanent_limit_amt"].cast(pa.float64()), float("nan"))
    account_id = rows["account_id"].combine_chunks().cast(pa.string())
    return Accounts(account_id, Cards(owner, is_card, is_known), opened, np.asarray(line, dtype=np.float64))

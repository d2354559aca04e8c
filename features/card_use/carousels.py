"""Carousels: round sums that a card sends to one merchant again and again, for a great part of what it buys."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from features.card_use.accounts import Accounts
from features.card_use.use import CAROUSEL_LEAST, Floats, Ints
from linewise.bank.coded import coded

__all__ = ["NO_PURCHASES", "Purchases", "keep_carousels"]


@dataclass(frozen=True, slots=True)
class Purchases:
    """Some purchases by card, (n_purchases,) each: the place of the account, at which merchant, and minor units."""

    account: Ints
    merchant: pa.DictionaryArray
    amount: Ints


NO_PURCHASES = Purchases(
    np.zeros(0, dtype=np.int64), pa.array([], pa.dictionary(pa.int32(), pa.string())), np.zeros(0, dtype=np.int64)
)


def keep_carousels(ratio: Floats, purchases: Sequence[Purchases], accounts: Accounts, round_amt: int) -> None:
    """Raise the ratio (n_customers,) of those whose purchases are for the most part round sums to one merchant."""
    account, amount = (np.concatenate([getattr(one, name) for one in purchases]) for name in ("account", "amount"))
    if not len(account):
        return
    merchant = coded(pa.chunked_array([one.merchant for one in purchases])).place.astype(np.int64)
    is_round, merchants = amount % round_amt == 0, int(merchant.max()) + 1
    found, place, times = np.unique(
        account[is_round] * merchants + merchant[is_round], return_inverse=True, return_counts=True
    )
    of, sums = found // merchants, np.bincount(place, amount[is_round], len(found))
    total, line = np.bincount(account, amount, len(accounts.line_amt))[of], accounts.line_amt[of]
    is_ring = (times >= CAROUSEL_LEAST) & accounts.cards.is_card[of] & (line > 0) & (2 * sums >= total)
    np.maximum.at(ratio, accounts.cards.owner[of[is_ring]], sums[is_ring] / line[is_ring])

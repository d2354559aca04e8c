"""The postings of some customers gone through once; rows are too many to keep, so what they come to is summed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
from dateutil.relativedelta import relativedelta

from features.card_use.accounts import LONG_AGO, read_accounts
from features.card_use.carousels import NO_PURCHASES, Purchases, keep_carousels
from features.card_use.kernel import BOUGHT, COST, USE, Meanings, marked
from features.card_use.money import Money
from features.card_use.postings import read_postings
from features.card_use.use import BUYING, CAROUSEL_DAYS, COSTS, MONTHS_BACK, USES, CardUse, Floats, Ints
from linewise.bank.coded import Coded, coded, in_microseconds
from linewise.bank.rates import rates_of
from linewise.bank.tables import Bank
from linewise.core.clock import as_utc
from linewise.core.moments import NEVER, microseconds

__all__ = ["summed_card_use"]


def summed_card_use(bank: Bank, ids: pa.Array, observed_until: Ints, now: datetime) -> CardUse:
    """Go through the postings of these customers once, as they were known at that moment.

    ids (n_customers,), ascending: every customer of the bank from the first to the last of them. observed_until
    (n_customers,): where an extract of the customer ends, microseconds or NEVER.
    """
    at, count = as_utc(now), len(ids)
    if not count:
        return CardUse(at, *np.zeros((2, 0), dtype=np.int64), *np.zeros((3, 0)))
    among = (ids[0].as_py(), ids[-1].as_py())
    money = Money(bank.manifest.currency, rates_of(bank.read("bank_facts")), count)
    until = np.minimum(observed_until, microseconds(at))
    accounts = read_accounts(bank, among, ids, until)
    since, since_round = (
        microseconds(one) for one in (at - relativedelta(months=MONTHS_BACK), at - timedelta(days=CAROUSEL_DAYS))
    )
    used, cost, ratio = np.full(count, LONG_AGO), np.zeros(count), np.zeros(count)
    # File by file: the postings of a customer lie in one of them, and all of them together are too many.
    for path in bank.files_among("transactions", among):
        purchases = [NO_PURCHASES]
        for rows, words in read_postings(path, among):
            told = _meanings(words, ids, accounts.account_id)
            marks = marked(rows, told, accounts.cards, until, since, since_round, used)
            costs, bought = np.flatnonzero(marks & COST), np.flatnonzero(marks & BOUGHT)
            owner, currency = told.owner[rows.customer[costs]], words["currency"].of(costs)
            cost += money.summed(owner, rows.billing_amt[costs], currency, rows.recorded_at[costs])
            account, merchant = told.account[rows.account[bought]], words["merchant_id"].of(bought)
            purchases.append(Purchases(account, merchant.as_arrow(), rows.billing_amt[bought]))
        keep_carousels(ratio, purchases, accounts, money.round_amt)
    used[used == LONG_AGO] = NEVER
    repaid = _repaid_amt(bank, among, ids, until, since, money)
    return CardUse(at, accounts.last_opened_at(count), used, cost, repaid, ratio)


def _meanings(words: Mapping[str, Coded], ids: pa.Array, account_ids: pa.Array) -> Meanings:
    bits = [
        sum(bit for bit, kinds in ((USE, USES), (COST, COSTS), (BOUGHT, BUYING)) if kind in kinds)
        for kind in words["kind"].words.to_pylist()
    ]
    return Meanings(
        owner=words["customer_id"].places_among(ids),
        account=words["account_id"].places_among(account_ids),
        bits=np.array([*bits, 0], dtype=np.uint8),
        is_debit=np.array([*(one == "debit" for one in words["direction"].words.to_pylist()), False]),
    )


def _repaid_amt(bank: Bank, among: tuple[str, str], ids: pa.Array, until: Ints, since: int, money: Money) -> Floats:
    """What each customer paid on cards since that moment, (n_customers,), minor units."""
    names = ["customer_id", "paid_at", "recorded_at", "currency", "payment_amt"]
    rows = bank.read("payments", names, among, coded=("customer_id", "currency"))
    owner = coded(rows["customer_id"]).among(ids)
    paid, recorded = in_microseconds(rows["paid_at"]), in_microseconds(rows["recorded_at"])
    seen = np.flatnonzero((owner >= 0) & (paid > since) & (np.maximum(paid, recorded) <= until[owner]))
    amount = np.asarray(rows["payment_amt"], dtype=np.int64)
    return money.summed(owner[seen], amount[seen], coded(rows["currency"]).of(seen), recorded[seen])

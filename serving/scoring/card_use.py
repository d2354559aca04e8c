"""What the postings of card accounts come to, summed once when a bank is opened: rows are too many to keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from dateutil.relativedelta import relativedelta
from numpy.typing import NDArray

from linewise.bank.rates import in_home_currency, rates_of
from linewise.bank.tables import Bank
from linewise.core.clock import as_utc
from linewise.core.money import minor_units
from linewise.decisioning.types import Floats, Ints
from serving.scoring.coded import Coded, coded, in_microseconds
from serving.scoring.facts import Roster
from serving.scoring.keyed import NEVER, days_between, microseconds
from serving.scoring.postings.kernel import BOUGHT, COST, USE, Cards, Meanings, marked
from serving.scoring.postings.reading import read_postings
from serving.scoring.sight import Sight

__all__ = ["CardUse", "card_use_columns", "read_card_use"]

MONTHS_BACK = 18
"""Of persistent debt (interest and fees above the principal repaid): the window of the rule."""

CAROUSEL_DAYS, CAROUSEL_LEAST = 90, 3
"""A carousel sends round sums, whole hundreds, to one merchant of its own again and again: three within 90 days."""

_LONG_AGO = int(np.iinfo(np.int64).min)

USES = ("purchase", "cash_advance", "cash_withdrawal", "transfer_out")
"""What a customer does with a card; the rest is the bank's own doing."""

COSTS = ("fee", "interest", "penalty_interest")
BUYING = ("purchase",)


@dataclass(frozen=True, slots=True)
class CardUse:
    """By place in the roster, (n_all,): moments in microseconds (NEVER for none), minor units of 18 months.

    as_of: up to when postings were looked at; a decision for an earlier moment must not use them.
    carousel_ratio: what went in round sums to one merchant within CAROUSEL_DAYS, as a share of the line, where
    it was at least half of what was bought; 0 where there was no such merchant.
    """

    as_of: datetime
    opened_at: Ints
    used_at: Ints
    cost_amt: Floats
    repaid_amt: Floats
    carousel_ratio: Floats


def read_card_use(bank: Bank, roster: Roster, now: datetime) -> CardUse:
    """Go through the postings of the roster's customers once, as they were known at that moment."""
    at, ids = as_utc(now), pa.array(list(roster.row_of), pa.string())
    if not len(ids):
        return CardUse(at, *np.zeros((2, 0), dtype=np.int64), *np.zeros((3, 0)))
    among = (ids[0].as_py(), ids[-1].as_py())
    money = _Money(bank.manifest.currency, rates_of(bank.read("bank_facts")), len(ids))
    until = roster.moments(np.arange(len(ids)), at)
    accounts = _read_accounts(bank, among, ids, until)
    since, since_round = (
        microseconds(one) for one in (at - relativedelta(months=MONTHS_BACK), at - timedelta(days=CAROUSEL_DAYS))
    )
    used, cost, ratio = np.full(len(ids), _LONG_AGO), np.zeros(len(ids)), np.zeros(len(ids))
    # File by file: the postings of a customer lie in one of them, and all of them together are too many.
    for path in bank.files_among("transactions", among):
        purchases = [_NO_PURCHASES]
        for rows, words in read_postings(path, among):
            told = _meanings(words, ids, accounts.account_id)
            marks = marked(rows, told, accounts.cards, until, since, since_round, used)
            costs, bought = np.flatnonzero(marks & COST), np.flatnonzero(marks & BOUGHT)
            owner, currency = told.owner[rows.customer[costs]], words["currency"].of(costs)
            cost += money.summed(owner, rows.billing_amt[costs], currency, rows.recorded_at[costs])
            account, merchant = told.account[rows.account[bought]], words["merchant_id"].of(bought)
            purchases.append(_Purchases(account, merchant.as_arrow(), rows.billing_amt[bought]))
        _keep_carousels(ratio, purchases, accounts, money.round_amt)
    used[used == _LONG_AGO] = NEVER
    repaid = _repaid_amt(bank, among, ids, until, since, money)
    return CardUse(at, _opened_at(accounts, len(ids)), used, cost, repaid, ratio)


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


@dataclass(frozen=True, slots=True)
class _Accounts:
    """The accounts of some customers, (n_accounts,) each; opened_at: microseconds; line_amt: minor units, or NaN."""

    account_id: pa.Array
    cards: Cards
    opened_at: Ints
    line_amt: Floats


def _read_accounts(bank: Bank, among: tuple[str, str], ids: pa.Array, until: Ints) -> _Accounts:
    names = ["customer_id", "account_id", "card_role", "opened_at", "recorded_at", "permanent_limit_amt"]
    rows = bank.read("accounts", names, among, coded=("customer_id", "card_role"))
    owner, role = coded(rows["customer_id"]).among(ids), coded(rows["card_role"])
    is_card = (role.place >= 0) & ~role.is_one_of(("none",)) & (owner >= 0)
    opened = in_microseconds(rows["opened_at"])
    is_known = is_card & (np.maximum(opened, in_microseconds(rows["recorded_at"])) <= until[owner])
    line = pc.fill_null(rows["permanent_limit_amt"].cast(pa.float64()), float("nan"))
    account_id = rows["account_id"].combine_chunks().cast(pa.string())
    return _Accounts(account_id, Cards(owner, is_card, is_known), opened, np.asarray(line, dtype=np.float64))


def _opened_at(accounts: _Accounts, count: int) -> Ints:
    """When the last card account of each customer was opened, (n_all,); NEVER without one."""
    opened, is_known = np.full(count, _LONG_AGO), accounts.cards.is_known
    np.maximum.at(opened, accounts.cards.owner[is_known], accounts.opened_at[is_known])
    return np.where(opened == _LONG_AGO, NEVER, opened)


@dataclass(frozen=True, slots=True)
class _Purchases:
    """Some purchases by card, (n_purchases,) each: the place of the account, at which merchant, and minor units."""

    account: Ints
    merchant: pa.DictionaryArray
    amount: Ints


_NO_PURCHASES = _Purchases(
    np.zeros(0, dtype=np.int64), pa.array([], pa.dictionary(pa.int32(), pa.string())), np.zeros(0, dtype=np.int64)
)


def _keep_carousels(ratio: Floats, purchases: Sequence[_Purchases], accounts: _Accounts, round_amt: int) -> None:
    """Raise the ratio of those whose purchases are for the most part round sums to one merchant."""
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


@dataclass(frozen=True, slots=True)
class _Money:
    """What is summed by customer comes in the bank's own currency: what is in another counts at its day's rate."""

    home_currency: str
    rates: pa.Table
    customer_count: int

    @property
    def round_amt(self) -> int:
        """A hundred of the bank's own currency, minor units."""
        return int(100 * 10 ** minor_units(self.home_currency))

    def summed(self, owner: Ints, amount: Ints, currency: Coded, recorded_at: Ints) -> Floats:
        """The sum of each customer's rows, (n_all,), minor units; what is given of rows: (n_rows,)."""
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


def _repaid_amt(bank: Bank, among: tuple[str, str], ids: pa.Array, until: Ints, since: int, money: _Money) -> Floats:
    """What each customer paid on cards since that moment, (n_all,), minor units."""
    names = ["customer_id", "paid_at", "recorded_at", "currency", "payment_amt"]
    rows = bank.read("payments", names, among, coded=("customer_id", "currency"))
    owner = coded(rows["customer_id"]).among(ids)
    paid, recorded = in_microseconds(rows["paid_at"]), in_microseconds(rows["recorded_at"])
    seen = np.flatnonzero((owner >= 0) & (paid > since) & (np.maximum(paid, recorded) <= until[owner]))
    amount = np.asarray(rows["payment_amt"], dtype=np.int64)
    return money.summed(owner[seen], amount[seen], coded(rows["currency"]).of(seen), recorded[seen])


def card_use_columns(use: CardUse, sight: Sight) -> dict[str, NDArray[Any]]:
    """Since when the card lies still, and what 18 months cost and repaid, (n_customers,).

    NaN where the decision is of a moment before the postings were looked at: some came later.
    """
    is_later = sight.now_us >= microseconds(use.as_of)
    used, opened = use.used_at[sight.places], use.opened_at[sight.places]
    since = np.where(used == NEVER, opened, np.maximum(used, np.where(opened == NEVER, -1, opened)))
    cost, repaid = use.cost_amt[sight.places], use.repaid_amt[sight.places]
    columns = {
        "no_use_days": days_between(since, sight.at),
        "no_use_months": _whole_months(since, sight.at),
        "interest_and_fees_paid_18m_amt": cost,
        "principal_paid_18m_amt": np.maximum(repaid - cost, 0.0),
        "carousel_ratio": use.carousel_ratio[sight.places],
    }
    unknown = np.full(len(sight), np.nan)
    return columns if is_later else dict.fromkeys(columns, unknown)


def _whole_months(since: Ints, until: Ints) -> Floats:
    """Whole months of the calendar between two moments in microseconds; NaN where the first never came."""
    is_known = since != NEVER
    begins, ends = (np.where(is_known, one, 0).astype("datetime64[us]") for one in (since, until))
    months = (ends.astype("datetime64[M]") - begins.astype("datetime64[M]")).astype(np.int64)
    # The month is whole once the day and hour in it are reached.
    into = [one - one.astype("datetime64[M]").astype("datetime64[us]") for one in (begins, ends)]
    return np.where(is_known, months - (into[1] < into[0]), np.nan).astype(np.float64)

"""The tables of money that moved: transactions on all accounts and repayments of cards."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.simulation.lives.cunning import RING_MERCHANTS, RINGS_COUNT, WHOLESALE
from linewise.simulation.lives.record import CHANNELS, COUNTRIES, KINDS, PURPOSES
from linewise.simulation.profile import COUNTRY_CODES
from linewise.simulation.tables.chunk import CARD, CURRENT, Chunk
from linewise.simulation.tables.columns import coded, contract_table, found_codes, moments, optional
from linewise.simulation.tables.postings import Movements
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["payment_table", "transaction_table"]

_CURRENCIES = {
    "HK": "HKD", "JP": "JPY", "KR": "KRW", "TH": "THB", "US": "USD", "GB": "GBP", "DE": "EUR", "FR": "EUR",
    "AU": "AUD", "CN": "CNY",
}  # fmt: skip
_POSTING_DIGITS = 6
_MERCHANT_DIGITS = 6


def transaction_table(chunk: Chunk) -> pa.Table:
    """What happened on current and card accounts, by customer and moment."""
    moved = chunk.postings.transactions
    home = COUNTRY_CODES[chunk.world.country]
    # An American bank's customers go to China where a Chinese bank's go to America.
    words = (home, *("CN" if word == home else word for word in COUNTRIES[1:]))
    currencies = [_CURRENCIES.get(word, chunk.currency) for word in words]
    is_foreign = np.array([currency != chunk.currency for currency in currencies])
    is_converted = (moved.country > 0) & (moved.original_amt >= 0) & is_foreign[moved.country]
    return contract_table(
        "transactions",
        len(moved.person),
        transaction_id=_ids("T", chunk, moved),
        customer_id=chunk.customer_ids(moved.person),
        account_id=chunk.account_ids(moved.person, moved.account),
        posted_at=moments(moved.at_us),
        recorded_at=moments(moved.recorded_us),
        direction=coded(moved.is_credit, ("debit", "credit")),
        kind=coded(moved.kind, KINDS),
        category=coded(moved.purpose, PURPOSES),
        billing_amt=moved.amount_amt,
        currency=chunk.currency,
        original_amt=optional(moved.original_amt, is_converted),
        original_currency=coded(np.where(is_converted, moved.country, np.int8(-1)), currencies),
        # A card's balance stands in its statements; here it would pass for an overdrawn current account.
        balance_amt=optional(moved.balance_amt, moved.account == CURRENT),
        mcc=coded(moved.group, [group.mcc for group in chunk.world.profile.merchant_groups]),
        merchant_id=_merchant_ids(chunk, moved),
        channel=coded(moved.channel, CHANNELS),
        country=coded(moved.country, words),
        counterparty_id=_counterparty_ids(moved),
        is_declined=moved.is_declined == 1,
    )


def payment_table(chunk: Chunk) -> pa.Table:
    """What was repaid on cards; a repayment of the customer's own may show on the current account as well."""
    moved = chunk.postings.repayments
    return contract_table(
        "payments",
        len(moved.person),
        payment_id=_ids("Y", chunk, moved),
        customer_id=chunk.customer_ids(moved.person),
        account_id=chunk.account_ids(moved.person, CARD),
        paid_at=moments(moved.at_us),
        recorded_at=moments(moved.recorded_us),
        payment_amt=moved.amount_amt,
        currency=chunk.currency,
        source=coded(moved.kind, ("own", "third_party")),
    )


def _ids(prefix: str, chunk: Chunk, moved: Movements) -> pa.Array:
    number = chunk.number.astype(np.int32)[moved.person]
    return identifiers(prefix, (number, CUSTOMER_DIGITS), (moved.rank, _POSTING_DIGITS))


def _merchant_ids(chunk: Chunk, moved: Movements) -> pa.DictionaryArray:
    """`M5411-000123` for the merchant 123 of the groceries, beside a dictionary of those that occur."""
    groups = chunk.world.profile.merchant_groups
    # Each kind of shop has its own range of codes, and so have the merchants of the rings.
    ends = np.cumsum([*(group.merchants + 1 for group in groups), RINGS_COUNT]).astype(np.int32)
    offset = np.append(0, ends[:-1]).astype(np.int32)
    code = np.take(offset, moved.group) + moved.merchant
    code[(moved.group < 0) | (moved.merchant < 0)] = -1
    of_ring = np.flatnonzero(moved.merchant >= RING_MERCHANTS)
    code[of_ring] = offset[-1] + moved.merchant[of_ring] - RING_MERCHANTS
    found, place = found_codes(code, int(ends[-1]))
    of_code = np.searchsorted(ends, found, side="right")
    mcc = np.array([*(int(group.mcc) for group in groups), int(groups[WHOLESALE].mcc)])[of_code]
    number = found - offset[of_code] + np.where(of_code == len(groups), RING_MERCHANTS, 0)
    words = identifiers("M", (mcc, 4)), identifiers("-", (number, _MERCHANT_DIGITS))
    return coded(place, pc.binary_join_element_wise(*words, ""))


def _counterparty_ids(moved: Movements) -> pa.DictionaryArray:
    """`P00000123`; a customer's own other accounts count as others."""
    found, place = found_codes(moved.counterparty, int(moved.counterparty.max(initial=0)) + 1)
    return coded(place, identifiers("P", (found, CUSTOMER_DIGITS)))

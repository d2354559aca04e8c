"""The tables of money that moved: transactions on all accounts and repayments of cards."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.simulation.accounts import card_account_ids, current_account_ids
from linewise.simulation.columns import coded, contract_table, customer_ids, numbered, optional, rank_within
from linewise.simulation.days import recorded_us
from linewise.simulation.events import CATEGORIES, CHANNELS, COUNTRIES, KINDS, MCCS, Events
from linewise.simulation.people import People

__all__ = ["payment_table", "transaction_table"]

_PAYMENT = KINDS.index("payment")
_CURRENCIES = ("CNY", "HKD", "USD")
_RATES = np.array([1.0, 0.92, 7.1])


def transaction_table(people: People, events: Events) -> pa.Table:
    """What happened on current and card accounts, by customer and moment."""
    rows = events[events["kind"] != _PAYMENT]
    number = people.number[rows["who"]]
    on_card, is_abroad = rows["on_card"], rows["country"] > 0
    original = np.rint(rows["amount_amt"] / _RATES[rows["country"]]).astype(np.int64)
    has_place = (rows["mcc"] >= 0) | (rows["channel"] == CHANNELS.index("atm"))
    at_us = rows["at_us"]
    return contract_table(
        "transactions",
        len(rows),
        transaction_id=numbered("T", number, 6, (rank_within(rows["who"]), 5)),
        customer_id=customer_ids(number),
        account_id=pc.if_else(pa.array(on_card), card_account_ids(number), current_account_ids(number)),
        posted_at=at_us,
        recorded_at=recorded_us(at_us),
        direction=coded(rows["is_credit"].astype(np.int64), ("debit", "credit")),
        kind=coded(rows["kind"], KINDS),
        category=coded(rows["category"], CATEGORIES),
        billing_amt=rows["amount_amt"],
        original_amt=optional(original, is_abroad),
        original_currency=optional(coded(rows["country"], _CURRENCIES), is_abroad),
        # A card's balance stands in its statements; here it would pass for an overdrawn current account.
        balance_amt=optional(rows["balance_amt"], ~on_card),
        mcc=coded(rows["mcc"], MCCS),
        merchant_id=optional(
            numbered("M", rows["mcc"].astype(np.int64) + 1, 2, (rows["merchant"].astype(np.int64), 4)),
            rows["merchant"] >= 0,
        ),
        channel=coded(rows["channel"], CHANNELS),
        country=coded(np.where(has_place, rows["country"], -1), COUNTRIES),
        counterparty_id=optional(numbered("P", rows["counterparty"].astype(np.int64)), rows["counterparty"] >= 0),
        is_declined=rows["is_declined"],
    )


def payment_table(people: People, events: Events) -> pa.Table:
    """What was repaid on cards; a repayment of the customer's own shows on the current account as well."""
    rows = events[events["kind"] == _PAYMENT]
    number = people.number[rows["who"]]
    return contract_table(
        "payments",
        len(rows),
        payment_id=numbered("Y", number, 6, (rank_within(rows["who"]), 3)),
        customer_id=customer_ids(number),
        account_id=card_account_ids(number),
        paid_at=rows["at_us"],
        recorded_at=recorded_us(rows["at_us"]),
        payment_amt=rows["amount_amt"],
        source=coded(rows["by_other"].astype(np.int64), ("own", "third_party")),
    )

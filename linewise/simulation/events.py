"""What happens on an account, as one structured array: a row an event, columns by name."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from linewise.simulation.chance import Ints
from linewise.simulation.days import Month, local_us
from linewise.simulation.people import MERCHANT_GROUPS

__all__ = [
    "CATEGORIES",
    "CHANNELS",
    "COUNTRIES",
    "EVENT",
    "KINDS",
    "MCCS",
    "Events",
    "in_order",
    "joined",
    "new_events",
    "within",
]

Events = NDArray[np.void]

# "payment" never reaches the transactions: a card's payments have a contract table of their own.
KINDS = (
    "purchase", "refund", "cash_withdrawal", "cash_deposit", "transfer_in", "transfer_out", "fee", "interest",
    "penalty_interest", "payment",
)  # fmt: skip
CATEGORIES = ("salary", "pension", "household", "insurance", "leasing", "loan")
CHANNELS = ("pos", "online", "atm", "branch", "app", "system")
COUNTRIES = ("CN", "HK", "US")
MCCS = tuple(group.mcc for group in MERCHANT_GROUPS)

EVENT = np.dtype(
    [
        ("who", np.int32), ("at_us", np.int64), ("amount_amt", np.int64), ("is_credit", np.bool_),
        ("kind", np.int8), ("category", np.int8), ("mcc", np.int8), ("merchant", np.int16),
        ("counterparty", np.int32), ("channel", np.int8), ("country", np.int8), ("on_card", np.bool_),
        ("is_repayment", np.bool_), ("by_other", np.bool_), ("may_fail", np.bool_), ("is_declined", np.bool_),
        ("balance_amt", np.int64),
    ]
)  # fmt: skip
_NONE = {"category": -1, "mcc": -1, "merchant": -1, "counterparty": -1}
_CODES = {"kind": KINDS, "category": CATEGORIES, "channel": CHANNELS}


def new_events(who: Ints, at_us: ArrayLike, amount_amt: ArrayLike, kind: str, **columns: Any) -> Events:
    """Events of one kind with a positive amount; those of no amount are left out.

    `who` (n,) is the row of the customer; other columns broadcast, and words of kind, category and
    channel are turned into their codes.
    """
    events = np.zeros(len(who), dtype=EVENT)
    for name, value in ({"channel": "system"} | _NONE | columns | {"kind": kind}).items():
        events[name] = _CODES[name].index(value) if isinstance(value, str) else value
    events["who"], events["at_us"], events["amount_amt"] = who, at_us, amount_amt
    return events[events["amount_amt"] > 0]


def joined(parts: list[Events]) -> Events:
    """The parts one after the other; none of them gives no event."""
    return np.concatenate(parts) if parts else np.zeros(0, dtype=EVENT)


def within(events: Events, month: Month) -> Events:
    """Those that happen before the month's last delivered day is over, in order."""
    return in_order(events[events["at_us"] < local_us(month.last_day + 1)])


def in_order(events: Events) -> Events:
    """By customer and moment; of one moment, in the order in which they were given."""
    return events[np.lexsort((events["at_us"], events["who"]))]

"""Which actions are of use to a customer at all: the channel carries them, and something speaks for them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Ints

__all__ = ["help_ranks", "relevance"]


def relevance(columns: Mapping[str, NDArray[Any]], offers: Offers, channel: str) -> Bools:
    """Whether each action is relevant, (n_customers, n_offers).

    `columns` are those of `offer_columns`. One of the columns named by an action must be known and above
    zero; an action that names none is relevant to everybody. What is not known speaks for nothing.
    """
    is_relevant = np.ones((len(columns["current_limit_amt"]), len(offers)), dtype=np.bool_)
    for place, (names, channels) in enumerate(zip(offers.relevant_when, offers.channels, strict=True)):
        if channel not in channels:
            is_relevant[:, place] = False
        elif names:
            is_relevant[:, place] = False
            for name in names:
                # A comparison with NaN is false, and a column that this door does not know speaks for nothing.
                if name in columns:
                    is_relevant[:, place] |= _of_place(columns[name], place) > 0
    return is_relevant


def _of_place(column: NDArray[Any], place: int) -> NDArray[Any]:
    """What a column says of one offer, (n_customers,) or (1,)."""
    if column.ndim == 1:
        return column
    return np.asarray(column[:, place if column.shape[1] > 1 else 0])


def help_ranks(is_relevant: Bools, offers: Offers, shown_count: int) -> Ints:
    """The place of what helps or must be told, (n_customers, n_offers), -1 where it is not shown.

    What is mandatory comes first and is always shown; then at most `shown_count` services, those that
    something of this customer speaks for before those that are there for everybody, in the order of the
    catalogue.
    """
    speaks = np.array([bool(names) for names in offers.relevant_when], dtype=np.bool_)
    is_mandatory = offers.is_mandatory
    # Smaller comes first: mandatory 0, a service that is called for 1, a general one 2, all else 3.
    lane = np.where(is_mandatory, 0, np.where(offers.serves, np.where(speaks, 1, 2), 3))
    lanes = np.where(is_relevant & offers.serves[None, :], lane[None, :], 3)
    order = np.argsort(lanes, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(len(offers))[None, :].repeat(len(order), axis=0), axis=1)
    mandatory_count = (lanes == 0).sum(axis=1, keepdims=True)
    is_shown = (lanes < 3) & ((lanes == 0) | (place < mandatory_count + shown_count))
    return np.asarray(np.where(is_shown, place, -1), dtype=np.int64)

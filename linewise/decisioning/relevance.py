"""Which actions are of use to a customer at all: the channel carries them, and something speaks for them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.choosing import help_places, spoken_for
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Ints

__all__ = ["help_ranks", "relevance"]


def relevance(columns: Mapping[str, NDArray[Any]], offers: Offers, channel: str) -> Bools:
    """Whether each action is relevant, (n_customers, n_offers).

    `columns` are those of `offer_columns`. One of the columns named by an action must be known and above
    zero; an action that names none is relevant to everybody. What is not known speaks for nothing.
    """
    needs_nothing, named_by = _named_by(offers)
    is_relevant = np.tile(needs_nothing, (len(columns["current_limit_amt"]), 1))
    # A column that this door does not know speaks for nothing.
    known = [name for name in named_by if name in columns]
    of_customer = [name for name in known if columns[name].ndim == 1]
    if of_customer:
        speaks = np.array([columns[name] for name in of_customer], dtype=np.float64)
        spoken_for(speaks, np.array([named_by[name] for name in of_customer]), is_relevant)
    for name in known:
        if columns[name].ndim > 1:
            is_relevant |= (columns[name] > 0) & named_by[name]
    return is_relevant & _carried_by(offers, channel)


@lru_cache(maxsize=16)
def _named_by(offers: Offers) -> tuple[Bools, Mapping[str, Bools]]:
    """Which actions are relevant to everybody, (n_offers,), and which ones each column speaks for."""
    names = dict.fromkeys(name for one in offers.relevant_when for name in one)
    return (
        np.array([not one for one in offers.relevant_when], dtype=np.bool_),
        {name: np.array([name in one for one in offers.relevant_when], dtype=np.bool_) for name in names},
    )


@lru_cache(maxsize=64)
def _carried_by(offers: Offers, channel: str) -> Bools:
    """Which actions the channel carries, (n_offers,)."""
    return np.array([channel in channels for channels in offers.channels], dtype=np.bool_)


def help_ranks(is_relevant: Bools, offers: Offers, shown_count: int) -> Ints:
    """The place of what helps or must be told, (n_customers, n_offers), -1 where it is not shown.

    What is mandatory comes first and is always shown; then at most `shown_count` services, those that
    something of this customer speaks for before those that are there for everybody, in the order of the
    catalogue.
    """
    return np.asarray(help_places(is_relevant, _lanes(offers), shown_count))


@lru_cache(maxsize=16)
def _lanes(offers: Offers) -> Ints:
    """What comes first, (n_offers,): mandatory 0, a service that is called for 1, a general one 2, all else 3."""
    speaks = np.array([bool(names) for names in offers.relevant_when], dtype=np.bool_)
    return np.where(offers.is_mandatory, 0, np.where(offers.serves, np.where(speaks, 1, 2), 3))

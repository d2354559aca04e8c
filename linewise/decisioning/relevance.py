"""Which actions are of use to a customer at all: the channel carries them, and something speaks for them."""

from functools import lru_cache

import numpy as np

from linewise.decisioning.choosing import help_places, spoken_for
from linewise.decisioning.described import Described
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Ints

__all__ = ["help_ranks", "relevance"]


def relevance(described: Described, offers: Offers, channel: str) -> Bools:
    """Whether each action is relevant, (n_customers, n_offers), by what is described as in `offer_columns`.

    One of the columns named by an action must be known and above zero; an action that names none is relevant to
    everybody. What is not known speaks for nothing, be it that this door does not know it at all.
    """
    names, named_by = _named_by(offers)
    columns, count = [*map(described.get, names)], len(described)
    speaks = np.full((len(names), count), np.nan)
    of_pairs = []
    for place, column in enumerate(columns):
        if column is not None and column.ndim == 1:
            speaks[place] = column
        elif column is not None:
            of_pairs.append((place, column))
    is_relevant = np.asarray(spoken_for(speaks, named_by, _needs_nothing(offers), _carried_by(offers, channel)))
    for place, column in of_pairs:
        is_relevant |= (column > 0) & named_by[place] & _carried_by(offers, channel)
    return is_relevant


@lru_cache(maxsize=16)
def _named_by(offers: Offers) -> tuple[tuple[str, ...], Bools]:
    """The columns that speak for actions, and for which ones each does, (n_columns, n_offers)."""
    names = tuple(dict.fromkeys(name for one in offers.relevant_when for name in one))
    named_by = [[name in one for one in offers.relevant_when] for name in names]
    return names, np.array(named_by, dtype=np.bool_).reshape(len(names), len(offers))


@lru_cache(maxsize=16)
def _needs_nothing(offers: Offers) -> Bools:
    """Which actions are relevant to everybody, (n_offers,)."""
    return np.array([not one for one in offers.relevant_when], dtype=np.bool_)


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

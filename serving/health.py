"""Whether a worker can serve a call, told to whoever sends it calls."""

from collections.abc import Callable

from linewise.core.errors import LinewiseError
from linewise.ledger.reaching import reaching
from linewise.ledger.stops import read_stops
from serving.scoring.recommender import Recommender

__all__ = ["can_serve"]


def can_serve(recommender: Callable[[], Recommender]) -> bool:
    """Whether the parts of the home are there and the record answers.

    A release that somebody stopped, or features that are old, take suggestions away and no call: that is still served.
    """
    try:
        ledger = recommender().ledger
        with reaching(), ledger.engine.connect() as connection:
            read_stops(connection)
    except LinewiseError:
        return False
    return True

"""Which calls somebody should listen to, and why; whose they are is not said, and nobody is ranked."""

from collections.abc import Mapping, Sequence

from linewise.ledger.listening import SIGNS, CallToHear, Handled, calls_by_lot, calls_with, handled_by_agent
from linewise.ledger.team_tallies import Span
from linewise.ledger.within import Transaction
from linewise.quality.peers import outliers_of
from linewise.quality.shares import Share

__all__ = ["MOST_BY_LOT", "MOST_OF_SIGN", "CallToHear", "calls_to_hear"]

MOST_OF_SIGN = 10
MOST_BY_LOT = 3


def calls_to_hear(connection: Transaction, span: Span, call_count: int, seed: int) -> Sequence[CallToHear]:
    """Calls in which something is handled far otherwise than peers handle it, and some by lot; the latest first.

    call_count: how many were answered. seed: of the lot; the same gives the same calls.
    """
    handled = handled_by_agent(connection, span)
    found = [
        one
        for sign in SIGNS
        for one in calls_with(connection, span, sign, outliers_of(_shares(handled[sign])), MOST_OF_SIGN)
    ]
    if call_count:
        found += calls_by_lot(connection, span, call_count, MOST_BY_LOT, seed)
    return sorted(found, key=lambda one: (one.at, one.call_id, one.why), reverse=True)


def _shares(handled: Mapping[str, Handled]) -> dict[str, Share]:
    return {agent_id: Share(one.count, one.of_count) for agent_id, one in handled.items()}

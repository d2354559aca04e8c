"""What became of orders once a customer had time to think: kept, cancelled, settled early, complained of."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from linewise.ledger.outcome_tables import outcomes
from linewise.ledger.team_tallies import Span, naive, spoken_in

__all__ = ["KeptOrders", "kept_orders"]

ENDS = ("cancelled_in_cooling_off", "settled_early", "complaint_within_30d")
OTHERWISE = ("declined", "postponed", "not_pitched")


@dataclass(frozen=True, slots=True)
class KeptOrders:
    """Orders of a span, and how many of them have come to each end by now; kept: to none of them."""

    ordered: int
    kept: int
    cancelled: int
    settled_early: int
    complained: int


def kept_orders(connection: Connection, span: Span) -> KeptOrders:
    """Orders that stood in that time; one that was answered otherwise since is counted as cancelled."""
    # Ends are few beside orders: they are read once, and not looked for behind each order.
    told = outcomes.alias("told")
    of = (told.c.decision_id, told.c.offer_id)
    came = [func.max(case((told.c.outcome == name, 1), else_=0)).label(name) for name in ENDS]
    ends = (
        select(*of, *came)
        .where(told.c.outcome.in_(ENDS), told.c.occurred_at >= naive(span.start))
        .group_by(*of)
        .subquery()
    )
    is_same = and_(ends.c.decision_id == outcomes.c.decision_id, ends.c.offer_id == outcomes.c.offer_id)
    has = {name: func.coalesce(ends.c[name], 0) == 1 for name in ENDS}
    is_cancelled = or_(has["cancelled_in_cooling_off"], _is_answered_otherwise())
    is_kept = ~or_(is_cancelled, has["settled_early"], has["complaint_within_30d"])
    counted = (is_kept, is_cancelled, has["settled_early"], has["complaint_within_30d"])
    query = (
        select(func.count(), *(func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in counted))
        .select_from(outcomes.outerjoin(ends, is_same))
        .where(outcomes.c.outcome == "ordered", outcomes.c.repeat_number == 0, spoken_in(span))
    )
    return KeptOrders(*(int(value) for value in connection.execute(query).one()))


def _is_answered_otherwise() -> ColumnElement[bool]:
    """Whether another answer was given to the same action after the order."""
    later = outcomes.alias("later")
    is_same = and_(later.c.decision_id == outcomes.c.decision_id, later.c.offer_id == outcomes.c.offer_id)
    # Joined to an empty text: the action is found by its key, and not among all answers of that kind.
    is_otherwise = later.c.outcome.concat("").in_(OTHERWISE)
    return select(1).where(is_same, later.c.sequence > outcomes.c.sequence, is_otherwise).exists()

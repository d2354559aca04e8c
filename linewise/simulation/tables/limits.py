"""The tables of credit limits: what changed, and what was asked for."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import (
    DECISIONS,
    LIMIT_CHANGE,
    LIMIT_REASONS,
    LIMIT_REQUEST,
    REFUSALS,
    REQUESTS,
)
from linewise.simulation.ranking import rank_within
from linewise.simulation.tables.chunk import CARD, DAY_US, HOUR_US, Chunk, Happenings
from linewise.simulation.tables.columns import coded, contract_table, in_order, moments, optional
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["limit_change_table", "limit_request_table", "told_us"]

_EVENT_DIGITS = 4
_LOAN, _NEW_LINE = 0, 1
_APPROVED, _COUNTERED = 0, 1
_DORMANT = LIMIT_REASONS.index("dormant")
_LATE_RATIO = 0.03
"""Of notices: nobody's post is always in time, and a rule that never fires cannot be tested."""


def limit_change_table(chunk: Chunk) -> pa.Table:
    """The changes of the card's limit, by customer and moment; one announced ahead is in the books by then."""
    events = chunk.events(LIMIT_CHANGE)
    return contract_table(
        "limit_changes",
        len(events),
        change_id=identifiers("LC", (events.number, CUSTOMER_DIGITS), (events.rank, _EVENT_DIGITS)),
        customer_id=chunk.customer_ids(events.person),
        account_id=chunk.account_ids(events.person, CARD),
        changed_at=moments(events.at_us),
        recorded_at=moments(np.minimum(events.at_us, told_us(chunk, events))),
        old_limit_amt=events["a"],
        new_limit_amt=events["b"],
        initiated_by=coded(events["c"], ("customer", "bank")),
        decision=coded(events["d"], LIMIT_REASONS),
        currency=chunk.currency,
    )


def told_us(chunk: Chunk, changes: Happenings) -> Ints:
    """When the customer was told of each change, (n_changes,); some later than the rules ask.

    A dormant card's limit is cut no sooner than three working days after the notice (商业银行信用卡业务监督
    管理办法, 2011, Art. 51), a cut of an active one is told within 30 days (12 CFR 1002.9), a raise at once.
    """
    number, rank, at_us = changes.number, changes.rank, changes.at_us
    is_late = chunk.chance.happens(_LATE_RATIO, "told late", number, rank)
    before = np.where(is_late, 1, chunk.chance.between(10, 20, "told before", number, rank))
    after = np.where(is_late, 33, chunk.chance.between(0, 12, "told after", number, rank))
    is_cut = changes["b"] < changes["a"]
    days = np.select([changes["d"] == _DORMANT, is_cut, is_late], [-before, after, 5], 0)
    return np.asarray(at_us + days * DAY_US + HOUR_US // 12)


def limit_request_table(chunk: Chunk) -> pa.Table:
    """The card itself where it was opened in the data, and what was asked for since, by customer and moment."""
    events = chunk.events(LIMIT_REQUEST)
    opened = np.flatnonzero(chunk.of_people("card_day") >= chunk.world.calendar.first_day)
    first, asked = _cards_asked(chunk, opened)
    none = np.full(len(opened), -1, dtype=np.int64)
    person = np.concatenate([opened, events.person])
    at_us = np.concatenate([chunk.opened_us(CARD)[opened] - HOUR_US, events.at_us])
    order = in_order(person, at_us)

    def joined(of_card: Ints, field: str) -> Ints:
        return np.concatenate([of_card, events[field]])[order]

    person, at_us = person[order], at_us[order]
    kind = joined(none * 0 + _NEW_LINE, "a")
    offered, taken = joined(first, "c"), joined(first, "d")
    term = joined(none, "g")
    return contract_table(
        "limit_requests",
        len(person),
        request_id=identifiers("RQ", (chunk.number[person], CUSTOMER_DIGITS), (rank_within(person), _EVENT_DIGITS)),
        customer_id=chunk.customer_ids(person),
        account_id=_where(chunk.account_ids(person, CARD), kind > _NEW_LINE),
        requested_at=moments(at_us),
        recorded_at=moments(at_us),
        kind=coded(kind, REQUESTS),
        asked_amt=joined(asked, "b"),
        offered_amt=optional(offered, offered >= 0),
        taken_amt=optional(taken, taken >= 0),
        term_months=optional(term, term > 0),
        decision=coded(joined(np.where(asked > first, _COUNTERED, _APPROVED), "e"), DECISIONS),
        reason_codes=coded(joined(none, "f"), REFUSALS),
        initiated_by="customer",
        currency=chunk.currency,
    )


def _cards_asked(chunk: Chunk, person: Ints) -> tuple[Ints, Ints]:
    """The limit that each of these customers got with the card, and the one asked for; half ask for more."""
    first = chunk.of_people("first_limit_amt")[person]
    number, step = chunk.number[person], chunk.world.profile.terms.limit_step_amt
    more = 0.6 * chunk.chance.uniform("card asked more", number) * chunk.chance.happens(0.5, "card asked", number)
    return first, np.floor(first * (1 + more) / step).astype(np.int64) * step


def _where(values: pa.DictionaryArray, is_there: NDArray[np.bool_]) -> pa.DictionaryArray:
    codes = np.where(is_there, values.indices.to_numpy(), -1)
    return coded(codes, values.dictionary)

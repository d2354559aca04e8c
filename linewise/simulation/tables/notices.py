"""The table of what the bank told its customers: of privacy, limits, plans, refusals and complaints."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from linewise.simulation.chance import Floats, Ints
from linewise.simulation.lives.record import (
    CASE,
    CASES,
    DECISIONS,
    LIMIT_CHANGE,
    LIMIT_REASONS,
    LIMIT_REQUEST,
    PLAN,
    PLANS,
    REQUESTS,
)
from linewise.simulation.ranking import rank_within
from linewise.simulation.tables.chunk import DAY_US, HOUR_US, Chunk, Happenings
from linewise.simulation.tables.columns import coded, contract_table, in_order, moments, text_versions
from linewise.simulation.tables.limits import told_us
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["notice_table"]

_PURPOSES = (
    "privacy", "limit_raised", "limit_cut", "limit_cut_dormant", "temporary_limit", "adverse_action",
    "counter_offer", "credit_cost", "art70_terms", "complaint_answer",
)  # fmt: skip
(
    _PRIVACY, _RAISED, _CUT, _CUT_DORMANT, _TEMPORARY, _ADVERSE, _COUNTER, _COST, _ART70_TERMS, _ANSWER,
) = range(len(_PURPOSES))  # fmt: skip
_CHANNELS = ("sms", "email", "post", "push")
_YEAR_DAYS = 300
"""The yearly notice on privacy went out so many days before the end of the data."""
_FORGOTTEN_RATIO, _LATE_RATIO = 0.01, 0.03
_NOTICE_DIGITS = 3
_DORMANT, _COMPLAINT, _ART70 = LIMIT_REASONS.index("dormant"), CASES.index("complaint"), PLANS.index("art70")
_REFUSED, _COUNTERED = DECISIONS.index("refused"), DECISIONS.index("countered")
_APPROVED, _TEMPORARY_ASKED = DECISIONS.index("approved"), REQUESTS.index("temporary")


class _Sent(NamedTuple):
    """Notices, (n,) each."""

    person: Ints
    at_us: Ints
    purpose: Ints


def notice_table(chunk: Chunk) -> pa.Table:
    """The notices sent by the end of the data, by customer and moment; some late, some forgotten."""
    parts = [_privacy(chunk), _limits(chunk), _answers(chunk), _plans(chunk), _complaints(chunk)]
    person, at_us, purpose = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = in_order(person, at_us)
    person, at_us, purpose = person[order], at_us[order], purpose[order]
    rank = rank_within(person)
    is_sent = at_us <= chunk.until_us
    is_sent &= ~chunk.chance.happens(_FORGOTTEN_RATIO, "notice forgotten", chunk.number[person], rank)
    person, at_us, purpose, rank = person[is_sent], at_us[is_sent], purpose[is_sent], rank[is_sent]
    number = chunk.number[person]
    channel = chunk.chance.pick(_channel_weights(chunk, len(person)), "notice channel", number, rank)
    return contract_table(
        "notices",
        len(person),
        notice_id=identifiers("NO", (number, CUSTOMER_DIGITS), (rank, _NOTICE_DIGITS)),
        customer_id=chunk.customer_ids(person),
        purpose=coded(purpose, _PURPOSES),
        channel=coded(channel, _CHANNELS),
        text_version=text_versions(at_us),
        sent_at=moments(at_us),
        recorded_at=moments(at_us),
    )


def _channel_weights(chunk: Chunk, count: int) -> Floats:
    """By country: messages in China, letters and mail in the United States."""
    weights = {"cn": (0.7, 0.05, 0.02, 0.23), "us": (0.1, 0.45, 0.35, 0.1)}[chunk.world.country]
    return np.broadcast_to(np.array(weights), (count, len(_CHANNELS)))


def _privacy(chunk: Chunk) -> _Sent:
    """With the card, and to everyone once a year."""
    day = chunk.world.calendar.last_day - _YEAR_DAYS
    opened_day = chunk.of_people("card_day").astype(np.int64)
    yearly = np.flatnonzero(opened_day < day)
    person = np.concatenate([np.arange(len(chunk)), yearly])
    at_us = np.concatenate([chunk.local_us(opened_day, 9.25), np.full(len(yearly), int(chunk.local_us(day, 10.0)))])
    return _Sent(person, at_us, np.full(len(person), _PRIVACY))


def _limits(chunk: Chunk) -> _Sent:
    changes = chunk.events(LIMIT_CHANGE)
    is_cut = changes["b"] < changes["a"]
    purpose = np.where(is_cut, np.where(changes["d"] == _DORMANT, _CUT_DORMANT, _CUT), _RAISED)
    return _Sent(changes.person, told_us(chunk, changes), purpose)


def _answers(chunk: Chunk) -> _Sent:
    """Refusals within 30 days, counter-offers that were not taken within 90 (12 CFR 1002.9); in China at once."""
    requests = chunk.events(LIMIT_REQUEST)
    decision, is_taken = requests["e"], requests["d"] >= 0
    is_temporary = (decision == _APPROVED) & (requests["a"] == _TEMPORARY_ASKED)
    is_refused, is_open = decision == _REFUSED, (decision == _COUNTERED) & ~is_taken
    purpose = np.select([is_refused, is_open], [_ADVERSE, _COUNTER], _TEMPORARY)
    if chunk.world.country == "us":
        allowed = np.select([is_refused, is_open], [30, 90], 1)
        days = np.floor(allowed * chunk.chance.uniform("answer days", requests.number, requests.rank))
        sent_us = _after(chunk, requests, days, allowed + 6)
    else:
        sent_us = _after(chunk, requests, np.zeros(len(requests)), np.full(len(requests), 6))
    is_wanted = is_refused | is_open | is_temporary
    return _Sent(requests.person[is_wanted], sent_us[is_wanted], purpose[is_wanted])


def _plans(chunk: Chunk) -> _Sent:
    """The material terms after the call or the click, with the way to end the plan early."""
    plans = chunk.events(PLAN)
    purpose = np.where(plans["a"] == _ART70, _ART70_TERMS, _COST)
    return _Sent(plans.person, _after(chunk, plans, np.zeros(len(plans)), np.full(len(plans), 9)), purpose)


def _complaints(chunk: Chunk) -> _Sent:
    """An answer within fifteen days, of some later."""
    cases = chunk.events(CASE)
    cases = cases.where(cases["a"] == _COMPLAINT)
    days = chunk.chance.between(1, 13, "complaint days", cases.number, cases.rank)
    return _Sent(cases.person, _after(chunk, cases, days, days + 14), np.full(len(cases), _ANSWER))


def _after(chunk: Chunk, events: Happenings, days: Floats | Ints, late_days: Ints) -> Ints:
    """An hour and so many days after each event; of a few so many days as are too late."""
    is_late = chunk.chance.happens(_LATE_RATIO, "answered late", events.number, events["kind"] * 1000 + events.rank)
    wanted = np.where(is_late, late_days, days).astype(np.int64)
    return np.asarray(events.at_us + wanted * DAY_US + HOUR_US)

"""The table of what customers agreed to: with the card, with each instalment plan, and what some took back."""

from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from linewise.simulation.calendar import DAY_S, day_of
from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import PLAN, PLANS
from linewise.simulation.ranking import rank_within
from linewise.simulation.tables.chunk import HOUR_US, Chunk
from linewise.simulation.tables.columns import coded, contract_table, in_order, moments, text_versions
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["consent_table"]


class _Purpose(NamedTuple):
    """What is agreed to with the card: share of customers who do, and of these who took it back since."""

    name: str
    given: float
    withdrawn: float
    scope: str | None = None


_COMMON = (
    _Purpose("marketing", 0.78, 0.08, "sms,telephone,push,email"),
    _Purpose("profiling", 0.72, 0.06),
    _Purpose("credit_enquiry", 0.97, 0.01, "card"),
    _Purpose("limit_increase", 0.70, 0.04, "card"),
    _Purpose("over_limit", 0.20, 0.10, "card"),
    _Purpose("affiliate_sharing", 0.45, 0.12, "insurance"),
)
_BY_COUNTRY = {
    # Sensitive data: PIPL 28-29. Decisions by automation alone: PIPL 24(3). A dormant line: card rules 2011, Art. 51.
    "cn": (
        _Purpose("sensitive_data", 0.96, 0.01),
        _Purpose("automated_decision", 0.90, 0.03),
        _Purpose("limit_cut_when_dormant", 0.90, 0.0, "card"),
    ),
    # Calls by automatic means: 47 CFR 64.1200. Prescreened offers: FCRA 604(e).
    "us": (_Purpose("automated_calls", 0.60, 0.10, "telephone"), _Purpose("prescreen", 0.93, 0.07)),
}
# A student's card needs the written consent of whoever would repay instead (card rules 2011, Art. 45).
_SECOND_REPAYER = _Purpose("second_repayer", 0.60, 0.03, "card")
_STUDENT = 2
_GIVEN_ANEW_RATIO = 0.15
# Boxes ticked in advance were common until the rule of July 2022 (银保监规〔2022〕13号) forbade them.
_TICKED_UNTIL = day_of(date(2022, 7, 7))
_TICKED_BEFORE, _TICKED_SINCE = 0.15, 0.01
_PLAN_CONSENT_RATIO = 0.985
_CHANNELS = ("branch", "online", "app", "telephone")
_BRANCH, _APP, _TELEPHONE = 0, 2, 3
_LOAN, _ART70 = PLANS.index("loan"), PLANS.index("art70")
_CONSENT_DIGITS = 3


class _Acts(NamedTuple):
    """Acts of consent, (n,) each; withdrawn_us is 0 while it holds, scope is -1 for none."""

    person: Ints
    given_us: Ints
    withdrawn_us: Ints
    purpose: Ints
    scope: Ints
    channel: Ints


def consent_table(chunk: Chunk) -> pa.Table:
    """The acts of consent, by customer and moment."""
    purposes = (*_COMMON, *_BY_COUNTRY[chunk.world.country], _SECOND_REPAYER)
    scopes = (*sorted({one.scope for one in purposes if one.scope}), *PLANS)
    parts = [*_with_card(chunk, purposes, scopes), _with_plans(chunk, len(purposes), len(scopes) - len(PLANS))]
    acts = _Acts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    order = in_order(acts.person, acts.given_us)
    acts = _Acts(*(column[order] for column in acts))
    number, rank = chunk.number[acts.person], rank_within(acts.person)
    given_day = acts.given_us // (DAY_S * 1_000_000)
    ticked = np.where(given_day < _TICKED_UNTIL, _TICKED_BEFORE, _TICKED_SINCE)
    names = (*(one.name for one in purposes), "instalment", "loan_contract", "art70_terms")
    return contract_table(
        "consents",
        len(order),
        consent_id=identifiers("CO", (number, CUSTOMER_DIGITS), (rank, _CONSENT_DIGITS)),
        customer_id=chunk.customer_ids(acts.person),
        purpose=coded(acts.purpose, names),
        scope=coded(acts.scope, scopes),
        channel=coded(acts.channel, _CHANNELS),
        text_version=text_versions(acts.given_us),
        is_own_act=~chunk.chance.happens(ticked, "ticked in advance", number, rank),
        given_at=moments(acts.given_us),
        withdrawn_at=moments(acts.withdrawn_us, acts.withdrawn_us > 0),
        recorded_at=moments(acts.given_us),
    )


def _with_card(chunk: Chunk, purposes: tuple[_Purpose, ...], scopes: tuple[str, ...]) -> list[_Acts]:
    """What was agreed to when the card was opened, and what of it was taken back and given anew since."""
    chance, last_day = chunk.chance, chunk.world.calendar.last_day
    index = np.arange(len(purposes))[None, :]
    number = chunk.number[:, None]
    given = np.broadcast_to([one.given for one in purposes], (len(chunk), len(purposes))).copy()
    given[chunk.of_people("employment") != _STUDENT, -1] = 0.0
    person, purpose = np.nonzero(chance.happens(given, "consents", number, index))
    number, card_day = chunk.number[person], chunk.of_people("card_day").astype(np.int64)[person]
    scope = np.array([scopes.index(one.scope) if one.scope else -1 for one in purposes])[purpose]
    channel = chance.between(_BRANCH, _APP, "joined through", chunk.number)[person]
    channel[purpose == len(purposes) - 1] = _BRANCH  # in writing
    given_us = chunk.local_us(card_day, 8.75)

    days = np.maximum(last_day - card_day, 0)
    back_day = card_day + 1 + np.floor(days * chance.uniform("withdrawn on", number, purpose)).astype(np.int64)
    is_back = chance.happens(np.array([one.withdrawn for one in purposes])[purpose], "withdraws", number, purpose)
    is_back &= back_day < last_day
    withdrawn_us = np.where(is_back, chunk.local_us(np.minimum(back_day, last_day), 18.0), 0)
    first = _Acts(person, given_us, withdrawn_us, purpose, scope, channel)

    span = np.maximum(last_day - back_day, 1)
    anew_day = back_day + 1 + np.floor((span - 1) * chance.uniform("given anew on", number, purpose)).astype(np.int64)
    is_anew = is_back & chance.happens(_GIVEN_ANEW_RATIO, "given anew", number, purpose)
    anew_us = chunk.local_us(np.minimum(anew_day, last_day), 12.0)
    again = _Acts(person, anew_us, np.zeros_like(anew_us), purpose, scope, np.full_like(channel, _APP))
    return [first, _Acts(*(column[is_anew] for column in again))]


def _with_plans(chunk: Chunk, first_purpose: int, first_scope: int) -> _Acts:
    """The customer's word for each plan and loan, a contract of its own; of a few it is missing."""
    events = chunk.events(PLAN)
    has_one = chunk.chance.happens(_PLAN_CONSENT_RATIO, "plan is confirmed", events.number, events.rank)
    events = events.where(has_one)
    kind = events["a"]
    purpose = first_purpose + np.select([kind == _LOAN, kind == _ART70], [1, 2], 0)
    channel = np.select([kind == _LOAN, kind == _ART70], [_BRANCH, _TELEPHONE], _APP)
    given_us = events.at_us - HOUR_US // 6
    return _Acts(events.person, given_us, np.zeros_like(given_us), purpose, first_scope + kind, channel)

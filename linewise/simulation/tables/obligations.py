"""The table of credit at other lenders, as each enquiry found it."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import INCOME, LENDERS, OBLIGATION, OBLIGATIONS
from linewise.simulation.ranking import rank_within
from linewise.simulation.tables.chunk import HOUR_US, Chunk
from linewise.simulation.tables.columns import coded, contract_table, in_order, moments
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["obligation_table"]

_EVENT_DIGITS = 4
_REVIEWED_RATIO, _AUTHORISED_RATIO, _PURPOSE_RATIO = 0.85, 0.97, 0.99
_REPORT_KEPT_DAYS = 730
_PURPOSES = ("card_application", "review_of_credit", "loan_application")
_APPLICATION, _REVIEW, _FOR_LOAN = range(3)
_LOAN, _CARD, _MORTGAGE, _OTHER = (OBLIGATIONS.index(kind) for kind in ("loan", "card", "mortgage", "other"))
_CARDS_AT_MOST = 3
_SECOND_CARD_RATIO, _THIRD_CARD_RATIO = 0.35, 0.10
_MORTGAGE_MONTHS_LEFT = 120


class _Enquiries(NamedTuple):
    """Reports that were drawn, (n,) each."""

    person: Ints
    at_us: Ints
    purpose: Ints


class _Debts(NamedTuple):
    """Rows of these reports, (n,) each; a lender of -1 is nobody."""

    person: Ints
    at_us: Ints
    purpose: Ints
    kind: Ints
    lender: Ints
    limit_amt: Ints
    balance_amt: Ints
    payment_amt: Ints


def obligation_table(chunk: Chunk) -> pa.Table:
    """What each enquiry found, by customer and moment.

    Enquiries are made when a card or a loan is asked for, and once a year to look after the card. One that
    found nothing says so in a row of the kind `other`, with amounts of 0 and no lender.
    """
    loans = _loans(chunk)
    parts = [loans, *(_found(chunk, enquiries, loans) for enquiries in _enquiries(chunk))]
    debts = _Debts(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    order = in_order(debts.person, debts.at_us)
    debts = _Debts(*(column[order] for column in debts))
    number, at_s = chunk.number[debts.person], debts.at_us // 1_000_000
    has_purpose = chunk.chance.happens(_PURPOSE_RATIO, "enquiry has purpose", number, at_s)
    return contract_table(
        "obligations",
        len(order),
        obligation_id=identifiers("OB", (number, CUSTOMER_DIGITS), (rank_within(debts.person), _EVENT_DIGITS)),
        customer_id=chunk.customer_ids(debts.person),
        kind=coded(debts.kind, OBLIGATIONS),
        lender=coded(debts.lender, LENDERS),
        limit_amt=debts.limit_amt,
        balance_amt=debts.balance_amt,
        payment_amt=debts.payment_amt,
        currency=chunk.currency,
        enquired_at=moments(debts.at_us),
        purpose=coded(np.where(has_purpose, debts.purpose, -1), _PURPOSES),
        is_authorised=chunk.chance.happens(_AUTHORISED_RATIO, "enquiry is authorised", number, at_s),
        recorded_at=moments(debts.at_us),
    )


def _loans(chunk: Chunk) -> _Debts:
    """The loans elsewhere that the lives tell of, found when a loan was asked for here."""
    events = chunk.events(OBLIGATION)
    events = events.where(events["a"] == _LOAN)
    purpose, kind = np.full(len(events), _FOR_LOAN), np.full(len(events), _LOAN)
    return _Debts(
        events.person.astype(np.int64), events.at_us, purpose, kind, events["e"], events["b"], events["c"], events["d"]
    )


def _enquiries(chunk: Chunk) -> list[_Enquiries]:
    calendar, everyone = chunk.world.calendar, np.arange(len(chunk))
    card_day = chunk.of_people("card_day").astype(np.int64)
    is_kept = card_day >= calendar.last_day - _REPORT_KEPT_DAYS
    review_day = calendar.last_day - chunk.chance.between(3, 364, "credit review day", chunk.number)
    is_made = chunk.chance.happens(_REVIEWED_RATIO, "credit review", chunk.number) & (review_day > card_day)
    of_loans = chunk.events(INCOME)  # evidence comes with each request for a loan, an hour before the report
    found = []
    for purpose, who, at_us in (
        (_APPLICATION, everyone[is_kept], chunk.local_us(card_day[is_kept], 8.0)),
        (_REVIEW, everyone[is_made], chunk.local_us(review_day[is_made], 8.0)),
        (_FOR_LOAN, of_loans.person.astype(np.int64), of_loans.at_us + HOUR_US),
    ):
        found.append(_Enquiries(who, at_us, np.full(len(who), purpose)))
    return found


def _found(chunk: Chunk, enquiries: _Enquiries, loans: _Debts) -> _Debts:
    """Cards and mortgages elsewhere as these enquiries find them, (n_enquiries, n_slots) unrolled."""
    person, at_us = enquiries.person, enquiries.at_us
    number, terms = chunk.number[person], chunk.world.profile.terms
    limit, mortgage = chunk.of_people("other_limit_amt")[person], chunk.of_people("mortgage_amt")[person]
    # The debt of other cards goes up and down between two enquiries, within their limit.
    drift = 0.7 + 0.6 * chunk.chance.uniform("debt elsewhere", number, at_us // 1_000_000)
    debt = np.minimum(chunk.of_people("other_debt_amt")[person] * drift, limit)
    cards = _cards_elsewhere(chunk)[person]
    share = limit // np.maximum(cards, 1) // terms.limit_step_amt * terms.limit_step_amt
    slots = np.arange(_CARDS_AT_MOST)[None, :]
    lines = np.where(slots == 0, (limit - share * np.maximum(cards - 1, 0))[:, None], share[:, None])
    owed = np.floor(debt[:, None] * lines / np.maximum(limit, 1)[:, None]).astype(np.int64)
    least = np.ceil(owed * terms.minimum_payment_ratio).astype(np.int64)
    has_loan = np.isin(_keys(person, at_us), _keys(loans.person, loans.at_us))
    has_nothing = (limit == 0) & (mortgage == 0) & ~has_loan

    left, zero = mortgage * _MORTGAGE_MONTHS_LEFT, np.zeros(len(person), dtype=np.int64)
    is_there = np.column_stack([slots < cards[:, None], mortgage > 0, has_nothing])
    lender = np.column_stack([(number[:, None] + slots) % len(LENDERS), zero + len(LENDERS) - 1, zero - 1])
    row, slot = np.nonzero(is_there)
    return _Debts(
        person=person[row],
        at_us=at_us[row],
        purpose=enquiries.purpose[row],
        kind=np.array([_CARD] * _CARDS_AT_MOST + [_MORTGAGE, _OTHER])[slot],
        lender=lender[row, slot],
        limit_amt=np.column_stack([lines, left, zero])[row, slot],
        balance_amt=np.column_stack([owed, left, zero])[row, slot],
        payment_amt=np.column_stack([least, mortgage, zero])[row, slot],
    )


def _cards_elsewhere(chunk: Chunk) -> Ints:
    """At how many other banks each customer has a card, (n_customers,)."""
    draw = chunk.chance.uniform("other cards", chunk.number)
    limit = chunk.of_people("other_limit_amt")
    cards = 1 + (draw < _SECOND_CARD_RATIO).astype(np.int64) + (draw < _THIRD_CARD_RATIO)
    return np.asarray(np.minimum(cards, limit // chunk.world.profile.terms.limit_step_amt))


def _keys(person: Ints, at_us: Ints) -> Ints:
    return (person << 32) | (at_us // 1_000_000)

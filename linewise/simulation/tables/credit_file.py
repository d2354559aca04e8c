"""The tables of what the customer owes here and earns: loans and plans, evidence of income."""

import numpy as np
import pyarrow as pa

from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import EVIDENCE, INCOME, PLAN, PLANS, STATUSES
from linewise.simulation.ranking import rank_within
from linewise.simulation.tables.chunk import CARD, CURRENT, Chunk
from linewise.simulation.tables.columns import coded, contract_table, in_order, moments, optional
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["income_table", "instalment_table"]

_EVENT_DIGITS = 4
_LOAN, _ART70 = PLANS.index("loan"), PLANS.index("art70")
_SETTLEMENT_FEE_RATIO = 0.03
"""Of what is left of a card plan; a loan and a repayment agreed in difficulty may be settled for nothing."""

# Evidence classes A to E by what is known: the salary comes here; employed elsewhere; own business; pension; study.
_EVIDENCE_WEIGHTS = np.array(
    [
        [0.9, 0.1, 0.0, 0.0, 0.0],
        [0.0, 0.5, 0.3, 0.2, 0.0],
        [0.0, 0.0, 0.5, 0.5, 0.0],
        [0.6, 0.4, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 0.0],
    ]
)
# Share of them who brought any along with the application.
_GIVEN_RATIO = np.array([1.0, 0.97, 0.95, 0.97, 0.5])
# Standard deviation of the logarithm of what is told beside the truth, by class.
_EVIDENCE_SPREAD = np.array([0.02, 0.05, 0.10, 0.20, 0.30])
_STATED, _INFERRED = 3, 4
_OVERSTATED_RATIO = 0.10
_WAGES_GROWTH = 0.05
_RENEWED_RATIO, _INFERRED_RATIO = 0.55, 0.25


def instalment_table(chunk: Chunk) -> pa.Table:
    """Loans and instalment plans as they stood when last seen, by customer and moment of opening."""
    events = chunk.events(PLAN)
    kind, rate = events["a"], events["x"]
    is_loan = (kind == _LOAN) & chunk.has_account(CURRENT)[events.person]
    has_fee = (kind != _LOAN) & (kind != _ART70)
    return contract_table(
        "instalments",
        len(events),
        instalment_id=identifiers("PL", (events.number, CUSTOMER_DIGITS), (events.rank, _EVENT_DIGITS)),
        customer_id=chunk.customer_ids(events.person),
        account_id=chunk.account_ids(events.person, np.where(is_loan, CURRENT, CARD)),
        kind=coded(kind, PLANS),
        opened_at=moments(events.at_us),
        recorded_at=moments(events.at_us),
        principal_amt=events["b"],
        remaining_amt=events["e"],
        term_months=events["c"],
        payment_amt=events["d"],
        annualised_rate_ratio=optional(rate, ~np.isnan(rate)),
        settlement_fee_ratio=np.where(has_fee, _SETTLEMENT_FEE_RATIO, 0.0),
        status=coded(events["f"], STATUSES),
        status_at=moments(np.minimum(events["g"] * 1_000_000, chunk.until_us)),
        currency=chunk.currency,
    )


def income_table(chunk: Chunk) -> pa.Table:
    """Evidence with the card's application, a newer one for some, and what a loan request brought along."""
    events = chunk.events(INCOME)
    parts = [_evidence(chunk, is_renewed=False), _evidence(chunk, is_renewed=True)]
    parts.append((events.person, events.at_us, events["a"], events["b"]))
    person, at_us, amount, evidence = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = in_order(person, at_us)
    person = person[order]
    return contract_table(
        "incomes",
        len(person),
        income_id=identifiers("IN", (chunk.number[person], CUSTOMER_DIGITS), (rank_within(person), _EVENT_DIGITS)),
        customer_id=chunk.customer_ids(person),
        income_amt=amount[order],
        currency=chunk.currency,
        evidence_class=coded(evidence[order], EVIDENCE),
        evidenced_at=moments(at_us[order]),
        recorded_at=moments(at_us[order]),
    )


def _evidence(chunk: Chunk, *, is_renewed: bool) -> tuple[Ints, Ints, Ints, Ints]:
    """Person, moment, amount and class of one piece of evidence a customer, for those who gave it."""
    chance, number, calendar = chunk.chance, chunk.number, chunk.world.calendar
    employment = chunk.of_people("employment").astype(np.int64)
    known = np.array([1, 2, 4, 3])[employment]
    known[(employment == 0) & chunk.has_account(CURRENT)] = 0
    evidence = chance.pick(_EVIDENCE_WEIGHTS[known], "evidence", number, int(is_renewed))
    day = chunk.of_people("card_day").astype(np.int64)
    is_there = chance.happens(_GIVEN_RATIO[known], "income evidence", number)
    if is_renewed:
        is_inferred = chance.happens(_INFERRED_RATIO, "income inferred", number)
        evidence[is_inferred] = _INFERRED
        renewed_day = calendar.last_day - chance.between(5, 400, "income renewed", number)
        is_there = chance.happens(_RENEWED_RATIO, "income is renewed", number) & (renewed_day > day)
        day = renewed_day
    years = np.maximum(calendar.last_day - day, 0) / 365.25
    told = chunk.of_people("income_amt") / (1 + _WAGES_GROWTH) ** years
    told *= np.exp(_EVIDENCE_SPREAD[evidence] * chance.normal("income told", number, int(is_renewed)))
    told *= np.where(evidence == _STATED, 1 + _OVERSTATED_RATIO, 1.0)
    at_us = chunk.local_us(day, 8.0)
    amount, person = np.rint(told / 100).astype(np.int64) * 100, np.flatnonzero(is_there)
    return person, at_us[person], amount[person], evidence[person]

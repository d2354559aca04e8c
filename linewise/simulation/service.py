"""The tables of serving customers: cases, calls, contact points, consents and notices."""

import numpy as np
import pyarrow as pa

from linewise.simulation.cards import Cards
from linewise.simulation.chance import Chance, Ints
from linewise.simulation.columns import coded, contract_table, customer_ids, numbered, optional, rank_within
from linewise.simulation.days import DATA_UNTIL_US, FIRST_DAY, LAST_DAY, local_us, recorded_us
from linewise.simulation.loans import DEFAULTED, Loans, due_day
from linewise.simulation.people import People

__all__ = ["call_table", "case_table", "consent_table", "contact_point_table", "notice_table"]

_CASES_SINCE_DAYS = 540
# Kind, share of customers with one in that time, usual days until it is closed.
_CASES = (
    ("complaint", 0.12, 45.0),
    ("dispute", 0.05, 30.0),
    ("fraud", 0.02, 40.0),
    ("lost_card", 0.05, 5.0),
    ("hardship", 0.05, 150.0),
    ("bereavement", 0.005, 90.0),
)
_CALL_REASONS = ("balance", "bill", "limit", "card", "loan", "complaint", "other")
_CALL_TONES = ("calm", "hurried", "upset")
_CALL_OUTCOMES = ("answered", "passed_on", "call_back")
_AGENTS_COUNT = 40
_MINUTE_US = 60_000_000
# Channel, share of customers reached there, share of those who refuse promotion there.
_CHANNELS = (("sms", 1.0, 0.06), ("telephone", 0.97, 0.08), ("push", 0.65, 0.12), ("email", 0.4, 0.10))
_PURPOSES = (("marketing", 0.75, 0.06), ("profiling", 0.7, 0.05), ("credit_enquiry", 0.95, 0.0))


def case_table(people: People, loans: Loans, cards: Cards, chance: Chance) -> pa.Table:
    """Complaints, disputes, lost cards, hardship; collections behind every default."""
    number, parts = people.number, []
    for kind, share, usual_days in _CASES:
        needs_card = kind in ("dispute", "fraud", "lost_card")
        opened_day = LAST_DAY - chance.between(1, _CASES_SINCE_DAYS, f"{kind} day", number)
        has = chance.happens(share, kind, number) & (opened_day > people.since_day)
        if needs_card:
            has &= cards.is_held(local_us(opened_day))
        days = np.ceil(-usual_days * np.log(chance.uniform(f"{kind} days", number))).astype(np.int64)
        parts.append(_cases(kind, people, np.flatnonzero(has), opened_day, opened_day + days))
    opened_day = due_day(loans.opened_day, loans.first_missed) + 60
    rows = np.flatnonzero(loans.is_granted & (loans.status == DEFAULTED))
    closed_day = opened_day + np.where(chance.happens(0.25, "collected", number), 200, LAST_DAY)
    parts.append(_cases("collections", people, rows, opened_day, closed_day))
    return pa.concat_tables(parts)


def _cases(kind: str, people: People, rows: Ints, opened_day: Ints, closed_day: Ints) -> pa.Table:
    number = people.number[rows]
    opened_us = local_us(opened_day[rows], 11.0)
    closed_us = local_us(closed_day[rows], 16.0)
    return contract_table(
        "cases",
        len(rows),
        case_id=numbered(f"{kind}-", number),
        customer_id=customer_ids(number),
        kind=kind,
        opened_at=opened_us,
        closed_at=optional(closed_us, closed_us <= DATA_UNTIL_US),
        recorded_at=opened_us,
    )


def call_table(people: People, chance: Chance) -> pa.Table:
    """A year's calls to the hotline, by customer."""
    first_day = np.maximum(people.since_day, LAST_DAY - 365)
    count = chance.count(np.clip(1.0 + 0.3 * people.risk, 0.2, 5.0), "calls", people.number)
    row = np.repeat(np.arange(len(people)), count)
    number, k = people.number[row], rank_within(row)
    day = first_day[row] + np.floor((LAST_DAY - first_day[row]) * chance.uniform("call day", number, k)).astype(
        np.int64
    )
    started_us = local_us(day, 9 + 11 * chance.uniform("call hour", number, k))
    ended_us = started_us + chance.between(2, 15, "call minutes", number, k) * _MINUTE_US
    return contract_table(
        "calls",
        len(row),
        call_id=numbered("CALL", number, 6, (k, 2)),
        customer_id=customer_ids(number),
        started_at=started_us,
        ended_at=ended_us,
        recorded_at=ended_us,
        reason=coded(chance.between(0, len(_CALL_REASONS) - 1, "call reason", number, k), _CALL_REASONS),
        tone=coded(np.maximum(chance.between(-2, 2, "call tone", number, k), 0), _CALL_TONES),
        outcome=coded(np.maximum(chance.between(-3, 2, "call outcome", number, k), 0), _CALL_OUTCOMES),
        agent_id=numbered("agent-", chance.between(1, _AGENTS_COUNT, "call agent", number, k), 3),
    )


def contact_point_table(people: People, chance: Chance) -> pa.Table:
    """Where customers are reached, and where they want no promotion."""
    parts = []
    for at, (channel, share, refusing) in enumerate(_CHANNELS):
        rows = np.flatnonzero(chance.happens(share, f"has {channel}", people.number))
        number = people.number[rows]
        day = np.maximum(people.since_day[rows], FIRST_DAY - 200 + chance.between(0, 900, f"{channel} day", number))
        changed_us = local_us(day, 12.0)
        parts.append(
            contract_table(
                "contact_points",
                len(rows),
                contact_point_id=numbered("CP", number, 6, (np.full(len(rows), at), 1)),
                customer_id=customer_ids(number),
                channel=channel,
                token=numbered("tok", chance.between(0, 10**15 - 1, f"{channel} token", number), 15),
                is_opted_out=chance.happens(refusing, f"refuses {channel}", number),
                changed_at=changed_us,
                recorded_at=changed_us,
            )
        )
    return pa.concat_tables(parts)


def consent_table(people: People, chance: Chance) -> pa.Table:
    """What customers agreed to when they joined, and what some took back."""
    parts = []
    for at, (purpose, share, withdrawing) in enumerate(_PURPOSES):
        rows = np.flatnonzero(chance.happens(share, f"consents to {purpose}", people.number))
        number, since_day = people.number[rows], people.since_day[rows]
        days = np.floor((LAST_DAY - since_day) * chance.uniform(f"{purpose} back", number)).astype(np.int64)
        given_us = local_us(since_day, 9.25)
        withdrawn_us = local_us(since_day + days, 18.0)
        parts.append(
            contract_table(
                "consents",
                len(rows),
                consent_id=numbered("CO", number, 6, (np.full(len(rows), at), 1)),
                customer_id=customer_ids(number),
                purpose=purpose,
                channel="branch",
                text_version="2024-01",
                is_own_act=True,
                given_at=given_us,
                withdrawn_at=optional(withdrawn_us, chance.happens(withdrawing, f"withdraws {purpose}", number)),
                recorded_at=given_us,
            )
        )
    return pa.concat_tables(parts)


def notice_table(people: People, cards: Cards) -> pa.Table:
    """The privacy notice to everyone, and a notice of each raised limit."""
    privacy_us = np.full(len(people), int(local_us(LAST_DAY - 300, 10.0)))
    raised = np.flatnonzero(cards.raised_us <= DATA_UNTIL_US)
    return pa.concat_tables(
        [
            _notices("privacy", "NP", people.number, privacy_us),
            _notices("limit_raised", "NL", people.number[raised], cards.raised_us[raised]),
        ]
    )


def _notices(purpose: str, prefix: str, number: Ints, sent_us: Ints) -> pa.Table:
    return contract_table(
        "notices",
        len(number),
        notice_id=numbered(prefix, number),
        customer_id=customer_ids(number),
        purpose=purpose,
        channel="sms",
        text_version="2026-01",
        sent_at=sent_us,
        recorded_at=recorded_us(sent_us),
    )

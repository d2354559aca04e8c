"""The tables of what customers have: accounts, cards held, statements."""

from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linewise.simulation.calendar import day_of
from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import CHARGED_OFF, HOLDING, PRODUCTS
from linewise.simulation.tables.chunk import CARD, CURRENT, SUPPLEMENTARY, Chunk
from linewise.simulation.tables.columns import coded, contract_table, moments, optional
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["account_table", "holding_table", "statement_table"]

_ROLES = ("none", "principal", "supplementary")
_STATUSES = ("open", "blocked", "closed", "charged_off")
_GIVEN_BACK, _WRITTEN_OFF = 2, 3
_GIVEN_BACK_AFTER_DAYS = 20
"""Into the cycle: after the bank's review of the line, which may still fall into it."""
_STAGE_2_FROM_DAYS, _STAGE_3_FROM_DAYS = 31, 91
# A second line for instalments alone, for those whose score was good.
_INSTALMENT_LINE_RATIO, _INSTALMENT_LINE_FROM_SCORE = 0.3, 700
# Contracts from before the rule of July 2022 (银保监规〔2022〕13号), by which no more than half is drawn in cash.
_OLD_CASH_BEFORE, _OLD_CASH_RATIO, _OLD_CASH_SHARE = date(2022, 7, 7), 0.8, 0.04
_HOLDING_DIGITS = 3


def account_table(chunk: Chunk) -> pa.Table:
    """A card account each, a current account where the salary comes in, and supplementary cards."""
    has = np.stack([chunk.has_account(account) for account in (CURRENT, CARD, SUPPLEMENTARY)], axis=1)
    person, account = np.nonzero(has)
    people, world = chunk.lives.people[person], chunk.world
    number, terms = chunk.number[person], world.profile.terms
    is_current, is_card = account == CURRENT, account == CARD
    opened_us = np.stack([chunk.opened_us(one) for one in (CURRENT, CARD, SUPPLEMENTARY)], axis=1)[person, account]
    limit = people["last_limit_amt"]
    is_raised = ~is_current & (people["temporary_limit_amt"] > 0)
    has_line = is_card & (people["application_score"] >= _INSTALMENT_LINE_FROM_SCORE)
    has_line &= chunk.chance.happens(_INSTALMENT_LINE_RATIO, "instalment line", number)
    closed_us = _closed_us(chunk)[person]
    stage = np.where(is_card, _provision_stage(chunk)[person], -1)
    return contract_table(
        "accounts",
        len(person),
        account_id=chunk.account_ids(person, account),
        customer_id=chunk.customer_ids(person),
        card_role=coded(account, _ROLES),
        product=coded(np.where(is_current, len(PRODUCTS), people["product"]), (*PRODUCTS, "current_account")),
        currency=chunk.currency,
        opened_at=moments(opened_us),
        closed_at=moments(closed_us, ~is_current & (closed_us > 0)),
        permanent_limit_amt=optional(limit, ~is_current),
        temporary_limit_amt=optional(people["temporary_limit_amt"], is_raised),
        temporary_limit_from=moments(people["temporary_from_s"] * 1_000_000, is_raised),
        temporary_limit_until=moments(people["temporary_until_s"] * 1_000_000, is_raised),
        cash_limit_amt=optional(_cash_limit_amt(chunk, person), ~is_current),
        instalment_limit_amt=optional(limit // 2 // terms.limit_step_amt * terms.limit_step_amt, has_line),
        limit_group=coded(
            np.where(~is_current & has[person, SUPPLEMENTARY], person, -1),
            identifiers("G", (chunk.number, CUSTOMER_DIGITS)),
        ),
        provision_stage=optional(stage, stage > 0),
        status=coded(np.where(is_current, 0, people["account_status"]), _STATUSES),
        cycle_day=optional(people["cycle_day"].astype(np.int64), ~is_current),
        minimum_payment_ratio=optional(np.full(len(person), terms.minimum_payment_ratio), ~is_current),
        minimum_payment_floor_amt=optional(np.full(len(person), terms.minimum_payment_floor_amt), ~is_current),
        recorded_at=moments(opened_us),
    )


def holding_table(chunk: Chunk) -> pa.Table:
    """The credit card of each customer, and what they took of the bank's offers, by customer and moment."""
    events = chunk.events(HOLDING)
    everyone = np.arange(len(chunk))
    person = np.concatenate([everyone, events.person])
    opened_us = np.concatenate([chunk.opened_us(CARD), events.at_us])
    closed_us = np.concatenate([_closed_us(chunk), events["g"] * 1_000_000])
    product = np.concatenate([chunk.of_people("product"), events["a"].astype(np.int8)])
    rank = np.concatenate([np.zeros(len(chunk), dtype=np.int64), events.rank + 1])
    order = np.lexsort((rank, opened_us, person))
    person, rank = person[order], rank[order]
    return contract_table(
        "holdings",
        len(person),
        holding_id=identifiers("HO", (chunk.number[person], CUSTOMER_DIGITS), (rank, _HOLDING_DIGITS)),
        customer_id=chunk.customer_ids(person),
        product=coded(product[order], PRODUCTS),
        opened_at=moments(opened_us[order]),
        closed_at=moments(closed_us[order], closed_us[order] > 0),
        recorded_at=moments(opened_us[order]),
    )


def statement_table(chunk: Chunk) -> pa.Table:
    """The card statements that were recorded by the end of the data, by customer and cycle."""
    calendar, months = chunk.world.calendar, chunk.lives.months[:, : chunk.world.month_count]
    is_there, cycle_end_day, recorded_us = chunk.statements
    person, cycle = np.nonzero(is_there)
    end_day = cycle_end_day[person, cycle]
    due_us = chunk.local_us(end_day + chunk.world.profile.terms.due_days + 1) - 1_000_000
    year_month = np.array([int(name.replace("-", "")) for name in calendar.month_names])
    return contract_table(
        "statements",
        len(person),
        statement_id=identifiers("B", (chunk.number[person], CUSTOMER_DIGITS), (year_month[cycle], 6)),
        customer_id=chunk.customer_ids(person),
        account_id=chunk.account_ids(person, CARD),
        cycle_end_at=moments(chunk.local_us(end_day)),
        due_at=moments(due_us),
        recorded_at=moments(recorded_us[is_there]),
        balance_amt=months["balance_amt"][person, cycle],
        minimum_due_amt=months["minimum_amt"][person, cycle],
        paid_amt=months["paid_amt"][person, cycle],
        days_past_due=months["days_past_due"][person, cycle],
        currency=chunk.currency,
    )


def _closed_us(chunk: Chunk) -> Ints:
    """When each card was closed, (n_customers,), 0 where it is not.

    One that was written off is closed at the end of the first cycle in which it stands so; one that was given back
    some days into the cycle after the last in which it was open.
    """
    months, status = chunk.lives.months[:, : chunk.world.month_count], chunk.of_people("account_status")
    cycle_day, calendar = chunk.of_people("cycle_day"), chunk.world.calendar
    is_written_off, is_open = months["bucket"] == CHARGED_OFF, months["is_open"] == 1
    first = np.argmax(is_written_off, axis=1)
    # Before the first month of the data where it was given back earlier still.
    last = np.where(is_open.any(axis=1), months.shape[1] - 1 - np.argmax(is_open[:, ::-1], axis=1), -1)
    is_given_back = status == _GIVEN_BACK
    end_day = calendar.cycle_end_day(cycle_day, np.where(is_given_back, last, first))
    end_day = end_day + np.where(is_given_back, _GIVEN_BACK_AFTER_DAYS, 0)
    end_us = np.minimum(chunk.local_us(end_day), chunk.until_us)
    is_closed = is_given_back | ((status == _WRITTEN_OFF) & is_written_off.any(axis=1))
    return np.where(is_closed, np.maximum(end_us, chunk.opened_us(SUPPLEMENTARY)), 0)


def _provision_stage(chunk: Chunk) -> Ints:
    """By the last days past due that are known: up to 30 stage 1, up to 90 stage 2, more or written off stage 3."""
    is_recorded = chunk.statements.is_recorded
    days = np.where(is_recorded, chunk.lives.months["days_past_due"][:, : chunk.world.month_count], -1)
    last = days.shape[1] - 1 - np.argmax(is_recorded[:, ::-1], axis=1)
    known = np.maximum(days[np.arange(len(chunk)), last], 0)
    known[chunk.of_people("account_status") == _WRITTEN_OFF] = _STAGE_3_FROM_DAYS
    return np.asarray(1 + (known >= _STAGE_2_FROM_DAYS).astype(np.int64) + (known >= _STAGE_3_FROM_DAYS))


def _cash_limit_amt(chunk: Chunk, person: NDArray[np.int64]) -> Ints:
    old_day = day_of(_OLD_CASH_BEFORE)
    is_old = (chunk.of_people("card_day") < old_day) & chunk.chance.happens(
        _OLD_CASH_SHARE, "old cash line", chunk.number
    )
    ratio = np.where(is_old, _OLD_CASH_RATIO, chunk.world.profile.terms.cash_limit_ratio)
    cash_limit: Ints = np.floor(chunk.of_people("last_limit_amt") * ratio).astype(np.int64)
    return cash_limit[person]

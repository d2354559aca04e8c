"""The table of the bank as a whole: counts summed over chunks of customers, budgets, the load of the hotline."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import pyarrow as pa
from dateutil.relativedelta import relativedelta

from linewise.simulation.chance import Ints
from linewise.simulation.tables.chunk import CARD, SUPPLEMENTARY, Chunk
from linewise.simulation.tables.columns import contract_table
from linewise.simulation.world import World

__all__ = ["DORMANT_MONTHS", "BankCounts", "bank_fact_table", "count_bank"]

DORMANT_MONTHS = 18
"""Without a transaction of the customer's own and with nothing owed, a card is dormant (银保监规〔2022〕13号)."""

_CLOSED = 2
# Of the sum of limits, and of their customers: what may be spent, lent and lost within a year. Our own.
_NEW_LIMITS_RATIO, _EXPECTED_LOSS_RATIO = 0.06, 0.015
_CAMPAIGN_BUDGET_A_CUSTOMER_AMT = 1_200
_CONTACTS_A_CUSTOMER = 0.5


@dataclass(frozen=True, slots=True)
class BankCounts:
    """What the bank's figures are made of; the counts of two parts of the bank add up."""

    customers: int = 0
    cards: int = 0
    dormant_cards: int = 0
    limits_amt: int = 0
    balances_amt: int = 0

    def __add__(self, other: Self) -> "BankCounts":
        return BankCounts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def count_bank(chunk: Chunk) -> BankCounts:
    """The counts of some customers. Cards are those neither closed nor written off, supplementary ones included.

    Data of fewer months than DORMANT_MONTHS show less silence: a card counts as dormant where it was opened
    as long ago and was not used in what the data reach.
    """
    is_standing = chunk.of_people("account_status") < _CLOSED
    calendar = chunk.world.calendar
    silent_from_s = (calendar.data_until - relativedelta(months=DORMANT_MONTHS)).timestamp()
    is_old = chunk.opened_us(CARD) < silent_from_s * 1_000_000
    balance, used_s = _last_balance_amt(chunk), chunk.postings.last_used_s
    cards, dormant = 0, 0
    for account in (CARD, SUPPLEMENTARY):
        is_card = is_standing & chunk.has_account(account)
        is_dormant = is_card & is_old & (balance == 0) & (used_s[account] < silent_from_s)
        cards, dormant = cards + int(is_card.sum()), dormant + int(is_dormant.sum())
    limits = chunk.of_people("last_limit_amt")[is_standing]
    return BankCounts(len(chunk), cards, dormant, int(limits.sum()), int(balance[is_standing].sum()))


def _last_balance_amt(chunk: Chunk) -> Ints:
    """Of the last statement that is recorded, 0 where there is none."""
    months = chunk.lives.months[:, : chunk.world.month_count]
    is_known = chunk.statements.is_recorded
    last = months.shape[1] - 1 - np.argmax(is_known[:, ::-1], axis=1)
    balance = months["balance_amt"][np.arange(len(chunk)), last]
    return np.where(is_known.any(axis=1), balance, 0)


def bank_fact_table(world: World, counts: BankCounts) -> pa.Table:
    """The bank's figures at the end of the data, by name; amounts in minor units.

    Policy cards, which the share of dormant cards leaves out, are counted: this bank has issued none.
    """
    facts = {
        "calls_capacity_count_a_month": float(round(counts.customers * _CONTACTS_A_CUSTOMER / 12)),
        "campaign_budget_amt": float(counts.customers * _CAMPAIGN_BUDGET_A_CUSTOMER_AMT),
        "card_balances_amt": float(counts.balances_amt),
        "card_limits_amt": float(counts.limits_amt),
        "cards_count": float(counts.cards),
        "customers_count": float(counts.customers),
        "dormant_card_ratio": counts.dormant_cards / max(counts.cards, 1),
        "expected_loss_budget_amt": float(round(counts.limits_amt * _EXPECTED_LOSS_RATIO)),
        "new_limits_budget_amt": float(round(counts.limits_amt * _NEW_LIMITS_RATIO)),
        "policy_cards_count": 0.0,
        **{f"queue_load_ratio_hour_{hour:02d}": load for hour, load in enumerate(world.profile.queue_load)},
    }
    until = pa.scalar(world.calendar.data_until, pa.timestamp("us", tz="UTC"))
    return contract_table(
        "bank_facts",
        len(facts),
        fact=pa.array(facts, pa.string()),
        value=np.array(list(facts.values())),
        as_of=pa.repeat(until, len(facts)),
        recorded_at=pa.repeat(until, len(facts)),
    )

"""A small bank from a seed: its contract tables, written through the same door as any bank's extract."""

import numpy as np
import pyarrow as pa

from linewise.bank.tables import Bank
from linewise.bank.writing import write_bank
from linewise.core.errors import Conflict, UsageError
from linewise.core.home import Home
from linewise.simulation.accounts import (
    account_table,
    customer_table,
    holding_table,
    limit_change_table,
    statement_table,
)
from linewise.simulation.cards import draw_cards
from linewise.simulation.chance import Chance, Ints
from linewise.simulation.columns import CURRENCY
from linewise.simulation.credit_file import (
    income_table,
    instalment_table,
    limit_request_table,
    obligation_table,
)
from linewise.simulation.days import DATA_UNTIL
from linewise.simulation.figures import bank_fact_table, protected_attribute_table
from linewise.simulation.lives import live
from linewise.simulation.loans import draw_loans
from linewise.simulation.movements import payment_table, transaction_table
from linewise.simulation.past_offers import offer_tables
from linewise.simulation.people import draw_people
from linewise.simulation.service import (
    call_table,
    case_table,
    consent_table,
    contact_point_table,
    notice_table,
)

__all__ = ["BANK_NAME_PREFIX", "CUSTOMER_COUNTS", "HIGHEST_SEED", "simulate_small_bank", "small_bank_tables"]

BANK_NAME_PREFIX = "simulated-"
"""How the name of every generated bank begins, so that it cannot be taken for a real one."""
CUSTOMER_COUNTS = (50, 100_000)
HIGHEST_SEED = 2**63 - 1
# Small enough for the caches, large enough that numpy's cost a call does not count.
_CUSTOMERS_AT_ONCE = 2_000


def simulate_small_bank(home: Home, customer_count: int, seed: int, *, overwrite: bool = False) -> Bank:
    """Generate a bank of that many customers into the home; the same numbers give the same bank.

    Raises UsageError for an impossible count or seed, and Conflict where a bank stands already and
    `overwrite` is not given.
    """
    _check(customer_count, seed)
    if home.bank_dir.exists() and not overwrite:
        raise Conflict(
            f"A bank stands in {home.root} already.",
            "A home without a bank was expected.",
            "Choose another home, or give overwrite to replace the bank that stands.",
        )
    return write_bank(
        home,
        f"{BANK_NAME_PREFIX}{customer_count}-{seed}",
        small_bank_tables(customer_count, seed),
        clock="data_end",
        currency=CURRENCY,
        data_until=DATA_UNTIL,
        imported_at=DATA_UNTIL,
    )


def small_bank_tables(customer_count: int, seed: int) -> dict[str, pa.Table]:
    """The contract tables of a small bank by name.

    Customer i is the same whatever the count. Raises UsageError for an impossible count or seed.
    """
    _check(customer_count, seed)
    numbers = np.arange(1, customer_count + 1)
    blocks = [
        _tables_of(numbers[start : start + _CUSTOMERS_AT_ONCE], Chance(seed))
        for start in range(0, customer_count, _CUSTOMERS_AT_ONCE)
    ]
    tables = {name: pa.concat_tables([block[name] for block in blocks]) for name in blocks[0]}
    return tables | {"bank_facts": bank_fact_table(tables)}


def _tables_of(number: Ints, chance: Chance) -> dict[str, pa.Table]:
    people = draw_people(number, chance)
    loans = draw_loans(people, chance)
    cards = draw_cards(people, loans, chance)
    lives = live(people, loans, cards, chance)
    return {
        "customers": customer_table(people, chance),
        "accounts": account_table(people, loans, cards),
        "transactions": transaction_table(people, lives.events),
        "payments": payment_table(people, lives.events),
        "statements": statement_table(people, lives.statements),
        "instalments": instalment_table(people, loans),
        "incomes": income_table(people, loans, chance),
        "obligations": obligation_table(people, loans, chance),
        "limit_requests": limit_request_table(people, loans, cards),
        "limit_changes": limit_change_table(people, cards),
        **offer_tables(people, cards, chance),
        "holdings": holding_table(people, cards),
        "contact_points": contact_point_table(people, chance),
        "calls": call_table(people, chance),
        "cases": case_table(people, loans, cards, chance),
        "consents": consent_table(people, chance),
        "notices": notice_table(people, cards),
        "protected_attributes": protected_attribute_table(people, chance),
    }


def _check(customer_count: int, seed: int) -> None:
    lowest, highest = CUSTOMER_COUNTS
    if not lowest <= customer_count <= highest:
        raise UsageError(
            f"A simulated bank of {customer_count:,} customers cannot be made.",
            f"A number from {lowest:,} to {highest:,} was expected.",
        )
    if not 0 <= seed <= HIGHEST_SEED:
        raise UsageError(f"The seed {seed} cannot be used.", f"A whole number from 0 to {HIGHEST_SEED} was expected.")

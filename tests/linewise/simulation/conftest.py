"""One small bank, lived once for all tests of this room."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from linewise.bank.dictionary import load_dictionary
from linewise.bank.rates import rates_of
from linewise.simulation.dirt import Surroundings, second_currency_rates
from linewise.simulation.lives.living import live
from linewise.simulation.tables import bank_fact_table, contract_tables, count_bank
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.world import World

WORLD = World(customer_count=600, month_count=14, seed=1)
DATA_UNTIL = WORLD.calendar.data_until
FIRST = datetime(2025, 10, 1, tzinfo=UTC)
RATE_FACTS = second_currency_rates("CNY", WORLD.chance, FIRST, DATA_UNTIL)
SURROUNDINGS = Surroundings(DATA_UNTIL, "Asia/Shanghai", "CNY", rates_of(RATE_FACTS))


@pytest.fixture(scope="session")
def tables() -> dict[str, pa.Table]:
    """The tables of 600 customers of seed 1 over fourteen months: the contract's columns, no text encoded."""
    lives = live(WORLD, np.arange(1, WORLD.customer_count + 1))
    chunk = Chunk(WORLD, lives)
    made = contract_tables(chunk) | {"bank_facts": bank_fact_table(WORLD, count_bank(chunk))}
    return {name: rows.select(delivered(name).names).cast(delivered(name)) for name, rows in made.items()}


def delivered(name: str) -> pa.Schema:
    """The contract's columns and types; whether a value may be missing is for the door to find out."""
    return pa.schema([(column.name, column.arrow_type) for column in load_dictionary()[name].columns])

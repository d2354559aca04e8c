"""The tables of promises say to PostgreSQL what they say to SQLite."""

import pytest
from sqlalchemy import Dialect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from linewise.ledger.budget_tables import pots
from linewise.ledger.quote_tables import quotes

DIALECTS = [sqlite.dialect(), postgresql.dialect()]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_one_quote_stands_by_an_index_over_standing_ones_alone(dialect: Dialect):
    index = next(one for one in quotes.indexes if one.name == "one_standing_quote")
    made = str(CreateIndex(index).compile(dialect=dialect))
    assert made.startswith("CREATE UNIQUE INDEX")
    assert made.endswith("WHERE status = 'standing'")


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda one: one.name)
def test_a_pot_never_promises_more_than_it_has(dialect: Dialect):
    assert "CHECK (reserved_amt + consumed_amt <= amount_amt)" in str(CreateTable(pots).compile(dialect=dialect))


def test_a_quote_that_is_booked_is_held_against_others():
    statement = select(quotes).with_for_update()
    assert str(statement.compile(dialect=postgresql.dialect())).endswith("FOR UPDATE")
    assert "FOR UPDATE" not in str(statement.compile(dialect=sqlite.dialect()))

"""The layout of the ledger: every room's tables, made where they are missing, refused where they differ."""

from sqlalchemy import Index, Inspector, Table, inspect

from linewise.core.errors import NotReady
from linewise.ledger import (
    access_tables,
    asked_tables,
    booking_tables,
    budget_tables,
    call_tables,
    campaign_contact_tables,
    campaign_funding_tables,
    campaign_tables,
    decision_tables,
    duty_tables,
    model_tables,
    outcome_tables,
    own_act_tables,
    queue_tables,
    quote_tables,
    release_tables,
)
from linewise.ledger.schema import SCHEMA
from linewise.ledger.transactions import Database

__all__ = ["ROOMS", "make_tables"]

ROOMS = (
    access_tables,
    asked_tables,
    booking_tables,
    budget_tables,
    call_tables,
    campaign_contact_tables,
    campaign_funding_tables,
    campaign_tables,
    decision_tables,
    duty_tables,
    model_tables,
    outcome_tables,
    own_act_tables,
    queue_tables,
    quote_tables,
    release_tables,
)
"""The modules whose tables make the ledger: importing one puts its tables on SCHEMA."""


def make_tables(database: Database) -> None:
    """Make the tables that are missing, after those that are there were found to be this version's.

    A table or an index more is no change of layout: it is simply made. Raises NotReady, and makes nothing, where a
    table has other columns: a record is evidence of what was written, so no command rewrites it.
    """
    found = inspect(database.engine)
    there = set(found.get_table_names())
    for name in there & set(SCHEMA.tables):
        expected = SCHEMA.tables[name].columns.keys()
        given = {column["name"] for column in found.get_columns(name)}
        if given != set(expected):
            raise NotReady(
                f"The ledger {database.path} was written by another version of Linewise: its table {name!r} has "
                f"{_difference(given, set(expected))}.",
                f"The columns {', '.join(expected)} were expected.",
                "Keep it and the folder of its checkpoints with the version that wrote them; move both away.",
            )
    unindexed = [
        index
        for name in there & set(SCHEMA.tables)
        for index in SCHEMA.tables[name].indexes - _indexes_there(found, SCHEMA.tables[name])
    ]
    if set(SCHEMA.tables) - there or unindexed:
        # Of several processes that open a new ledger one makes the tables, and the others wait.
        with database.writing() as connection:
            SCHEMA.create_all(connection)
            for index in unindexed:
                index.create(connection, checkfirst=True)


def _indexes_there(found: Inspector, table: Table) -> set[Index]:
    names = {one["name"] for one in found.get_indexes(table.name)}
    return {index for index in table.indexes if index.name in names}


def _difference(given: set[str], expected: set[str]) -> str:
    parts = [f"{word} {', '.join(sorted(names))}" for word, names in (
        ("no column", expected - given), ("the further column", given - expected),
    ) if names]  # fmt: skip
    return " and ".join(parts)

"""Rows of many customers are found alike by their ids and by a look from the first of them to the last."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    event,
    insert,
    select,
)

from linewise.ledger import look_up
from linewise.ledger.look_up import LookUp

TABLE = Table("things", MetaData(), Column("customer_id", String), Column("number", Integer))
LOOK = LookUp(select(TABLE).where(TABLE.c.number >= bindparam("least")).order_by(TABLE.c.number), TABLE.c.customer_id)


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        TABLE.metadata.create_all(opened)
        yield opened
    engine.dispose()


def filled(connection: Connection, rows: list[tuple[str, int]]) -> None:
    connection.execute(TABLE.delete())
    if rows:
        connection.execute(insert(TABLE), [{"customer_id": one, "number": number} for one, number in rows])


ids = st.text("abc", min_size=1, max_size=3)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(ids, st.integers(0, 9)), max_size=30),
    wanted=st.lists(ids, unique=True, max_size=8),
    chunk=st.integers(1, 9),
)
def test_what_is_found_is_what_the_customers_have_however_many_are_asked_for(
    connection: Connection, rows: list[tuple[str, int]], wanted: list[str], chunk: int
) -> None:
    filled(connection, rows)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(look_up, "LOOKUP_CHUNK", chunk)
        found = LOOK.rows(connection, wanted, least=3)
    assert sorted(map(tuple, found)) == sorted(row for row in rows if row[0] in wanted and row[1] >= 3)


def test_neighbours_are_found_by_one_statement_and_those_far_apart_by_their_ids(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_up, "LOOKUP_CHUNK", 2)
    filled(connection, [(f"c{number:02}", number) for number in range(40)])
    asked: list[str] = []
    event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2]))
    near = LOOK.rows(connection, ["c05", "c06", "c07", "c08"], least=0)
    assert ([row.number for row in near], len(asked)) == ([5, 6, 7, 8], 1)
    asked.clear()
    far = LOOK.rows(connection, ["c00", "c20", "c39"], least=0)
    assert ([row.number for row in far], len(asked)) == ([0, 20, 39], 3)


def test_of_nobody_nothing_is_asked(connection: Connection) -> None:
    assert LOOK.rows(connection, [], least=0) == []

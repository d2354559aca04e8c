"""A statement that is spelled once takes and gives what SQLAlchemy would, and raises what it would."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from linewise.ledger.duty_tables import duty_acts
from linewise.ledger.insert_once import insert_once
from linewise.ledger.prepared import Spelled
from linewise.ledger.quote_tables import STANDING, quotes
from linewise.ledger.quotes import standing_quotes
from linewise.ledger.store import Ledger
from tests.linewise.ledger.promises import NOW, a_quote, funded, quoted

CENTURY = timedelta(days=36_525)
moments = st.datetimes(*((NOW + by).replace(tzinfo=None) for by in (-CENTURY, CENTURY)))
acts = st.fixed_dictionaries(
    {
        "duty_id": st.uuids().map(str),
        "customer_id": st.text("C0123456789", min_size=1),
        "act": st.sampled_from(["done", "void"]),
        "ends_duty_id": st.uuids().map(str) | st.none(),
        "evidence": st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20),
        "by": st.just("somebody"),
        "at": moments,
        "due_at": moments | st.none(),
    }
)
OF = select(duty_acts).where(duty_acts.c.duty_id == bindparam("duty"))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(act=acts)
def test_rows_written_and_read_are_those_that_sqlalchemy_writes_and_reads(ledger: Ledger, act: dict[str, object]):
    spelled = Spelled(insert(duty_acts), tuple(act))
    with ledger.writing() as connection:
        assert spelled.run(connection, act) == 1
        values = {"duty": act["duty_id"]}
        (found,), (expected,) = Spelled(OF).rows(connection, values), connection.execute(OF, values).all()
        assert found._asdict() == dict(expected._mapping)
        connection.execute(duty_acts.delete())


def test_a_value_that_the_statement_brings_itself_need_not_be_given(ledger: Ledger):
    funded(ledger)
    made = quoted(ledger, a_quote(), 600)
    query = Spelled(select(quotes.c.quote_id, quotes.c.made_at).where(quotes.c.status == STANDING).limit(1))
    with ledger.reading() as connection:
        assert query.rows(connection) == [(made.quote_id, made.made_at)]
    assert made.made_at.tzinfo is UTC


def test_what_the_database_refuses_comes_as_sqlalchemy_s_error(ledger: Ledger):
    row = {"decision_id": "D1", "quote_id": "Q1"}
    with ledger.writing() as connection:
        table = quotes.metadata.tables["quoted_in"]
        assert insert_once(connection, table, row)
        assert not insert_once(connection, table, row)
        with pytest.raises(IntegrityError):
            Spelled(insert(table), tuple(row)).run(connection, row)


def test_a_look_sees_one_moment_and_the_next_one_what_was_written_meanwhile(ledger: Ledger):
    count = Spelled(select(func.count().label("many")).select_from(quotes))
    funded(ledger)
    with ledger.reading() as connection:
        assert count.rows(connection)[0].many == 0
        quoted(ledger, a_quote(), 600)
        assert count.rows(connection)[0].many == 0
        assert connection.execute(select(func.count()).select_from(quotes)).scalar_one() == 0
    with ledger.reading() as connection:
        assert count.rows(connection)[0].many == 1


def test_a_look_that_fails_leaves_the_next_one_a_good_connection(ledger: Ledger):
    with pytest.raises(ZeroDivisionError), ledger.reading():
        raise ZeroDivisionError
    with ledger.reading() as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1


def test_the_quotes_of_a_customer_are_found_without_looking_through_those_of_all(ledger: Ledger):
    seen: list[str] = []
    with ledger.reading() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.set_trace_callback(seen.append)
        standing_quotes(connection, ["C1"], NOW)
        raw.set_trace_callback(None)
        plan = " ".join(row[3] for row in connection.execute(text(f"explain query plan {seen[-1]}")))
    assert "customer_id=?" in plan

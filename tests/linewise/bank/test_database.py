import duckdb
import pytest

from linewise.bank.database import literal, name_quoted, utc_database


@pytest.mark.parametrize("text", ["plain", "it's", "a '' b", "", "; drop table x"])
def test_any_text_survives_as_a_sql_literal(text: str) -> None:
    with utc_database() as database:
        assert database.sql(f"SELECT {literal(text)}").fetchall() == [(text,)]


@pytest.mark.parametrize("name", ["value", "order", 'quo"te', "with space"])
def test_any_name_survives_as_a_sql_name(name: str) -> None:
    with utc_database() as database:
        assert database.sql(f"SELECT 1 AS {name_quoted(name)}").columns == [name]


def test_the_session_lives_in_utc() -> None:
    with utc_database() as database:
        shown = database.sql("SELECT CAST(TIMESTAMPTZ '2026-01-01 00:00:00+08' AS VARCHAR)").fetchall()
    assert shown == [("2025-12-31 16:00:00+00",)]


def test_the_database_is_closed_behind_its_user() -> None:
    with utc_database() as database:
        pass
    with pytest.raises(duckdb.Error):
        database.execute("SELECT 1")


def test_a_long_query_draws_no_bar_on_standard_output():
    with utc_database() as database:
        assert database.execute("SELECT current_setting('enable_progress_bar')").fetchall() == [(False,)]

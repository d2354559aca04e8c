"""Local days, hours and days of the month, by whole numbers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.local_time import FIRST, LAST, day_of_month, local_seconds, offsets

ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Prague", "Australia/Lord_Howe", "Asia/Kathmandu")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SPAN_SECONDS = int((LAST - FIRST).total_seconds())


def wall_clock(moment: datetime, zone: str) -> datetime:
    """What the expression says the clock on the wall shows, written as if that were UTC."""
    expression = local_seconds(ibis.literal(moment).cast("timestamp('UTC', 6)"), zone)
    return EPOCH + timedelta(seconds=int(ibis.duckdb.connect().execute(expression)))


@settings(max_examples=40, deadline=None)
@given(
    moment=st.integers(0, SPAN_SECONDS).map(lambda seconds: FIRST + timedelta(seconds=seconds)),
    zone=st.sampled_from(ZONES),
)
def test_the_wall_clock_is_that_of_the_zone_database(moment: datetime, zone: str) -> None:
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
    assert wall_clock(moment, zone) == local


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 59, 59, tzinfo=UTC)),
        (datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC), datetime(2026, 3, 29, 3, 0, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC), datetime(2026, 10, 25, 2, 59, 59, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 0, 0, tzinfo=UTC), datetime(2026, 10, 25, 2, 0, 0, tzinfo=UTC)),
    ],
)
def test_the_clock_changes_at_its_very_second(moment: datetime, local: datetime) -> None:
    assert wall_clock(moment, "Europe/Prague") == local


def test_the_session_s_own_zone_changes_nothing() -> None:
    moment = ibis.literal(datetime(2026, 6, 30, 18, tzinfo=UTC)).cast("timestamp('UTC', 6)")
    connection = ibis.duckdb.connect()
    sql = connection.compile(local_seconds(moment, "Asia/Shanghai"))
    here = connection.con.sql(sql).fetchall()
    connection.con.execute("SET TimeZone = 'America/New_York'")
    assert connection.con.sql(sql).fetchall() == here


def test_a_zone_that_keeps_its_clock_costs_no_comparison() -> None:
    assert len(offsets("UTC", FIRST, LAST)) == 1
    assert offsets("Asia/Shanghai", datetime(2000, 1, 1, tzinfo=UTC), LAST) == ((946_684_800, 8 * 3600),)


@settings(max_examples=30, deadline=None)
@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_the_day_of_the_month_is_that_of_the_calendar(day: date) -> None:
    number = ibis.literal((day - EPOCH.date()).days)
    assert ibis.duckdb.connect().execute(day_of_month(number)) == day.day

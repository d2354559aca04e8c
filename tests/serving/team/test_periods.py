"""Days begin where the bank is, also on the day on which its clocks change."""

from datetime import UTC, date, datetime, timedelta

from serving.team.periods import kept_back, period_of, weeks_before

NOW = datetime(2026, 10, 26, 23, 30, tzinfo=UTC)


def test_the_last_day_is_today_where_the_bank_is():
    assert period_of("days", NOW, "UTC").last_day == date(2026, 10, 26)
    assert period_of("days", NOW, "Asia/Shanghai").last_day == date(2026, 10, 27)


def test_a_day_of_twenty_five_hours_is_one_day():
    period = period_of("days", NOW, "Europe/Prague")
    lengths = [end - start for start, end in zip(period.edges, period.edges[1:], strict=False)]
    in_utc = [
        end.astimezone(UTC) - start.astimezone(UTC) for start, end in zip(period.edges, period.edges[1:], strict=False)
    ]
    assert len(lengths) == 28
    assert sorted(set(in_utc)) == [timedelta(hours=24), timedelta(hours=25)]


def test_weeks_follow_each_other_up_to_today():
    period = period_of("weeks", NOW, "UTC")
    assert len(period.starts) == 13
    assert period.end - period.start == timedelta(days=91)
    assert len(weeks_before(NOW, "UTC", 26).starts) == 27


def test_orders_that_are_judged_are_thirty_days_old():
    assert kept_back("days", NOW, "UTC").last_day == date(2026, 9, 26)

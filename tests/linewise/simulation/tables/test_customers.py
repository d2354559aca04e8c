import numpy as np

from linewise.simulation.lives.record import CONTACT_CHANGE
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.tables.customers import changes_us, customer_table, protected_attribute_table
from tests.linewise.simulation.tables.builders import (
    AMERICAN,
    WORLD,
    at_s,
    chunk_of,
    event,
    lives_of,
    moment,
    person,
    texts,
)

CROWD = [person(number) for number in range(1, 3_001)]


def test_a_student_is_known_as_one_and_the_application_score_is_delivered() -> None:
    rows = customer_table(chunk_of([person(1, employment=2, application_score=555), person(2)])).to_pylist()
    assert [row["is_student"] for row in rows] == [True, False]
    assert [row["x_application_score"] for row in rows] == [555, 650]
    assert rows[0]["observed_until"] is None


def test_who_takes_over_an_account_changes_its_contact_point_and_device() -> None:
    noon = at_s("2026-11-18 12:00")
    events = [event(CONTACT_CHANGE, noon, a=0), event(CONTACT_CHANGE, noon + 600, a=1)]
    row = customer_table(chunk_of([person()], events=events)).to_pylist()[0]
    assert row["contact_point_changed_at"] == moment(noon)
    assert row["device_changed_at"] == moment(noon + 600)


def test_most_changes_of_contact_are_the_customers_own_and_some_are_of_the_last_month() -> None:
    changed_us = changes_us(chunk_of(CROWD), 0)[:, -1]
    month_us = 30 * 86_400_000_000
    assert 0.08 < (changed_us > 0).mean() < 0.14
    assert (changed_us > WORLD.calendar.data_until_s * 1_000_000 - month_us).sum() > 5


def test_rules_on_customers_find_cases_on_both_sides() -> None:
    table = customer_table(chunk_of(CROWD))
    for column in ("is_staff", "is_related_party", "is_vulnerable"):
        assert 0 < sum(texts(table, column)) < 0.05 * len(CROWD)
    ends = [one for one in texts(table, "vulnerable_until") if one is not None]
    assert min(ends) < WORLD.calendar.data_until < max(ends)
    assert set(texts(table, "language")) == {"zh-CN", "en"}


def test_customers_of_an_american_bank_live_in_several_time_zones() -> None:
    people = [person(number) for number in range(1, 501)]
    zones = texts(customer_table(Chunk(AMERICAN, lives_of(people))), "time_zone")
    assert len(set(zones)) == 5
    assert zones.count("America/New_York") > zones.count("America/Los_Angeles") > zones.count("Pacific/Honolulu")


def test_sex_is_even_and_depends_on_nothing() -> None:
    table = protected_attribute_table(chunk_of(CROWD))
    is_male = np.array(texts(table, "value")) == "male"
    assert 0.45 < is_male.mean() < 0.55


def test_an_american_bank_does_not_hold_its_customers_sex() -> None:
    assert protected_attribute_table(Chunk(AMERICAN, lives_of([person()]))).num_rows == 0

"""The tables of who the customers are: what the bank's master data say, and what only the fairness judge reads."""

import numpy as np
import pyarrow as pa

from linewise.simulation.chance import Ints
from linewise.simulation.lives.record import CONTACT_CHANGE
from linewise.simulation.tables.chunk import DAY_US, Chunk
from linewise.simulation.tables.columns import coded, contract_table, moments

__all__ = ["changes_us", "customer_table", "protected_attribute_table", "time_zones"]

_STUDENT, _PENSIONER = 2, 3
_STAFF_RATIO, _RELATED_RATIO = 0.01, 0.003
_VULNERABLE_RATIO, _VULNERABLE_PENSIONER_RATIO = 0.015, 0.05
_VULNERABLE_SOURCES = ("customer", "agent", "relative")
_FOREIGN_LANGUAGES = {"cn": "en", "us": "es"}
# By country, time zones and the share of customers in each, rounded; the bank's own comes first.
_TIME_ZONES = {
    "cn": {"Asia/Shanghai": 0.985, "Asia/Urumqi": 0.01, "Asia/Tokyo": 0.005},
    "us": {
        "America/New_York": 0.47, "America/Chicago": 0.29, "America/Denver": 0.06, "America/Los_Angeles": 0.17,
        "Pacific/Honolulu": 0.01,
    },
}  # fmt: skip
_CHANGES = ("contact point", "device")
# A year: a number or address changes every eighth year, a telephone every third.
_CHANGE_RATES = (0.12, 0.33)


def customer_table(chunk: Chunk) -> pa.Table:
    """The customers as the bank's master data know them."""
    chance, number, employment = chunk.chance, chunk.number, chunk.of_people("employment")
    ratio = np.where(employment == _PENSIONER, _VULNERABLE_PENSIONER_RATIO, _VULNERABLE_RATIO)
    is_vulnerable = chance.happens(ratio, "vulnerable", number)
    source = chance.between(0, len(_VULNERABLE_SOURCES) - 1, "vulnerable source", number)
    # Some marks have run out and nobody took them off: the day counts, not the mark alone.
    ends_us = chunk.until_us + chance.between(-60, 300, "vulnerable until", number) * DAY_US
    profile = chunk.world.profile
    is_foreign = chance.happens(profile.foreign_language_ratio, "foreign language", number)
    zones, zone = time_zones(chunk)
    contact_us, device_us = (changes_us(chunk, what)[:, -1] for what in (0, 1))
    return contract_table(
        "customers",
        len(chunk),
        customer_id=chunk.customer_ids(np.arange(len(chunk))),
        birth_date=chunk.of_people("birth_day"),
        is_student=employment == _STUDENT,
        is_staff=chance.happens(_STAFF_RATIO, "staff", number),
        is_related_party=chance.happens(_RELATED_RATIO, "related party", number),
        is_vulnerable=is_vulnerable,
        vulnerable_source=coded(np.where(is_vulnerable, source, -1), _VULNERABLE_SOURCES),
        vulnerable_until=moments(ends_us, is_vulnerable & chance.happens(0.5, "vulnerable ends", number)),
        time_zone=coded(zone, zones),
        language=coded(is_foreign, (profile.language, _FOREIGN_LANGUAGES[chunk.world.country])),
        contact_point_changed_at=moments(contact_us, contact_us > 0),
        device_changed_at=moments(device_us, device_us > 0),
        customer_since=chunk.of_people("since_day"),
        x_application_score=chunk.of_people("application_score"),
    )


def time_zones(chunk: Chunk) -> tuple[tuple[str, ...], Ints]:
    """The zones in which the bank's customers live, and which is each one's, (n_customers,)."""
    zones = _TIME_ZONES[chunk.world.country]
    weights = np.broadcast_to(np.array(list(zones.values())), (len(chunk), len(zones)))
    return tuple(zones), chunk.chance.pick(weights, "time zone", chunk.number)


def changes_us(chunk: Chunk, what: int) -> Ints:
    """When the contact point (0) or the device (1) changed in the data, (n_customers, 2), ascending, 0 for never.

    At most one change that the customer made, and the last one of the lives: who takes over an account
    changes them too.
    """
    calendar, number = chunk.world.calendar, chunk.number
    first_day = np.maximum(chunk.of_people("since_day"), calendar.first_day)
    days = np.maximum(calendar.last_day - first_day, 0)
    name = _CHANGES[what]
    day = first_day + np.floor(days * chunk.chance.uniform(f"{name} day", number)).astype(np.int64)
    own_us = chunk.local_us(day, 8.0 + 14.0 * chunk.chance.uniform(f"{name} hour", number))
    is_changed = chunk.chance.happens(1 - np.exp(-_CHANGE_RATES[what] * days / 365), f"{name} changes", number)
    found = np.zeros((len(chunk), 2), dtype=np.int64)
    found[:, 0] = np.where(is_changed, own_us, 0)
    events = chunk.events(CONTACT_CHANGE)
    events = events.where(events["a"] == what)
    found[events.person, 1] = events.at_us  # by moment: the last one stays
    found.sort(axis=1)
    return found


def protected_attribute_table(chunk: Chunk) -> pa.Table:
    """The customers' sex, drawn apart from everything else: nothing in this bank depends on it.

    A bank in the United States may not ask for it (12 CFR 1002.5(b)), so the table has no rows there.
    """
    number = chunk.number if chunk.world.country == "cn" else chunk.number[:0]
    return contract_table(
        "protected_attributes",
        len(number),
        customer_id=chunk.customer_ids(np.arange(len(number))),
        attribute="sex",
        value=coded(chunk.chance.between(0, 1, "sex", number), ("female", "male")),
    )

"""What the offers are like that are shown in calls moves with what is shown, and with nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import pytest

from linewise.bank.tables import Bank
from linewise.core.home import Home
from tests.linewise.bank.builders import END, a_row, rows_of, small_tables, write_small
from training.drift.offers import offers_moved
from training.drift.report import Moved
from training.drift.thresholds import load_drift_thresholds

ASKED = load_drift_thresholds(None).model_copy(update={"mix_rows_least": 10})
YEAR = timedelta(days=365)
NOW = END - timedelta(days=2)
BEFORE = NOW - YEAR


@dataclass(frozen=True)
class AnOffer:
    offer_id: str
    tier: float
    is_credit: float = 0.0
    product: str = "card_classic"

    @property
    def attributes(self) -> dict[str, float]:
        return {"offer_tier": self.tier, "offer_is_credit": self.is_credit}


@dataclass(frozen=True)
class AChampion:
    """Of a champion only the specification is read."""

    spec: dict[str, Any]


READ = ("offer_tier", "offer_is_credit", "is_shown")
OFFERS = (AnOffer("CLASSIC", 1.0), AnOffer("GOLD", 2.0))


def shown(which: str, count: int, until: datetime, **given: Any) -> list[dict[str, Any]]:
    moments = [until - timedelta(hours=1 + hour) for hour in range(count)]
    return [
        a_row(
            "exposures",
            **{
                "exposure_id": f"{which}{given}{at.timestamp()}", "customer_id": "c1", "offer_id": which,
                "shown_at": at, "recorded_at": at, "channel": "voice",
            }
            | given,
        )
        for at in moments
    ]  # fmt: skip


def moved(home: Home, *rows: list[dict[str, Any]], attributes: Sequence[str] = READ) -> list[Moved]:
    bank: Bank = write_small(home, small_tables() | {"exposures": rows_of("exposures", *chain(*rows))})
    return offers_moved(bank, OFFERS, [AChampion({"offer_attributes": attributes})], (NOW, BEFORE), ASKED)


def test_a_mix_that_stays_raises_no_alarm_and_another_one_does(home: Home):
    before = shown("CLASSIC", 20, BEFORE) + shown("GOLD", 20, BEFORE)
    quiet = moved(home, before, shown("CLASSIC", 10, NOW), shown("GOLD", 10, NOW))
    assert [(one.what, one.figure, one.is_alarm) for one in quiet] == [
        ("offer_tier of offers shown", 0.0, False),
        ("offer_is_credit of offers shown", 0.0, False),
    ]


def test_what_is_shown_otherwise_alarms_by_the_attribute_that_moved(home: Home):
    before = shown("CLASSIC", 20, BEFORE) + shown("GOLD", 20, BEFORE)
    found = moved(home, before, shown("CLASSIC", 4, NOW), shown("GOLD", 36, NOW))
    assert [one.what for one in found if one.is_alarm] == ["offer_tier of offers shown"]
    assert "50.0% of the showings a year ago" in found[0].says


@pytest.mark.parametrize(
    "beside",
    [
        {"channel": "sms"},
        {"offer_id": "LIMIT_25"},  # no offer of the catalogue
        {"recorded_at": NOW + timedelta(days=1)},  # not known yet
    ],
)
def test_what_take_up_does_not_learn_from_is_not_counted(home: Home, beside: dict[str, Any]):
    even = shown("CLASSIC", 20, BEFORE) + shown("GOLD", 20, BEFORE) + shown("CLASSIC", 9, NOW) + shown("GOLD", 9, NOW)
    found = moved(home, even, shown("GOLD", 50, NOW, **beside))
    assert [one.figure for one in found] == [0.0, 0.0]


def test_too_few_showings_and_champions_without_offers_say_nothing(home: Home):
    few = shown("CLASSIC", 9, BEFORE) + shown("CLASSIC", 30, NOW)
    assert moved(home, few) == []
    many = shown("CLASSIC", 30, BEFORE) + shown("CLASSIC", 30, NOW)
    assert moved(home, many, attributes=()) == []

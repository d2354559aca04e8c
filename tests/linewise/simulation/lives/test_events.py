import numpy as np
import pytest

from linewise.simulation.lives.record import KINDS, LIFE_EVENT, LIFE_EVENTS
from tests.linewise.simulation.lives.builders import CARDS, Lived

TRAVEL_GROUP = 9


def of_kind(lived: Lived, kind: str) -> np.ndarray:
    return lived.events(LIFE_EVENT, a=LIFE_EVENTS.index(kind))


@pytest.mark.parametrize("kind", LIFE_EVENTS)
def test_every_kind_of_event_happens(lived: Lived, kind: str) -> None:
    assert len(of_kind(lived, kind)) > 10


def test_work_is_found_only_by_those_who_lost_it_and_lost_once_until_then(lived: Lived) -> None:
    lost, found = LIFE_EVENTS.index("job_lost"), LIFE_EVENTS.index("job_found")
    events = lived.events(LIFE_EVENT)
    turns = events[np.isin(events["a"], [lost, found])]
    same = turns["person"][1:] == turns["person"][:-1]
    assert same.sum() > 50
    assert np.all((turns["a"][1:] != turns["a"][:-1])[same])


def test_a_flight_is_booked_before_a_trip_and_foreign_shops_follow(lived: Lived) -> None:
    postings = lived.lives.postings
    bought = postings[np.isin(postings["account"], CARDS) & (postings["kind"] == KINDS.index("purchase"))]
    # The trips of the first cycle began before the data do.
    first_s = lived.ends_s[bought["person"], 1]
    abroad = bought[(bought["country"] > 0) & (bought["at_s"] >= first_s)]
    trips = of_kind(lived, "travel")
    travellers = set(trips["person"].tolist())
    # Those whose card was taken over are seen abroad without having gone.
    gone = [who for who in set(abroad["person"].tolist()) if lived.lives.people["cunning"][who] == 0]
    assert len(gone) > 200
    assert set(gone) <= travellers
    flights = bought[(bought["group"] == TRAVEL_GROUP) & (bought["country"] == 0)]
    booked = set(flights["person"].tolist())
    assert np.mean([who in booked for who in gone]) > 0.9

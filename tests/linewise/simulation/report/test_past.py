import numpy as np
import pytest

from linewise.simulation.lives.record import EXPOSURE, LIMIT_CHANGE, OUTCOME
from linewise.simulation.report import past
from linewise.simulation.report.sums import Totals
from tests.linewise.simulation.report.builders import (
    a_sample,
    a_world,
    midday_s,
    some_lives,
    totals_of,
    with_months,
    with_people,
)

WORLD = a_world(12)
VOICE, SMS, TELEPHONE = 0, 1, 3
ORDERED, DECLINED = 4, 2


def test_raises_a_quarter_are_told_by_what_the_account_did_the_month_before():
    begins = [midday_s(WORLD, int(WORLD.calendar.month_begins[at])) for at in range(19, 31)]
    raised = {"kind": LIMIT_CHANGE, "a": 10, "b": 12, "c": 1, "d": 0}
    lives = some_lives(4, WORLD, events=[raised | {"person": 0, "at_s": begins[3]}])
    behaviour = np.array([[2], [2], [1], [1]])
    totals = totals_of(past, a_sample(with_months(lives, behaviour=behaviour), WORLD))
    # Ten moves between eleven whole months of two revolvers.
    assert past.raised_a_quarter(totals, WORLD, "revolver") == pytest.approx(3 * 1 / 20)
    assert past.raised_a_quarter(totals, WORLD, "transactor") == 0.0


def totals_of_offers(*events: dict[str, int]) -> Totals:
    at_s = midday_s(WORLD, WORLD.calendar.first_day + 5)
    rows = [{"at_s": at_s + at} | event for at, event in enumerate(events)]
    rows.sort(key=lambda row: (row.get("person", 0), row["at_s"]))
    return totals_of(past, a_sample(some_lives(2, WORLD, events=rows), WORLD))


def shown(channel: int, pitched: int = 1, offer: int = 1, person: int = 0) -> dict[str, int]:
    return {"kind": EXPOSURE, "a": offer, "b": channel, "c": pitched, "person": person}


def outcome(exposure: int, word: int = ORDERED, offer: int = 1, person: int = 0) -> dict[str, int]:
    return {"kind": OUTCOME, "a": offer, "b": word, "d": exposure, "person": person}


def test_take_up_is_told_by_the_channel_in_which_the_offer_was_put():
    totals = totals_of_offers(
        shown(VOICE), shown(SMS, -1), shown(VOICE), shown(TELEPHONE), outcome(0), outcome(2, DECLINED),
        shown(SMS, -1, person=1), shown(VOICE, person=1), outcome(0, person=1),
    )  # fmt: skip
    assert past.take_up(totals, WORLD, "inbound") == pytest.approx(1 / 3)
    assert past.take_up(totals, WORLD, "outbound") == pytest.approx(1 / 3)


def test_what_the_agent_did_not_pitch_was_heard_by_nobody():
    totals = totals_of_offers(shown(VOICE, 0), shown(VOICE), outcome(1))
    assert past.take_up(totals, WORLD, "inbound") == 1.0


def test_orders_without_an_exposure_and_limits_are_nobody_s_take_up():
    limit = 7
    totals = totals_of_offers(shown(VOICE), shown(VOICE, offer=limit), outcome(-1), outcome(1, offer=limit))
    assert past.take_up(totals, WORLD, "inbound") == 0.0


def test_a_job_is_lost_by_those_who_have_one():
    lives = with_people(some_lives(3, WORLD), employment=[0, 1, 3])
    jobless = np.zeros(lives.months.shape)
    jobless[0, 4:], jobless[2, 4:] = 1, 1
    totals = totals_of(past, a_sample(with_months(lives, is_jobless=jobless), WORLD))
    # Four months at work before the loss, and ten of the other.
    assert past.job_loss_rate(totals, WORLD) == pytest.approx(1 / 14)


def test_sleeping_dogs_are_counted_among_all():
    lives = with_people(some_lives(4, WORLD), is_sleeping_dog=[1, 0, 0, 0])
    assert past.sleeping_dog_share(totals_of(past, a_sample(lives, WORLD)), WORLD) == 0.25

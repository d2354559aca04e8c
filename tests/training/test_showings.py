"""What was shown in a call, beside what was not: who is a case and what counts as taken."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from linewise.bank.tables import open_bank
from linewise.core.home import Home
from linewise.policy.catalogue import ATTRIBUTE_NAMES
from tests.linewise.bank.builders import END, a_row, rows_of, small_tables, write_small
from tests.training.test_labels import AnOffer
from training.labels import ShowingLabels
from training.showings import FOLLOW_UP_DAYS, IS_SHOWN, offer_pitch_labels, offer_take_up_labels

SHOWN = datetime(2026, 1, 10, 9, tzinfo=UTC)
DAY = timedelta(days=1)
OFFERS = (AnOffer("CLASSIC", "card_classic"), AnOffer("GOLD", "card_gold"), AnOffer("NEW", "card_new"))
LabelsOf = Callable[..., ShowingLabels]


def a_showing(offer_id: str = "CLASSIC", at: datetime = SHOWN, **given: Any) -> dict[str, Any]:
    plain = {"exposure_id": f"e{offer_id}{at.timestamp()}", "customer_id": "c1", "offer_id": offer_id, "shown_at": at}
    return a_row("exposures", **{**plain, "recorded_at": at, "channel": "voice", **given})


def an_order(offer_id: str = "CLASSIC", at: datetime = SHOWN + DAY, **given: Any) -> dict[str, Any]:
    plain = {"outcome_id": f"o{offer_id}", "customer_id": "c1", "offer_id": offer_id, "outcome": "ordered"}
    return a_row("outcomes", **{**plain, "occurred_at": at, "recorded_at": at, **given})


ELSEWHERE = a_showing("GOLD", SHOWN - 50 * DAY, customer_id="c2")
"""So that the bank has shown the gold card, too."""


@pytest.fixture
def labels_of(home: Home) -> LabelsOf:
    def make(showings=(), orders=(), cards=(), rows_maximum=1_000) -> ShowingLabels:
        tables = {
            "exposures": rows_of("exposures", *showings),
            "outcomes": rows_of("outcomes", *orders),
            "holdings": rows_of("holdings", *cards),
        }
        return offer_take_up_labels(write_small(home, small_tables() | tables), OFFERS, END, rows_maximum)

    return make


def of_c1(labels: ShowingLabels) -> list[tuple[str, int]]:
    """Shown or not, and taken or not, of the rows of c1."""
    rows = zip(labels.customer_id, labels.offer_values[:, -1], labels.y, strict=True)
    return [("shown" if is_shown else "not", int(y)) for customer_id, is_shown, y in rows if customer_id == "c1"]


def test_beside_what_was_shown_stands_one_that_was_not(labels_of: LabelsOf):
    labels = labels_of([a_showing(), ELSEWHERE], [an_order()])
    assert labels.offer_attributes == (*ATTRIBUTE_NAMES, IS_SHOWN)
    assert of_c1(labels) == [("shown", 1), ("not", 0)]


@pytest.mark.parametrize(("rows_maximum", "beside"), [(1_000, 2), (9, 2), (8, 1), (6, 1)])
def test_beside_a_call_stand_as_many_as_the_rows_bear_and_one_at_the_least(
    labels_of: LabelsOf, rows_maximum: int, beside: int
):
    third = a_showing("NEW", SHOWN - 60 * DAY, customer_id="c2")
    labels = labels_of([a_showing(), ELSEWHERE, third], rows_maximum=rows_maximum)
    assert of_c1(labels) == [("shown", 0)] + [("not", 0)] * beside


def test_what_comes_by_itself_is_taken_without_being_shown(labels_of: LabelsOf):
    assert of_c1(labels_of([a_showing(), ELSEWHERE], [an_order("GOLD")])) == [("shown", 0), ("not", 1)]


def test_an_offer_that_was_never_shown_is_none_that_the_history_tells_of(labels_of: LabelsOf):
    labels = labels_of([a_showing(), ELSEWHERE])
    assert labels.offer_ids == ("CLASSIC", "GOLD")
    assert not labels.has_control_group  # four rows are no group


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ({}, [("shown", 0), ("not", 0)]),
        ({"is_pitched": False}, [("shown", 0), ("not", 0)]),  # shown is shown, whatever the agent did with it
        ({"channel": "sms"}, []),
        ({"offer_id": "LIMIT_25"}, []),
        ({"shown_at": END - FOLLOW_UP_DAYS * DAY + DAY, "recorded_at": END}, []),  # no follow-up yet
    ],
)
def test_a_case_is_what_was_shown_in_a_call_and_could_be_followed(labels_of: LabelsOf, given, rows):
    assert of_c1(labels_of([a_showing(**given), ELSEWHERE])) == rows


@pytest.mark.parametrize(
    ("ordered_at", "label"),
    [(SHOWN, 0), (SHOWN + DAY, 1), (SHOWN + FOLLOW_UP_DAYS * DAY, 1), (SHOWN + (FOLLOW_UP_DAYS + 1) * DAY, 0)],
)
def test_an_order_counts_from_after_the_showing_for_ninety_days(labels_of: LabelsOf, ordered_at: datetime, label: int):
    assert of_c1(labels_of([a_showing(), ELSEWHERE], [an_order(at=ordered_at)]))[0] == ("shown", label)


def test_what_is_held_already_is_no_case(labels_of: LabelsOf):
    held = {"holding_id": "h1", "customer_id": "c1", "product": "card_gold"}
    held |= {"opened_at": SHOWN - DAY, "recorded_at": SHOWN - DAY}
    labels = labels_of([a_showing(), ELSEWHERE], cards=[a_row("holdings", **held)])
    assert of_c1(labels) == [("shown", 0)]


def test_what_is_known_ends_before_the_showing(labels_of: LabelsOf):
    labels = labels_of([a_showing(), ELSEWHERE])
    assert labels.pairs()["as_of"].to_pylist()[-1] == SHOWN - timedelta(microseconds=1)


def an_answer(outcome: str, at: datetime = SHOWN + DAY, **given: Any) -> dict[str, Any]:
    return an_order(at=at, outcome=outcome, **{"outcome_id": f"{outcome}{at.timestamp()}", **given})


@pytest.mark.parametrize(
    ("answers", "label", "is_censored"),
    [
        ([], 0, False),
        ([an_answer("declined")], 0, False),
        ([an_order()], 1, False),
        ([an_order(), an_answer("cancelled", SHOWN + 20 * DAY)], 0, False),
        ([an_answer("cancelled", SHOWN - DAY), an_order()], 1, False),  # what was given back before is another card
        ([an_answer("postponed")], 0, True),
        ([an_answer("postponed"), an_order(at=SHOWN + 9 * DAY)], 1, False),
        ([an_answer("postponed", SHOWN - DAY)], 0, False),  # of an earlier talk
        ([an_answer("postponed", exposure_id="another")], 0, False),
        ([an_answer("not_pitched")], 0, False),
    ],
)
def test_ordered_and_kept_is_taken_and_put_off_is_no_answer(labels_of: LabelsOf, answers, label, is_censored):
    labels = labels_of([a_showing(), ELSEWHERE], answers)
    row = labels.customer_id.index("c1")
    assert (labels.is_shown[row], labels.y[row], labels.is_censored[row]) == (1, label, is_censored)


def test_whether_it_was_pitched_is_a_label_of_its_own(home: Home, labels_of: LabelsOf):
    noted = [a_showing(is_pitched=True), a_showing(at=SHOWN + DAY, is_pitched=False), a_showing(at=SHOWN + 2 * DAY)]
    lately = [a_showing(at=END - DAY, is_pitched=True), a_showing("LIMIT_25", END - DAY, is_pitched=True)]
    labels_of([*noted, *lately, a_showing("GOLD", is_pitched=False, channel="sms"), ELSEWHERE], [an_order()])
    labels = offer_pitch_labels(open_bank(home), OFFERS, END, 100)
    # Known at once: the showing of yesterday counts, of which nobody knows yet what is ordered.
    assert labels.y.tolist() == [1, 0, 1]
    assert labels.offer_attributes == ATTRIBUTE_NAMES
    assert (labels.known_at == labels.as_of).all()
    assert labels.offer_ids == ("CLASSIC",)
    assert len(offer_pitch_labels(open_bank(home), OFFERS, END, 2).y) == 2


def test_the_same_bank_makes_the_same_cases(labels_of: LabelsOf):
    one, other = (labels_of([a_showing(), ELSEWHERE]) for _ in range(2))
    assert one.pairs().equals(other.pairs())
    np.testing.assert_array_equal(one.offer_values, other.offer_values)

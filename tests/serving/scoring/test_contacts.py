"""One counter for all channels: the ledger and the bank's tables together."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from linewise.core.moments import NEVER
from linewise.ledger.contacts import Contact
from serving.scoring.columns.contact import contact_columns, offer_contacts
from serving.scoring.contacts import contacts_seen
from tests.builders import a_policy
from tests.serving.scoring.sights import NOW, sight

DAY = timedelta(days=1)
OFFERS = a_policy().decision.offers
GOLD, CLASSIC = OFFERS.offer_id.index("CARD_GOLD"), OFFERS.offer_id.index("CARD_CLASSIC")


def told(kind: Any, days: float, offer_id: str = "CARD_GOLD", **more: Any) -> Contact:
    plain = {"decision_id": f"D{days}", "offer_group": "", "channel": "voice", "reason_code": "", "not_before": None}
    given = plain | {"offer_id": offer_id, "occurred_at": NOW - days * DAY} | more
    return Contact(customer_id="C1", kind=kind, **given)


def answer(outcome: str, days: float, offer_id: str = "CARD_GOLD", **more: Any) -> dict[str, Any]:
    return {"outcome": outcome, "offer_id": offer_id, "occurred_at": NOW - days * DAY} | more


def shown(days: float, offer_id: str = "CARD_GOLD", channel: str = "voice", **more: Any) -> dict[str, Any]:
    return {"offer_id": offer_id, "shown_at": NOW - days * DAY, "channel": channel, "is_pitched": True} | more


def of_offer(ledger: list[Contact] | None = None, **tables: Any) -> dict[str, float]:
    seen = sight(**tables)
    found = offer_contacts(contacts_seen(["C1"], seen, ledger or [], OFFERS), seen, OFFERS)
    return {name: float(values[0, GOLD]) for name, values in found.items()}


def of_customer(ledger: list[Contact] | None = None, cycle: int = NEVER, **tables: Any) -> dict[str, float]:
    seen = sight(**tables)
    contacts = contacts_seen(["C1"], seen, ledger or [], OFFERS)
    found = contact_columns(contacts, seen, OFFERS, np.array([cycle]))
    return {name: float(values[0]) for name, values in found.items()}


@pytest.mark.parametrize(
    ("ledger", "outcomes", "since_offer", "since_group"),
    [
        ([], [], None, None),
        ([told("declined", 10)], [], 10, 10),
        ([], [answer("declined", 10)], 10, 10),
        ([told("declined", 40)], [answer("declined", 10)], 10, 10),
        ([], [answer("declined", 10, "CARD_CLASSIC")], None, 10),
        ([], [answer("declined", 10, recorded_at=NOW + DAY)], None, None),
        ([], [answer("accepted", 10)], None, None),
        # The last answer to one offer of one decision counts; answers without a decision stand alone.
        ([], [answer("declined", 10, decision_id="d"), answer("accepted", 9, decision_id="d")], None, None),
        ([], [answer("declined", 10), answer("accepted", 9)], 10, 10),
        # What the ledger holds of a decision is not counted again from the bank's table.
        ([told("accepted", 9, decision_id="d")], [answer("declined", 10, decision_id="d")], None, None),
        # Not now, twice, is a no, also where the two were said in different systems.
        ([told("postponed", 5)], [answer("postponed", 30)], 5, 5),
        ([], [answer("postponed", 30), answer("accepted", 20), answer("postponed", 5)], None, None),
        ([], [answer("postponed", 30), answer("postponed", 20), answer("postponed", 5)], 20, 20),
    ],
)  # fmt: skip
def test_a_decline_counts_whoever_recorded_it(
    ledger: list[Contact], outcomes: list[Any], since_offer: float | None, since_group: float | None
):
    found = of_offer(ledger, outcomes=outcomes)
    expected = [np.nan if days is None else days for days in (since_offer, since_group)]
    assert [found["days_since_declined"], found["days_since_group_declined"]] == pytest.approx(expected, nan_ok=True)


def test_what_was_put_off_rests_until_the_day_named_or_a_week():
    assert of_offer([told("postponed", 2)])["postponed_until_days"] == pytest.approx(5)
    assert of_offer([told("postponed", 9)])["postponed_until_days"] == pytest.approx(-2)
    named = told("postponed", 2, not_before=(NOW + 20 * DAY).date())
    # The day begins where the customer is: here in the bank's zone, Shanghai.
    assert of_offer([named])["postponed_until_days"] == pytest.approx(20 - 17 / 24)
    abroad = of_offer([named], customer={"time_zone": "America/New_York"})
    assert abroad["postponed_until_days"] == pytest.approx(20 - 4 / 24)
    assert np.isnan(of_offer()["postponed_until_days"])


def test_what_a_customer_was_given_within_a_year_is_summed_over_ledger_and_bank():
    waiver, grant = OFFERS.offer_id.index("FEE_WAIVER"), 8_000.0
    seen = sight(outcomes=[answer("ordered", 100, "FEE_WAIVER"), answer("accepted", 366, "FEE_WAIVER")])
    ledger = [told("accepted", 9, "FEE_WAIVER"), told("declined", 8, "FEE_WAIVER"), told("accepted", 7)]
    found = offer_contacts(contacts_seen(["C1"], seen, ledger, OFFERS), seen, OFFERS)["granted_amt_365d"]
    assert found[0, waiver] == 2 * grant
    assert found[0].sum() == 2 * grant


def card(product: str, opened: float, closed: float | None = None) -> dict[str, Any]:
    closed_at = None if closed is None else NOW - closed * DAY
    return {"product": product, "opened_at": NOW - opened * DAY, "closed_at": closed_at}


@pytest.mark.parametrize(
    ("holdings", "expected"),
    [
        ([], True),
        ([card("card_gold", 300)], True),
        ([card("card_gold", 3)], False),
        ([card("card_classic", 300, 2)], False),
        ([card("savings_book", 3)], True),
    ],
)
def test_who_says_to_have_it_is_asked_again_only_after_what_they_hold_has_changed(holdings: list[Any], expected: bool):
    said = told("declined", 10, reason_code="already_has")
    assert bool(of_offer([said], holdings=holdings)["has_said_already_has"]) is expected
    assert not of_offer([told("declined", 10)], holdings=holdings)["has_said_already_has"]


@pytest.mark.parametrize(
    ("ledger", "exposures", "expected"),
    [
        ([told("impression", 3)], [], 1),
        ([told("impression", 30)], [], 0),
        ([], [shown(29.9), shown(31)], 1),
        ([told("impression", 3)], [shown(4)], 2),
        ([told("impression", 3, decision_id="d")], [shown(3, decision_id="d")], 1),
        ([], [shown(3, is_pitched=False)], 0),
        ([], [shown(3, is_pitched=None)], 1),
        ([], [shown(3, channel="sms", is_pitched=False)], 1),
        ([], [shown(3, "SOMETHING_ELSE")], 1),
        ([told("impression", 3, "LIMIT")], [], 1),
    ],
)
def test_promotional_impressions_of_thirty_days_are_counted_in_all_channels(
    ledger: list[Contact], exposures: list[Any], expected: float
):
    assert of_customer(ledger, exposures=exposures)["impression_count_30d"] == expected


def test_help_is_no_promotional_impression():
    helping = next(one for one, kind in zip(OFFERS.offer_id, OFFERS.kind, strict=True) if kind == "service")
    assert of_customer([told("impression", 3, helping)])["impression_count_30d"] == 0


def test_instalment_plans_are_counted_since_the_last_statement():
    from linewise.core.moments import microseconds

    plans = [told("impression", days, "PLAN-12") for days in (3, 12)]
    assert of_customer(plans, microseconds(NOW - 10 * DAY))["instalment_pitch_count_cycle"] == 1
    assert of_customer(plans)["instalment_pitch_count_cycle"] == 2


@pytest.mark.parametrize(
    ("ledger", "requests", "expected"),
    [
        ([], [], None),
        ([told("declined", 20, "LIMIT")], [], 20),
        ([], [{"decision": "withdrawn", "initiated_by": "bank", "kind": "increase"}], 30),
        ([], [{"decision": "withdrawn", "initiated_by": "customer", "kind": "increase"}], None),
        ([told("declined", 20)], [], None),
    ],
)
def test_a_declined_raise_counts_from_the_ledger_and_from_the_banks_requests(
    ledger: list[Contact], requests: list[Any], expected: float | None
):
    rows = [one | {"requested_at": NOW - 30 * DAY} for one in requests]
    found = of_customer(ledger, limit_requests=rows)["days_since_limit_declined"]
    assert found == pytest.approx(np.nan if expected is None else expected, nan_ok=True)


@pytest.mark.parametrize("reason", ["do_not_contact", "DO_NOT_CONTACT"])
def test_no_contact_any_more_holds_from_either_source(reason: str):
    assert of_customer(outcomes=[answer("declined", 900, reason_code=reason)])["is_on_do_not_call"] == 1
    assert of_customer([told("declined", 900, reason_code=reason.lower())])["is_on_do_not_call"] == 1
    assert of_customer([told("declined", 900)])["is_on_do_not_call"] == 0

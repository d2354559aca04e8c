"""What is in force: known by then, open then, and nothing that came later."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from linewise.decisioning.types import Context, State
from linewise.ledger.contacts import Contact
from serving.scoring.contacts import contacts_seen
from serving.scoring.facts import BankFacts
from serving.scoring.state import state_of
from tests.builders import a_policy
from tests.serving.scoring.sights import CUT, EARLIER, LATER, NOW, facts, sight

OFFERS = a_policy().decision.offers
JUNIOR, CLASSIC, GOLD = range(3)


def state(known: BankFacts, told: list[Contact] | None = None, channel: str = "voice") -> State:
    seen = sight(known)
    return state_of(seen, contacts_seen(["C1"], seen, told or [], OFFERS), OFFERS, Context(channel, NOW))


def declined(offer_id: str, days: float, group: str = "payment_card", reason: str = "price") -> Contact:
    return Contact("C1", f"D{days}", offer_id, group, "voice", "declined", reason, NOW - timedelta(days=days))


def a_card(product: str, opened_at: datetime, **changes: datetime) -> dict:
    return {"product": product, "opened_at": opened_at, "closed_at": None, "recorded_at": opened_at} | changes


def test_a_card_held_counts_for_every_offer_of_its_group():
    held = state(facts(holdings=[a_card("card_classic", EARLIER)])).held_tier[0]
    assert held[: GOLD + 1].tolist() == [2.0, 2.0, 2.0]
    assert np.isnan(held[GOLD + 1 :]).all()


@pytest.mark.parametrize(
    "card",
    [
        a_card("card_gold", LATER),
        a_card("card_gold", EARLIER, recorded_at=LATER),
        a_card("card_gold", EARLIER, closed_at=EARLIER + timedelta(days=1)),
        a_card("savings_book", EARLIER),
    ],
    ids=["opened later", "recorded later", "closed before", "another product"],
)
def test_what_was_not_in_force_when_the_customer_was_last_observed_is_not_known(card: dict):
    assert np.isnan(state(facts(customer={"observed_until": CUT}, holdings=[card])).held_tier).all()


def test_a_live_customer_is_observed_up_to_now():
    assert state(facts(holdings=[a_card("card_gold", LATER)])).held_tier[0, JUNIOR] == 3.0


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("complaint", "has_open_complaint"),
        ("fraud", "has_open_fraud_case"),
        ("dispute", "has_open_fraud_case"),
        ("lost_card", "has_open_fraud_case"),
        ("hardship", "is_in_hardship"),
        ("collections", "is_in_hardship"),
        ("bereavement", "is_in_hardship"),
    ],
)
def test_an_open_case_is_known_by_its_kind_and_a_closed_one_is_not(kind: str, field: str):
    case = {"kind": kind, "opened_at": EARLIER, "closed_at": None, "recorded_at": EARLIER}
    flags = ("has_open_complaint", "has_open_fraud_case", "is_in_hardship")
    found = state(facts(cases=[case]))
    assert {name: bool(getattr(found, name)[0]) for name in flags} == {name: name == field for name in flags}
    closed = state(facts(cases=[case | {"closed_at": NOW - timedelta(hours=1)}]))
    assert not any(getattr(closed, name)[0] for name in flags)


def test_days_since_a_decline_are_counted_by_the_bank_clock_and_shared_in_the_group():
    found = state(facts(customer={"observed_until": CUT}), [declined("CARD_GOLD", 10), declined("X", 0, "other")])
    assert found.days_since_declined[0, GOLD] == pytest.approx(10)
    assert np.isnan(found.days_since_declined[0, CLASSIC])
    assert found.days_since_group_declined[0, : GOLD + 1].tolist() == pytest.approx([10, 10, 10])


def test_the_latest_of_several_declines_counts():
    often = [declined("CARD_GOLD", days) for days in (90, 5, 40)]
    assert state(facts(), often).days_since_declined[0, GOLD] == pytest.approx(5)


def test_who_wants_no_contact_is_opted_out_everywhere():
    refused = [declined("CARD_GOLD", 900, reason="do_not_contact")]
    assert all(state(facts(), refused, channel).is_opted_out[0] for channel in ("voice", "app"))


@pytest.mark.parametrize("refused", ["sms", "telephone", "push", "email"])
@pytest.mark.parametrize("channel", ["voice", "app", "web", "branch", "ivr"])
def test_a_refusal_of_one_channel_does_not_leak_into_another(refused: str, channel: str):
    own = {"telephone": {"voice", "ivr"}, "push": {"app"}}
    found = state(facts(contact_points=[word(refused, True, EARLIER)]), channel=channel).is_opted_out[0]
    assert bool(found) is (channel in own.get(refused, set()))


def word(channel: str, is_opted_out: bool, changed_at: datetime) -> dict:
    return {"channel": channel, "is_opted_out": is_opted_out, "changed_at": changed_at, "recorded_at": changed_at}


@pytest.mark.parametrize(
    ("words", "is_opted_out"),
    [
        ([], False),
        ([word("voice", True, EARLIER)], True),
        ([word("sms", True, EARLIER)], False),
        ([word("voice", True, EARLIER), word("voice", False, LATER)], False),
        ([word("voice", False, EARLIER), word("voice", True, LATER)], True),
        ([word("voice", True, NOW + timedelta(days=1))], False),
    ],
)
def test_the_latest_word_for_the_channel_counts(words: list[dict], is_opted_out: bool):
    assert bool(state(facts(contact_points=words)).is_opted_out[0]) is is_opted_out

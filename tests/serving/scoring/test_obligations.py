"""Duties, stops and outcomes of a served home: what follows from a decision, and what stands in its way."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from linewise.core.errors import ApprovalMissing, Conflict, PolicyInvalid, UsageError
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.asked import Asked, asked_in
from linewise.ledger.contacts import contacts_of
from linewise.ledger.duties import complete_duty, duties_due, open_duties
from linewise.ledger.record import read_decision
from linewise.ledger.releases import releases_seen
from linewise.ledger.stops import lift, stop
from linewise.ledger.store import open_ledger
from serving.scoring.opening import open_recommender
from serving.scoring.outcomes import Told
from serving.scoring.recommender import Recommender
from serving.scoring.switches import enforce_stoppable
from tests.linewise.ledger.signers import NOW, a_cast
from tests.linewise.ledger.test_duties import DISCLOSURE


@pytest.fixture(scope="module")
def recommender(served_home: Home) -> Recommender:
    return open_recommender(load_settings(home=served_home.root, language="en"))


@pytest.fixture(scope="module")
def keys(served_home: Home, tmp_path_factory: pytest.TempPathFactory):
    ledger = open_ledger(served_home)
    yield a_cast(ledger, tmp_path_factory.mktemp("keys"))
    ledger.close()


def customers_with(recommender: Recommender, field: str) -> list[str]:
    decisions = recommender.decide(recommender.customer_ids()[:400], recommender.context("voice"))
    ids = [str(one) for one in decisions.customers.customer_id]
    return [one for row, one in enumerate(ids) if recommender.answer(decisions, row)[field]]


def shown_in(answer: dict) -> list[str]:
    return [one["offer_id"] for one in answer["offers"]]


@pytest.fixture(scope="module")
def offered(recommender: Recommender) -> list[str]:
    return customers_with(recommender, "offers")


def opened(served_home: Home, *duties) -> None:
    ledger = open_ledger(served_home)
    with ledger.writing() as connection:
        open_duties(connection, duties)
    ledger.close()


def due(served_home: Home) -> list:
    ledger = open_ledger(served_home)
    found = duties_due(ledger)
    ledger.close()
    return found


def test_the_release_that_opens_is_written_down_with_its_parts(served_home: Home, recommender: Recommender):
    ledger = open_ledger(served_home)
    assert recommender.versions.release_id in [one.release_id for one in releases_seen(ledger)]
    ledger.close()


def test_an_order_waits_for_the_disclosure_and_the_disclosure_that_was_read_lets_it_through(
    served_home: Home, recommender: Recommender, offered: list[str]
):
    answer = recommender.decide_one(offered[0], "voice")
    decision_id, offer_id = answer["decision_id"], answer["offers"][0]["offer_id"]
    opened(served_home, replace(DISCLOSURE, duty_id=decision_id, decision_id=decision_id, action_id=offer_id))
    with pytest.raises(Conflict, match=f"{decision_id}.*DISCLOSE"):
        recommender.record(decision_id, Told(offer_id, "ordered"))
    recommender.record(decision_id, Told(offer_id, "disclosure_read", agent_id="agent-7"))
    (duty,) = [one for one in recommender.duties_of(decision_id) if one["duty_id"] == decision_id]
    assert [(act["act"], act["by"]) for act in duty["acts"]] == [("done", "agent-7")]
    ledger = open_ledger(served_home)
    for one in recommender.duties_of(decision_id):
        if one["is_blocking"] and not one["acts"] and one["action_id"] in (offer_id, ""):
            complete_duty(ledger, one["duty_id"], "shown and signed", "agent-7", NOW)
    ledger.close()
    assert recommender.record(decision_id, Told(offer_id, "ordered"))[1]


def test_what_was_never_ordered_is_neither_cancelled_nor_activated(recommender: Recommender, offered: list[str]):
    answer = recommender.decide_one(offered[1], "voice")
    for event in ("cancelled_in_cooling_off", "activated", "settled_early"):
        with pytest.raises(Conflict, match="never ordered"):
            recommender.record(answer["decision_id"], Told(answer["offers"][0]["offer_id"], event))


def test_a_complaint_opens_the_duty_to_answer_it_within_fifteen_days(
    served_home: Home, recommender: Recommender, offered: list[str]
):
    answer = recommender.decide_one(offered[2], "voice")
    told = Told(answer["offers"][0]["offer_id"], "complaint_within_30d", "wrong_info")
    recommender.record(answer["decision_id"], told)
    recommender.record(answer["decision_id"], told)
    (duty,) = [one for one in due(served_home) if one.decision_id == answer["decision_id"] and one.rule_id == "CN-COMP"]
    assert duty.due_at - duty.opened_at == timedelta(days=15)


def test_a_view_that_sells_nothing_is_kept_as_one_of_service_unless_something_was_asked(
    served_home: Home, recommender: Recommender, offered: list[str]
):
    sold = recommender.decide_one(offered[0], "voice")
    served = recommender.decide_one(offered[0], "voice", verified=False)
    assert served["offers"] == served["plans"] == []
    asked = Asked("limit", "recording", "rec-1", recommender.clock.now(), amount_amt=9_000_000)
    refused = recommender.decide_one(offered[0], "voice", verified=False, asked=asked)
    ledger = open_ledger(served_home)
    kept = [read_decision(ledger, one["decision_id"]).record_class for one in (sold, served, refused)]
    ledger.close()
    assert kept == ["full", "service", "full"]


def test_of_two_cards_of_one_group_the_customer_takes_one(recommender: Recommender, offered: list[str]):
    group_of = {one.offer_id: one.group for one in recommender.policy.catalogue.offers}
    decisions = recommender.decide(offered, recommender.context("voice"))
    shown = [[one["offer_id"] for one in recommender.answer(decisions, row)["offers"]] for row in range(len(offered))]
    pairs = [[one for one in ids if group_of[one] == "payment_card"][:2] for ids in shown]
    row = next(row for row, pair in enumerate(pairs) if len(pair) == 2)
    one, other = pairs[row]
    decision_id = recommender.decide_one(offered[row], "voice")["decision_id"]
    for event in ("accepted", "disclosure_read"):
        recommender.record(decision_id, Told(one, event))
        with pytest.raises(Conflict, match=f"{other} cannot be taken beside {one}"):
            recommender.record(decision_id, Told(other, "accepted"))
    recommender.record(decision_id, Told(one, "declined", "no_need"))
    assert recommender.record(decision_id, Told(other, "accepted"))[1]


def test_an_offer_postponed_twice_is_declined_in_every_channel(
    served_home: Home, recommender: Recommender, offered: list[str]
):
    for customer_id in (offered[3], *reversed(offered)):
        first, second = (recommender.decide_one(customer_id, channel) for channel in ("voice", "app"))
        if in_both := [one["offer_id"] for one in first["offers"] if one["offer_id"] in shown_in(second)]:
            break
    offer_id = in_both[0]
    recommender.record(first["decision_id"], Told(offer_id, "postponed"))
    recommender.record(second["decision_id"], Told(offer_id, "postponed"))
    ledger = open_ledger(served_home)
    found = [one.kind for one in contacts_of(ledger, [customer_id], recommender.clock.now())]
    ledger.close()
    assert found.count("declined") == 1
    assert offer_id not in shown_in(recommender.decide_one(customer_id, "web"))


def test_what_the_customer_asks_for_is_kept_with_the_act_that_shows_it(
    served_home: Home, recommender: Recommender, offered: list[str]
):
    asked = Asked("limit", "recording", "rec-1", recommender.clock.now(), amount_amt=9_000_000)
    answer = recommender.decide_one(offered[4], "voice", asked=asked)
    ledger = open_ledger(served_home)
    assert asked_in(ledger, answer["decision_id"]) == asked
    ledger.close()
    with pytest.raises(UsageError, match="nothing shows it"):
        recommender.decide_one(offered[4], "voice", asked=replace(asked, reference=" "))


def test_a_stopped_release_decides_in_no_door_until_another_person_lets_it(
    served_home: Home, recommender: Recommender, keys
):
    ledger, release_id = open_ledger(served_home), recommender.versions.release_id
    stop(ledger, "release", release_id, "wrong limits", "anna", NOW)
    try:
        for channel in ("voice", "app"):
            with pytest.raises(ApprovalMissing, match="wrong limits"):
                recommender.decide_one(recommender.customer_ids()[0], channel)
        with pytest.raises(ApprovalMissing, match="wrong limits"):
            recommender.decide(recommender.customer_ids(), recommender.context("voice", explain=False))
    finally:
        lift(ledger, "release", release_id, "checked", keys["cy"], NOW)
        ledger.close()
    recommender.decide_one(recommender.customer_ids()[0], "voice")


@pytest.mark.parametrize("kind", ["service", "retention", "promotional", "mandatory", "limit", "plan"])
def test_a_kind_that_is_switched_off_appears_in_no_door_and_the_answer_says_why(
    served_home: Home, recommender: Recommender, keys, kind: str
):
    ledger = open_ledger(served_home)
    catalogue = {one.offer_id: one.kind for one in recommender.policy.catalogue.offers}
    stop(ledger, "action_kind", kind, "regulator called", "anna", NOW)
    try:
        for channel in ("voice", "app", "web", "branch", "ivr"):
            decisions = recommender.decide(recommender.customer_ids()[:300], recommender.context(channel))
            for row in range(0, 300, 7):
                answer = recommender.answer(decisions, row)
                shown = {catalogue[one["offer_id"]] for one in (*answer["offers"], *answer["help"])}
                dropped = {
                    catalogue[one["offer_id"]] for one in answer["not_offered"] if one["rule_id"] == "BANK-STOP-OFFER"
                }
                if kind == "limit":
                    assert answer["limit"]["suggested_amt"] <= answer["limit"]["current_amt"]
                    assert "BANK-STOP-LIMIT" in [one["rule_id"] for one in answer["limit"]["why_not"]]
                elif kind == "plan":
                    assert answer["plans"] == []
                    assert answer["plans_none_because"]
                else:
                    assert kind not in shown
                    assert dropped == ({kind} & set(catalogue.values()))
    finally:
        lift(ledger, "action_kind", kind, "settled", keys["cy"], NOW)
        ledger.close()


def test_a_policy_in_which_a_switch_would_do_nothing_is_refused(recommender: Recommender):
    rules = replace_entries(recommender, without="BANK-STOP-PLAN")
    with pytest.raises(PolicyInvalid, match="would stop plan"):
        enforce_stoppable(replace(recommender.policy, rules=rules))


def replace_entries(recommender: Recommender, without: str):
    class Rules:
        entries = tuple(one for one in recommender.policy.rules.entries if one.rule_id != without)

    return Rules()


def test_a_batch_on_a_release_in_production_needs_its_signatures(served_home: Home, recommender: Recommender):
    wanting = open_recommender(load_settings(home=served_home.root, language="en"))
    wanting.settings = wanting.settings.model_copy(update={"profile": "production"})
    with pytest.raises(ApprovalMissing, match="nobody has signed"):
        wanting.decide(np.array(recommender.customer_ids()[:3]).tolist(), recommender.context("voice"))

"""Last night's offers stand in for a decision that does not come in time, as far as what is known live allows it."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from linewise.core.errors import FeaturesMissing, RecordUnreachable
from linewise.ledger.by_release import Made
from linewise.ledger.record import read_decision
from serving.scoring import prepared
from serving.scoring.prepared import prepare_offers
from serving.scoring.recommender import Recommender
from serving.scoring.replay import replay
from tests.serving.calls.lines import Line


@pytest.fixture(scope="module", autouse=True)
def night(desk: Recommender) -> Iterator[None]:
    some = desk.customer_ids()[:900]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(desk, "customer_ids", lambda: some)
        assert prepare_offers(desk, desk.settings.paths) > 10
    yield
    # Other tests of calls know of no night.
    desk.settings.paths.prepared_path.unlink()


@pytest.fixture(scope="module")
def offered_to(desk: Recommender) -> Iterator[str]:
    """Customers for whom an offer was kept, the last of the bank first: other tests begin with the first."""
    now, data = desk.clock.now(), desk.bank.manifest.data_hash
    kept = [(one, desk._prepared.of(one, data, now)) for one in desk.customer_ids()[899::-1]]
    return iter([one for one, found in kept if found is not None and found.offer_ids])


def failing(*_: Any, **__: Any) -> Any:
    raise FeaturesMissing("The online store is gone.", "linewise features materialize")


@pytest.fixture
def without_features(monkeypatch: pytest.MonkeyPatch, desk: Recommender) -> None:
    monkeypatch.setattr(desk, "generation", failing)


def test_where_features_fail_last_nights_offers_are_shown_with_their_day_and_nothing_of_a_limit(
    client: TestClient, desk: Recommender, offered_to: Iterator[str], without_features: None
):
    line = Line(client, next(offered_to)).in_talk()
    call = line.read()
    assert (call["may_offer"], call["why"]) == (True, None)
    assert datetime.fromisoformat(call["prepared_at"]) == desk.clock.now()
    decision = call["decision"]
    assert decision["offers"]
    assert (decision["plans"], decision["limit"]["suggested_amt"]) == ([], 0)
    # It was recorded, and comes out of its record the same again.
    record = read_decision(desk.ledger, call["decision_id"])
    assert record.inputs["prepared"]["offer_ids"]
    report = replay(desk.settings.paths, desk.ledger, [Made(record.decision_id, record.release_id)])
    assert [one.verdict for one in report.replayed] == ["identical"]


def test_what_is_accepted_of_last_night_is_noted_and_an_order_asks_for_a_new_decision(
    client: TestClient, offered_to: Iterator[str], without_features: None
):
    call = Line(client, next(offered_to)).in_talk().read()
    said = {"decision_id": call["decision_id"], "offer_id": call["decision"]["offers"][0]["offer_id"]}
    assert client.post("/v1/outcomes", json=said | {"outcome": "accepted"}).status_code == 201
    ordered = client.post("/v1/outcomes", json=said | {"outcome": "ordered"})
    assert (ordered.status_code, "new decision" in ordered.json()["detail"]) == (409, True)


@pytest.mark.parametrize("flag", ["complaint", "fraud", "hardship"])
def test_a_mark_in_the_call_withdraws_last_nights_offers_too(
    client: TestClient, offered_to: Iterator[str], without_features: None, flag: str
):
    line = Line(client, next(offered_to)).in_talk()
    assert line.read()["may_offer"]
    marked = line.told("flagged", flag=flag)
    assert (marked["may_offer"], marked["decision"]) == (False, None)


def test_who_is_upset_or_has_refused_in_this_call_is_offered_nothing_of_last_night_any_more(
    client: TestClient, offered_to: Iterator[str], without_features: None
):
    upset = Line(client, next(offered_to)).in_talk()
    assert upset.read()["may_offer"]
    assert not upset.told("tone", tone="upset")["may_offer"]
    refusing = Line(client, next(offered_to)).in_talk()
    call = refusing.read()
    said = {"decision_id": call["decision_id"], "offer_id": call["decision"]["offers"][0]["offer_id"]}
    declined = said | {"outcome": "declined", "reason_code": "price", "call_id": refusing.call_id}
    assert client.post("/v1/outcomes", json=declined).status_code == 201
    assert not refusing.read()["may_offer"]


def test_an_offer_that_was_declined_since_is_gone_and_who_wants_none_gets_none(
    client: TestClient, desk: Recommender, offered_to: Iterator[str], monkeypatch: pytest.MonkeyPatch
):
    customer_id = next(offered_to)
    first = client.post("/v1/decisions", json={"customer_id": customer_id}).json()
    for offer in first["offers"]:
        said = {"decision_id": first["decision_id"], "offer_id": offer["offer_id"]}
        declined = said | {"outcome": "declined", "reason_code": "do_not_contact"}
        assert client.post("/v1/outcomes", json=declined).status_code == 201
    monkeypatch.setattr(desk, "generation", failing)
    call = Line(client, customer_id).in_talk().read()
    assert (call["may_offer"], call["why"], call["decision"]) == (False, "not_ready", None)


def test_a_decision_that_comes_after_all_takes_the_place_of_last_nights_offers(
    client: TestClient, desk: Recommender, offered_to: Iterator[str], monkeypatch: pytest.MonkeyPatch
):
    may_go_on = threading.Event()
    decide = type(desk).decide_one

    def late(self: Recommender, *given: Any, **more: Any) -> Any:
        may_go_on.wait(20)
        return decide(self, *given, **more)

    monkeypatch.setattr(type(desk), "decide_one", late)
    monkeypatch.setattr("serving.calls.desk.DECIDED_WITHIN_SECONDS", 0.05)
    line = Line(client, next(offered_to))
    before = line.told("answered")
    assert before["prepared_at"]
    may_go_on.set()
    monkeypatch.setattr("serving.calls.desk.DECIDED_WITHIN_SECONDS", 20.0)
    after = line.read()
    assert (after["prepared_at"], after["is_current"]) == (None, True)
    assert after["decision_id"] != before["decision_id"]


def test_offers_of_too_many_nights_ago_or_of_other_tables_are_said_to_nobody(
    desk: Recommender, offered_to: Iterator[str]
):
    customer_id, now, data = next(offered_to), desk.clock.now(), desk.bank.manifest.data_hash
    kept = desk._prepared
    assert kept.of(customer_id, data, now + prepared.MOST_AGE) is not None
    assert kept.of(customer_id, data, now + prepared.MOST_AGE + timedelta(seconds=1)) is None
    assert kept.of(customer_id, "0" * 64, now) is None
    assert kept.of("C99999999", data, now) is None


def test_where_the_record_cannot_be_written_no_credit_is_suggested_and_it_is_said_so(
    client: TestClient, desk: Recommender, offered_to: Iterator[str], monkeypatch: pytest.MonkeyPatch
):
    def unwritable(*_: Any, **__: Any) -> Any:
        raise RecordUnreachable("disk")

    monkeypatch.setattr("serving.scoring.recommender.write_decisions", unwritable)
    call = Line(client, next(offered_to)).told("answered")
    assert (call["may_offer"], call["why"], call["decision"]) == (False, "record", None)
    assert "no credit" in call["says"]

"""A contact that was exported is known in every door: it is answered over HTTP, counted on the phone, and replayed."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.record import read_decision
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.claiming import decision_id_of
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.export import export_campaign
from serving.campaigns.plan.files import Plan
from serving.scoring.archive import open_archived
from serving.scoring.comparing import differences
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from serving.scoring.replayer import Replayer
from tests.serving.campaigns.briefs import BRIEF
from tests.serving.campaigns.exports import SIGNED_BY, a_row_of_the_list, write_plan
from tests.serving.doors import opened_doors
from tests.serving.scoring.former_release import a_home_beside

SENT, CONTROL = "C00000007", "C00000008"


@pytest.fixture(scope="module")
def recommender(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    home = a_home_beside(served_home, tmp_path_factory.mktemp("exported") / "home")
    return open_recommender(load_settings(home=home.root, language="en"))


@pytest.fixture(scope="module")
def plan(recommender: Recommender) -> Plan:
    """A plan of two customers, exported."""
    today = recommender.clock.now().date()
    rows = [
        a_row_of_the_list(one, arm=arm, send_on=today, expires_on=today, language="en", contact_ref=None)
        for one, arm in ((SENT, "treated"), (CONTROL, "control"))
    ]
    made = write_plan(recommender.settings.paths, rows, BRIEF, planned_at=recommender.clock.now().isoformat())
    export_campaign(ExportDesk.of(recommender), made, SIGNED_BY, ExportOptions(by="mei"))
    return made


@pytest.fixture(scope="module")
def client(recommender: Recommender, plan: Plan) -> Iterator[TestClient]:
    with opened_doors(recommender.settings, lambda: recommender) as opened:
        yield opened


def impressions(recommender: Recommender, customer_id: str, channel: str) -> float:
    decisions = recommender.decide([customer_id], recommender.context(channel))
    return float(decisions.customers.facts["impression_count_30d"][0])


@pytest.mark.parametrize("channel", ["voice", "app", "web", "branch", "ivr"])
def test_every_door_counts_the_contact_and_none_of_the_control(
    recommender: Recommender, plan: Plan, channel: str
) -> None:
    assert impressions(recommender, SENT, channel) == impressions(recommender, CONTROL, channel) + 1


def test_the_contact_is_replayed_from_the_archive_of_its_release(recommender: Recommender, plan: Plan) -> None:
    decision = read_decision(recommender.ledger, decision_id_of(plan.plan_sha256, SENT, "CARD_GOLD"))
    replayer = Replayer(open_archived(recommender.settings.paths, decision.release_id))
    (again,) = replayer.answers([decision.inputs])
    assert list(differences(decision.answer, again)) == []


@pytest.mark.parametrize("view", ["customer", "agent", "reviewer", "risk", "auditor"])
def test_the_contact_is_read_as_any_decision(client: TestClient, plan: Plan, view: str) -> None:
    decision_id = decision_id_of(plan.plan_sha256, SENT, "CARD_GOLD")
    answered = client.get(f"/v1/decisions/{decision_id}", params={"view": view})
    assert answered.status_code == 200, answered.text
    (offer,) = answered.json()["offers"]
    assert offer["offer_id"] == "CARD_GOLD"
    assert ("propensity" in offer) == (view in {"reviewer", "risk", "auditor"})


def test_outcomes_are_told_of_the_contact_and_are_gone_from_the_next_decision(
    client: TestClient, recommender: Recommender, plan: Plan
) -> None:
    decision_id = decision_id_of(plan.plan_sha256, SENT, "CARD_GOLD")
    body = {"decision_id": decision_id, "offer_id": "CARD_GOLD", "outcome": "declined", "reason_code": "price"}
    assert [client.post("/v1/outcomes", json=body).status_code for _ in range(2)] == [201, 200]
    decisions = recommender.decide([SENT], recommender.context("voice"))
    place = decisions.offers.offer_id.index("CARD_GOLD")
    assert decisions.state.days_since_declined[0, place] == 0.0
    assert decisions.offers.rank[0, place] < 0
    assert impressions(recommender, SENT, "voice") == impressions(recommender, CONTROL, "voice") + 1


def test_an_outcome_of_an_offer_that_was_not_sent_is_refused(client: TestClient, plan: Plan) -> None:
    decision_id = decision_id_of(plan.plan_sha256, SENT, "CARD_GOLD")
    body = {"decision_id": decision_id, "offer_id": "CARD_TRAVEL", "outcome": "declined", "reason_code": "price"}
    assert client.post("/v1/outcomes", json=body).status_code == 422


def test_a_control_has_no_decision(client: TestClient, plan: Plan) -> None:
    decision_id = decision_id_of(plan.plan_sha256, CONTROL, "CARD_GOLD")
    assert client.get(f"/v1/decisions/{decision_id}").status_code == 404

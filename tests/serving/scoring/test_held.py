"""A live campaign keeps its offers from its control in every door: calls, other channels, batch, night and replay."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.decisioning.cells import is_drawn_control
from linewise.ledger.asked import Asked
from linewise.ledger.by_release import Made
from linewise.ledger.campaigns import CampaignTerms, stop_campaign
from linewise.ledger.record import read_decision
from linewise.ledger.signing import PersonKey
from linewise.ledger.store import Ledger, open_ledger
from linewise.policy.standard_folder import policy_folder
from serving.scoring.audience import view_of
from serving.scoring.batch import score_base
from serving.scoring.field_scopes import Audience
from serving.scoring.held import BETWEEN, NOBODY_HELD, control_of, read_held, with_held
from serving.scoring.opening import open_recommender
from serving.scoring.prepared import prepare_offers
from serving.scoring.readiness import examine
from serving.scoring.recommender import Recommender
from serving.scoring.replay import replay
from tests.builders import a_policy, a_state, some_customers
from tests.linewise.ledger.campaigns import NOW, a_living, a_marketing_cast, proposed
from tests.serving.homes import home_of_its_own

OFFERS = a_policy().decision.offers
MANY = [f"C{i}" for i in range(400)]

# ---- who is held, by the record --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    opened = open_ledger(Home(tmp_path_factory.mktemp("held")))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def keys(ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> dict[str, PersonKey]:
    return a_marketing_cast(ledger, tmp_path_factory.mktemp("keys"))


def held_of(ledger: Ledger, customer_ids: list[str], *apart_from: str) -> dict[str, list[str]]:
    with ledger.engine.connect() as connection:
        held = read_held(connection, customer_ids, NOW, apart_from)
    return {one: [campaign.campaign_id for campaign in of] for one, of in held.campaigns_of.items()}


def drawn(terms: CampaignTerms) -> set[str]:
    ids = np.array(MANY)
    return {*ids[is_drawn_control(ids, terms.seed, terms.salt, terms.control_share_ratio)].tolist()}


@pytest.fixture(scope="module")
def two_living(ledger: Ledger, keys: dict[str, PersonKey]) -> tuple[CampaignTerms, CampaignTerms]:
    listed = [MANY[:200]]
    spring = a_living(ledger, keys, listed)
    summer = a_living(ledger, keys, listed, campaign_id="SUMMER", salt="SUMMER", offers=("CARD_TRAVEL", "GONE"))
    proposed(ledger, keys, listed, campaign_id="WAITS", salt="WAITS", control_share_ratio=1.0)
    stopped = a_living(ledger, keys, listed, campaign_id="STOPPED", salt="STOPPED", control_share_ratio=1.0)
    stop_campaign(ledger, stopped.campaign_id, "a wrong price", "sue", NOW)
    a_living(ledger, keys, listed, campaign_id="OVER", salt="OVER", control_share_ratio=1.0, held_until=NOW)
    return spring, summer


def test_held_is_who_was_drawn_and_stands_on_the_list_of_a_campaign_that_lives(
    ledger: Ledger, two_living: tuple[CampaignTerms, CampaignTerms]
):
    found = held_of(ledger, MANY)
    for terms in two_living:
        assert {one for one, of in found.items() if terms.campaign_id in of} == drawn(terms) & {*MANY[:200]}
    both = [one for one, of in found.items() if of == ["SPRING_CARDS", "SUMMER"]]
    assert 20 < len(both) < 80
    assert {name for of in found.values() for name in of} == {"SPRING_CARDS", "SUMMER"}


def test_a_plan_is_made_apart_from_its_own_control(ledger: Ledger, two_living: tuple[CampaignTerms, CampaignTerms]):
    assert {name for of in held_of(ledger, MANY, "SUMMER").values() for name in of} == {"SPRING_CARDS"}
    assert held_of(ledger, MANY, "SUMMER", "SPRING_CARDS") == {}


def test_of_nobody_nothing_is_asked(ledger: Ledger, two_living: tuple[CampaignTerms, CampaignTerms]):
    with ledger.engine.connect() as connection:
        assert read_held(connection, [], NOW) is NOBODY_HELD


@given(st.lists(st.sampled_from(MANY), min_size=1, max_size=30, unique=True))
def test_a_customer_is_held_alike_alone_and_in_any_company(
    ledger: Ledger, two_living: tuple[CampaignTerms, CampaignTerms], customer_ids: list[str]
):
    together = held_of(ledger, customer_ids)
    alone = [held_of(ledger, [one]) for one in customer_ids]
    assert together == {name: of for one in alone for name, of in one.items()}


def test_the_offers_of_every_campaign_that_holds_a_customer_are_kept_from_them(
    ledger: Ledger, two_living: tuple[CampaignTerms, CampaignTerms]
):
    both = next(one for one, of in held_of(ledger, MANY).items() if len(of) == 2)
    spring = next(one for one, of in held_of(ledger, MANY).items() if of == ["SPRING_CARDS"])
    customers = replace(some_customers({}, {}, {}), customer_id=np.array([both, "nobody", spring]))
    with ledger.engine.connect() as connection:
        held = read_held(connection, [both, "nobody", spring], NOW)
    known, state = with_held(customers, a_state(customers, OFFERS), held, OFFERS)
    kept = [{one for one, is_held in zip(OFFERS.offer_id, row, strict=True) if is_held} for row in
            state.is_campaign_control]  # fmt: skip
    assert kept == [{"CARD_GOLD", "CARD_TRAVEL"}, set(), {"CARD_GOLD", "CARD_TRAVEL"}]
    assert [control_of(known, row) for row in range(3)] == [["SPRING_CARDS", "SUMMER"], [], ["SPRING_CARDS"]]
    assert BETWEEN not in "".join(one.campaign_id for one in two_living)


# ---- every door of a served home -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("campaigns") / "home"))
    return open_recommender(load_settings(home=home.root, language="en"))


@pytest.fixture(scope="module")
def night(desk: Recommender) -> None:
    """Offers that were kept before anybody was in a control."""
    prepare_offers(desk, desk.settings.paths)


@pytest.fixture(scope="module")
def campaign(desk: Recommender, night: None, tmp_path_factory: pytest.TempPathFactory) -> CampaignTerms:
    """A campaign with every card, whose list is the whole base and half of it its control."""
    keys, now = a_marketing_cast(desk.ledger, tmp_path_factory.mktemp("signers")), desk.clock.now()
    return a_living(
        desk.ledger,
        keys,
        [desk.customer_ids()],
        offers=tuple(one.offer_id for one in desk.policy.catalogue.offers if one.is_new_card),
        held_until=now + timedelta(days=30),
        seed=desk.settings.seed,
    )


@pytest.fixture(scope="module")
def arms(desk: Recommender, campaign: CampaignTerms) -> tuple[list[str], list[str]]:
    """The control and the others, by what is decided for them were there no campaign: who would be offered a card."""
    ids = desk.customer_ids()
    free = desk.apart_from([campaign.campaign_id]).decide(ids, desk.context("voice", explain=False))
    places = [free.offers.offer_id.index(one) for one in campaign.offers]
    would = (free.offers.rank[:, places] >= 0).any(axis=1)
    is_control = is_drawn_control(np.array(ids), campaign.seed, campaign.salt, campaign.control_share_ratio)
    found = [[one for one, kept in zip(ids, rows, strict=True) if kept] for rows in
             (would & is_control, would & ~is_control)]  # fmt: skip
    assert min(map(len, found)) > 20
    return found[0], found[1]


def cards_in(answer: dict[str, Any], campaign: CampaignTerms) -> set[str]:
    return {one["offer_id"] for one in answer["offers"]} & {*campaign.offers}


@pytest.mark.slow
@pytest.mark.parametrize("channel", ["voice", "app", "web", "branch", "ivr"])
def test_no_channel_proposes_a_campaigns_offer_to_its_control(
    desk: Recommender, campaign: CampaignTerms, arms: tuple[list[str], list[str]], channel: str
):
    for customer_id in arms[0][:5]:
        answer = desk.decide_one(customer_id, channel)
        assert not cards_in(answer, campaign)
        assert answer["measuring"]["control_of_campaigns"] == [campaign.campaign_id]
        if channel == "voice":
            told = {one["rule_id"] for one in answer["not_offered"] if one["offer_id"] in campaign.offers}
            assert "BANK-CAMPAIGN-CONTROL" in told
    if channel != "ivr":
        treated = desk.decide_one(arms[1][0], channel)
        assert cards_in(treated, campaign)
        assert treated["measuring"]["control_of_campaigns"] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "sentence"), [("zh-CN", "该客户在活动对照组"), ("en", "in the control group of a campaign")]
)
def test_why_not_is_told_to_the_agent_in_both_languages_and_to_the_customer_in_neither(
    desk: Recommender, campaign: CampaignTerms, arms: tuple[list[str], list[str]], language: str, sentence: str
):
    answer = desk.decide_one(arms[0][6], "voice", language)

    def said_to(audience: Audience) -> list[str]:
        told = view_of(answer, audience)["not_offered"]
        return [one["because"] for one in told if one["offer_id"] in campaign.offers]

    assert any(sentence in one for one in said_to("agent"))
    assert said_to("customer")
    assert not any(sentence in one for one in said_to("customer"))


@pytest.mark.slow
def test_what_a_control_asks_for_is_given_and_counts_as_its_contact(
    desk: Recommender, campaign: CampaignTerms, arms: tuple[list[str], list[str]]
):
    usual = desk.apart_from([campaign.campaign_id]).decide(arms[0], desk.context("voice", explain=False)).offers
    row = 0
    wanted = usual.offer_id[int(np.argmax(usual.rank[row] == 0))]
    if wanted not in campaign.offers:
        wanted = next(one for one in campaign.offers if usual.rank[row, usual.offer_id.index(one)] >= 0)
    asked = Asked("offer", "call", "call-1", desk.clock.now(), action_id=wanted)
    answer = desk.decide_one(arms[0][row], "voice", asked=asked)
    assert cards_in(answer, campaign) == {wanted}
    told = desk.record_outcome(answer["decision_id"], wanted, "accepted")
    assert told[1]


@pytest.mark.slow
def test_the_batch_proposes_it_to_no_control(
    desk: Recommender, campaign: CampaignTerms, arms: tuple[list[str], list[str]], tmp_path: Path
):
    rows = pq.read_table(score_base(desk, tmp_path / "base.parquet").parquet).to_pylist()
    shown = {row["customer_id"]: {row[f"offer_{place}_id"] for place in (1, 2, 3)} & {*campaign.offers} for row in rows}
    assert not any(shown[one] for one in arms[0])
    assert all(shown[one] for one in arms[1])


@pytest.mark.slow
def test_last_nights_offers_heed_a_campaign_that_was_approved_since_and_replay_as_they_were_given(
    desk: Recommender, campaign: CampaignTerms, arms: tuple[list[str], list[str]]
):
    made = []
    for customer_id in arms[0][5:15]:
        answer = desk.decide_prepared(customer_id, "voice")
        made += [] if answer is None else [answer]
        assert answer is None or not cards_in(answer, campaign)
    answer = next(one for one in (desk.decide_prepared(two, "voice") for two in arms[1]) if one is not None)
    assert cards_in(answer, campaign)
    for one in (*made, answer):
        record = read_decision(desk.ledger, one["decision_id"])
        report = replay(desk.settings.paths, desk.ledger, [Made(record.decision_id, record.release_id)])
        assert [found.verdict for found in report.replayed] == ["identical"]


@pytest.mark.slow
def test_doctor_names_what_lives_and_a_policy_under_which_nobody_would_be_held(
    desk: Recommender, campaign: CampaignTerms, tmp_path: Path
):
    def found(settings: Settings) -> tuple[str, str]:
        one = next(one for one in examine(settings) if one.part == "campaigns")
        return one.state, one.detail

    assert found(desk.settings) == ("ok", "SPRING_CARDS: every door keeps their offers from their controls")
    folder = Path(shutil.copytree(policy_folder(None), tmp_path / "policy"))
    (folder / "rules" / "bank_campaigns.yaml").unlink()
    state, said = found(desk.settings.model_copy(update={"policy": folder}))
    assert (state, "no rule in force" in said) == ("stale", True)


@pytest.mark.slow
def test_a_decision_replays_from_its_record_after_the_campaign_is_over(
    desk: Recommender, campaign: CampaignTerms, arms: tuple[list[str], list[str]]
):
    answers = [desk.decide_one(one, "app", "zh-CN") for one in (*arms[0][:3], *arms[1][:3])]
    stop_campaign(desk.ledger, campaign.campaign_id, "the end of the test", "sue", NOW)
    made = [Made(one["decision_id"], one["release_id"]) for one in answers]
    report = replay(desk.settings.paths, desk.ledger, made)
    assert [one.verdict for one in report.replayed] == ["identical"] * 6
    # And from now on it holds nobody.
    assert cards_in(desk.decide_one(arms[0][20], "voice"), campaign)

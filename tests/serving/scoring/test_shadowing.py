"""Challengers score live calls after the answer: written beside the decision, shown to nobody, in nobody's way."""

import json
from datetime import UTC, datetime

import pytest

from linewise.core.errors import NotFound
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.ledger.erasing import erase_customer
from linewise.ledger.model_findings import Subject
from linewise.ledger.retention import purge
from linewise.ledger.shadows import shadowed_days, shadows_of
from linewise.ledger.store import ledger_of
from serving.scoring.challengers import challengers_on_disk, start_shadow, stop_shadow
from serving.scoring.opening import open_recommender
from serving.scoring.reopening import ReopeningRecommender
from tests.cli.test_cli import run
from tests.serving.homes import home_of_its_own
from tests.training.second import second_version

NAME = "card_default"


@pytest.fixture
def settings(served_home: Home, home: Home) -> Settings:
    home_of_its_own(served_home, home)
    return load_settings(home=home.root, language="en")


@pytest.fixture
def challenger(settings: Settings) -> Subject:
    version = second_version(settings.paths, NAME)
    return Subject(NAME, version.version, version.artefact_sha256)


def test_a_challenger_scores_what_was_decided_and_the_answer_is_the_champions(settings: Settings, challenger: Subject):
    start_shadow(settings.paths, NAME, challenger.version)
    recommender = open_recommender(settings)
    answers = [recommender.decide_one(f"C{number:08}", "voice") for number in range(1, 6)]
    recommender._shadowing.finish()
    ledger = ledger_of(settings)
    shadows = shadows_of(ledger, challenger)
    assert [one.decision_id for one in shadows] == [answer["decision_id"] for answer in answers]
    assert shadowed_days(ledger, challenger) == 1
    for shadow, answer in zip(shadows, answers, strict=True):
        assert shadow.champion_limit_amt == answer["limit"]["suggested_amt"]
        assert shadow.champion_offer == (answer["offers"][0]["offer_id"] if answer["offers"] else "")
        assert shadow.challenger_pd > shadow.champion_pd
    assert answers[0]["versions"]["models"][NAME] == "1"
    assert recommender._shadowing.left_out == 0

    erase_customer(ledger, "C00000001", "asked for it", "privacy", datetime(2026, 11, 26, tzinfo=UTC))
    erased = next(one for one in shadows_of(ledger, challenger) if one.decision_id == answers[0]["decision_id"])
    assert (erased.champion_pd, erased.challenger_take_up, erased.challenger_limit_amt) == (None, None, 0)
    assert erased.customer_id != "C00000001"


def test_what_is_past_its_retention_has_no_shadow_left(settings: Settings, challenger: Subject):
    start_shadow(settings.paths, NAME, challenger.version)
    recommender = open_recommender(settings)
    recommender.decide_one("C00000009", "voice")
    recommender._shadowing.finish()
    ledger = ledger_of(settings)
    assert len(shadows_of(ledger, challenger)) == 1
    purge(ledger, {"full": 2, "service": 2}, datetime(2028, 1, 1, tzinfo=UTC), "privacy")
    assert len(shadows_of(ledger, challenger)) == 1
    purge(ledger, {"full": 2, "service": 2}, datetime(2030, 1, 1, tzinfo=UTC), "privacy")
    assert shadows_of(ledger, challenger) == []


def test_a_running_service_takes_a_challenger_up_and_lets_it_go(settings: Settings, challenger: Subject):
    opened = ReopeningRecommender(settings)
    opened().decide_one("C00000001", "voice")
    start_shadow(settings.paths, NAME, challenger.version)
    opened.settled().decide_one("C00000001", "voice")
    opened()._shadowing.finish()
    ledger = ledger_of(settings)
    assert len(shadows_of(ledger, challenger)) == 1
    stop_shadow(settings.paths, NAME)
    opened.settled().decide_one("C00000001", "voice")
    opened()._shadowing.finish()
    assert len(shadows_of(ledger, challenger)) == 1


def test_a_challenger_that_cannot_score_harms_no_answer(settings: Settings, challenger: Subject, monkeypatch):
    start_shadow(settings.paths, NAME, challenger.version)
    recommender = open_recommender(settings)
    monkeypatch.setattr("serving.scoring.shadowing.write_shadow", lambda *_: 1 / 0)
    assert recommender.decide_one("C00000002", "voice")["decision_id"]
    recommender._shadowing.finish()
    assert recommender._shadowing.left_out == 1


def test_the_champion_itself_shadows_nobody(settings: Settings):
    start_shadow(settings.paths, NAME, 1)
    recommender = open_recommender(settings)
    recommender.decide_one("C00000003", "voice")
    recommender._shadowing.finish()
    files = challengers_on_disk(settings.paths)[NAME]
    assert shadows_of(ledger_of(settings), Subject(NAME, 1, files.sha256)) == []


def test_the_command_starts_reports_and_stops(settings: Settings, challenger: Subject):
    home = settings.paths
    assert run("model", "shadow", NAME, "2", "--start", home=home).exit_code == 0
    recommender = open_recommender(settings)
    recommender.decide_one("C00000004", "voice")
    recommender._shadowing.finish()
    told = json.loads(run("model", "shadow", NAME, "2", "--json", home=home).stdout)
    assert (told["decision_count"], told["days"], told["pd"]["decision_count"]) == (1, 1, 1)
    assert "1 decisions on 1 days" in run("model", "shadow", NAME, home=home).stderr
    assert run("model", "shadow", NAME, "--stop", home=home).exit_code == 0
    assert challengers_on_disk(home) == {}
    again = run("model", "shadow", NAME, "--stop", home=home)
    assert (again.exit_code, "No challenger" in again.stderr) == (1, True)
    with pytest.raises(NotFound):
        stop_shadow(home, NAME)
    assert run("model", "shadow", NAME, "--start", "--stop", home=home).exit_code == 2

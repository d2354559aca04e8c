"""`linewise release impact`: what a release did, for a person and for a machine."""

import json

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.opening import open_recommender
from tests.cli.test_cli import run


def test_the_impact_of_a_release_counts_its_decisions(served_home: Home):
    desk = open_recommender(load_settings(home=served_home.root))
    answers = [desk.decide_one(customer_id, "branch") for customer_id in desk.customer_ids()[20:60]]
    answered = next(answer for answer in answers if answer["offers"])
    for outcome, why in (("postponed", ""), ("declined", "price")):
        desk.record_outcome(answered["decision_id"], answered["offers"][0]["offer_id"], outcome, why, call_id="I1")
    done = run("release", "impact", "--release", desk.versions.release_id, "--json", home=served_home)
    assert done.exit_code == 0, done.output
    branch = json.loads(done.stdout)["by_channel"]["branch"]
    assert branch["decisions"] == len(answers)
    assert sum(branch["shown"].values()) == sum(len(answer["offers"]) for answer in answers)
    assert branch["outcomes"] == {"declined": 1}  # of two answers to one action the last counts
    told = run("release", "impact", "--release", desk.versions.release_id, home=served_home)
    assert "No limit suggested" in told.output


def test_a_release_that_never_decided_is_said_to_have_done_nothing(served_home: Home):
    done = run("release", "impact", "--release", "0123456789abcdef", home=served_home)
    assert done.exit_code == 0
    assert "has decided nothing" in done.output

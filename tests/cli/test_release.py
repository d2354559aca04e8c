"""`linewise release impact`: what a release did, for a person and for a machine."""

import json

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.opening import open_recommender
from tests.cli.test_cli import run


def branch_of(home: Home, release_id: str) -> tuple[int, int, int]:
    """Decisions, offers shown and offers declined in the branch so far: other tests decide in this home too."""
    done = run("release", "impact", "--release", release_id, "--json", home=home)
    assert done.exit_code == 0, done.output
    branch = json.loads(done.stdout)["by_channel"].get("branch", {"decisions": 0, "shown": {}, "outcomes": {}})
    return branch["decisions"], sum(branch["shown"].values()), branch["outcomes"].get("declined", 0)


def test_the_impact_of_a_release_counts_its_decisions(served_home: Home):
    desk = open_recommender(load_settings(home=served_home.root))
    before = branch_of(served_home, desk.versions.release_id)
    answers = [desk.decide_one(customer_id, "branch") for customer_id in desk.customer_ids()[20:60]]
    answered = next(answer for answer in answers if answer["offers"])
    for outcome, why in (("postponed", ""), ("declined", "price")):
        desk.record_outcome(answered["decision_id"], answered["offers"][0]["offer_id"], outcome, why, call_id="I1")
    after = branch_of(served_home, desk.versions.release_id)
    shown = sum(len(answer["offers"]) for answer in answers)
    # Of two answers to one action the last counts.
    assert [now - then for then, now in zip(before, after, strict=True)] == [len(answers), shown, 1]
    told = run("release", "impact", "--release", desk.versions.release_id, home=served_home)
    assert "No limit suggested" in told.output


def test_a_release_that_never_decided_is_said_to_have_done_nothing(served_home: Home):
    done = run("release", "impact", "--release", "0123456789abcdef", home=served_home)
    assert done.exit_code == 0
    assert "has decided nothing" in done.output

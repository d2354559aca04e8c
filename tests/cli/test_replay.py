"""`linewise replay`: one decision or many, identical or named, for a person and for a machine."""

import json

import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from serving.scoring.opening import open_recommender
from tests.cli.test_cli import run


@pytest.fixture(scope="module")
def decided(served_home: Home) -> tuple[str, str]:
    """A decision and its release."""
    desk = open_recommender(load_settings(home=served_home.root))
    answer = desk.decide_one(desk.customer_ids()[7], "app")
    return answer["decision_id"], answer["release_id"]


def test_one_decision_replays(served_home: Home, decided: tuple[str, str]):
    done = run("replay", decided[0], "--json", home=served_home)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert (said["replayed"], said["identical"], said["differs"], said["missing"]) == (1, 1, [], [])


def test_all_of_a_release_replay_and_a_sample_is_so_many(served_home: Home, decided: tuple[str, str]):
    done = run("replay", "--all", "--release", decided[1], "--sample", "1", home=served_home)
    assert done.exit_code == 0, done.output
    assert "1 replayed: 1 identical, 0 differ, 0 with something missing." in done.output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        ((), 2, "Either one DECISION or --all"),
        (("D1", "--all"), 2, "Either one DECISION or --all"),
        (("D1", "--sample", "3"), 2, "go with --all"),
        (("D1",), 1, "'D1'"),
        (("--all", "--sample", "0"), 2, "0"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why(served_home: Home, arguments, exit_code: int, said: str):
    done = run("replay", *arguments, home=served_home)
    assert done.exit_code == exit_code
    assert said in done.output


def test_a_release_that_never_decided_has_nothing_to_replay(served_home: Home):
    done = run("replay", "--all", "--release", "0123456789abcdef", home=served_home)
    assert done.exit_code == 0
    assert "0 replayed" in done.output

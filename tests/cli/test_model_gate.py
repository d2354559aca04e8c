"""`linewise model gate` on a home that serves: a planted bad model is stopped, and what passes may be promoted."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from linewise.core.home import Home
from tests.cli.test_cli import run
from tests.serving.homes import home_of_its_own
from tests.training.second import let_pass, second_version
from training.gate.thresholds import STANDARD
from training.tracking import Registry

pytestmark = pytest.mark.slow

NAME = "card_default"


@pytest.fixture
def own_home(served_home: Home, home: Home) -> Home:
    """A home that serves, whose registry a test may change."""
    return home_of_its_own(served_home, home)


def seven_times_the_odds(spec: dict[str, Any]) -> None:
    spec["calibration"]["intercept"] += 2.0


def the_safest_last(spec: dict[str, Any]) -> None:
    spec["calibration"]["slope"] *= -1


def nothing_learnt(spec: dict[str, Any]) -> None:
    spec["calibration"]["slope"] = 0.0


def hardly_another(spec: dict[str, Any]) -> None:
    spec["calibration"]["intercept"] += 0.001


def gate(home: Home, *more: str, version: str = "2"):
    return run("model", "gate", NAME, version, "--sample", "60", *more, home=home)


def promote(home: Home, version: str = "2"):
    return run("model", "promote", NAME, version, "--reason", "better ranking", home=home)


@pytest.mark.parametrize(
    ("planted", "stopped_by"),
    [
        (seven_times_the_odds, {"score_psi"}),
        (the_safest_last, {"score_psi", "score_correlation"}),
        (nothing_learnt, {"score_psi", "score_correlation"}),
    ],
)
def test_a_planted_bad_model_is_stopped_and_the_champion_untouched(
    own_home: Home, planted: Callable[[dict[str, Any]], None], stopped_by: set[str]
):
    second_version(own_home, NAME, planted)
    done = gate(own_home, "--json")
    assert done.exit_code == 3, done.output
    report = json.loads(done.stdout)
    failed = {one["name"] for one in report["checks"] if one["verdict"] == "failed"}
    assert stopped_by <= failed
    assert all(name in done.stderr for name in stopped_by)
    refused = promote(own_home)
    assert (refused.exit_code, "does not pass the gate" in refused.stderr) == (3, True)
    assert Registry(own_home).champion(NAME).version == 1


def test_what_passes_may_be_promoted_until_somebody_finds_something(own_home: Home, tmp_path: Path):
    second_version(own_home, NAME, hardly_another)
    unasked = promote(own_home)
    assert (unasked.exit_code, "was not held against the gate" in unasked.stderr) == (3, True)
    dry = gate(own_home, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert promote(own_home).exit_code == 3
    assert gate(own_home).exit_code == 0

    for name, role in (("olga", "operator"), ("cy", "validator")):
        out = ("--out", str(tmp_path / f"{name}.pem"), "--json")
        if role == "operator":
            assert run("release", "key", name, "--role", role, *out, home=own_home).exit_code == 0
            continue
        public = json.loads(run("release", "key", name, *out, home=own_home).stdout)["public_key"]
        words = ("--role", role, "--public", public, "--registrar", str(tmp_path / "olga.pem"))
        assert run("release", "key", name, *words, home=own_home).exit_code == 0
    about = ("model", "finding", NAME, "2")
    found = run(*about, "--says", "the youngest are scored too low", "--by", "anna", "--json", home=own_home)
    stopped = promote(own_home)
    assert (stopped.exit_code, "the youngest are scored too low" in stopped.stderr) == (3, True)
    assert gate(own_home, "--dry-run").exit_code == 3
    closing = ("--close", json.loads(found.stdout)["finding_id"], "--says", "their band was judged again")
    assert run(*about, *closing, "--by", "anna", home=own_home).exit_code == 2
    assert run(*about, *closing, "--key", str(tmp_path / "cy.pem"), home=own_home).exit_code == 0
    assert promote(own_home).exit_code == 0
    assert Registry(own_home).champion(NAME).version == 2


def test_a_version_that_was_rolled_back_is_held_against_the_gate_anew(own_home: Home):
    second_version(own_home, NAME)
    let_pass(own_home, NAME, 2)
    assert promote(own_home).exit_code == 0
    assert run("model", "rollback", "--reason", "worse", "--by", "anna", home=own_home).exit_code == 0
    again = promote(own_home)
    assert (again.exit_code, "rolled back after" in again.stderr) == (3, True)
    let_pass(own_home, NAME, 2)
    assert promote(own_home).exit_code == 0


def test_other_thresholds_than_those_it_passed_ask_again(own_home: Home, tmp_path: Path):
    second_version(own_home, NAME)
    let_pass(own_home, NAME, 2)
    stricter = tmp_path / "gate.yaml"
    stricter.write_text(STANDARD.read_text(encoding="utf-8").replace("at_most: 0.005", "at_most: 0.001"), "utf-8")
    words = ("model", "promote", NAME, "2", "--reason", "x", "--thresholds", str(stricter))
    done = run(*words, home=own_home)
    assert (done.exit_code, "under other thresholds" in done.stderr) == (3, True)


def test_the_card_of_a_version_says_who_let_it_serve_and_what_it_was_made_of(own_home: Home, tmp_path: Path):
    second_version(own_home, NAME)
    let_pass(own_home, NAME, 2)
    promote(own_home)
    page = tmp_path / "card.md"
    told = json.loads(run("model", "card", NAME, "--out", str(page), "--json", home=own_home).stdout)
    assert (told["version"], told["gaps"]) == (2, [])
    assert told["run"]["snapshot"]["row_counts"]["customers"] == 2_000
    text = page.read_text(encoding="utf-8")
    assert "better ranking" in text
    assert told["run"]["git_sha"] in text
    assert "## Intended use" in run("model", "card", NAME, "1", home=own_home).stderr

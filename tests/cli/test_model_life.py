"""`linewise model promote` and `rollback` on a home that serves: what is kept, who must sign, what comes back."""

import json
import os
import shutil
from pathlib import Path

import pytest

from cli.model_release import release_for_serving
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.policy.standard_folder import policy_folder
from serving.scoring.registry import local_release
from serving.scoring.reopening import ReopeningRecommender
from tests.cli.test_cli import run
from tests.serving.homes import home_of_its_own
from tests.training.second import let_pass, second_version
from training.promotion_log import read_promotions
from training.tracking import Registry

pytestmark = pytest.mark.slow

NAME = "card_default"


@pytest.fixture
def settings(served_home: Home, home: Home) -> Settings:
    """A home that serves, with a policy of its own, and a second version of a model in its registry."""
    home_of_its_own(served_home, home)
    shutil.copytree(policy_folder(None), home.root / "policy")
    text = f'policy = "{home.root / "policy"}"\nlanguage = "en"\n'
    home.settings_path.write_text(text, encoding="utf-8")
    assert second_version(home, NAME).version == 2
    let_pass(home, NAME, 2)
    return load_settings(home=home.root)


def promote(home: Home, *more: str, version: str = "2"):
    return run("model", "promote", NAME, version, "--reason", "better ranking", *more, home=home)


def roll_back(home: Home, *more: str):
    return run("model", "rollback", NAME, "--reason", "limits twice as high", "--by", "anna", *more, home=home)


def serving(home: Home) -> int:
    release = local_release(home)
    assert release is not None
    return release.models[NAME].version


def change_policy(settings: Settings) -> None:
    path = settings.policy / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("offers_shown_count: {value: 3", "offers_shown_count: {value: 1"), encoding="utf-8")
    os.utime(path, ns=(path.stat().st_mtime_ns, path.stat().st_mtime_ns + 10**9))


def test_a_rollback_brings_back_the_model_and_the_policy_that_decided_beside_it(settings: Settings, home: Home):
    opened = ReopeningRecommender(settings)
    first = opened()
    assert promote(home).exit_code == 0
    assert opened.settled().versions.models[NAME] == "2"
    change_policy(settings)
    assert opened.settled().policy.decision.arbitration.shown_count == 1

    done = roll_back(home, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    restored = opened.settled()
    assert told["release_id"] == restored.versions.release_id == first.versions.release_id
    assert (restored.versions.models[NAME], restored.policy.decision.arbitration.shown_count) == ("1", 3)
    assert (told["act"], told["by"], told["undoes"]) == ("rollback", ["anna"], told["number"] - 1)
    assert "holds until the next promotion" in done.stderr
    assert Registry(home).champion(NAME).version == 1

    # The champion itself may be named then: the settings' policy holds again beside it.
    assert promote(home, version="1").exit_code == 0
    assert opened.settled().policy.decision.arbitration.shown_count == 1


def test_a_dry_run_says_what_would_serve_and_changes_nothing(settings: Settings, home: Home):
    before, rows = local_release(home), read_promotions(home)
    told = json.loads(promote(home, "--dry-run", "--json").stdout)
    assert (told["act"], told["version"], told["lacks"]) == ("promote", 2, "")
    assert len(told["release_id"]) == 16
    assert told["release_id"] != told["release_before"]
    assert local_release(home) == before
    assert Registry(home).champion(NAME).version == 1
    assert read_promotions(home) == rows
    promote(home)
    assert "Would rollback" in roll_back(home, "--dry-run").stderr
    assert serving(home) == 2


def test_in_production_two_other_people_sign_before_it_serves_and_one_rolls_it_back(
    settings: Settings, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LINEWISE_PROFILE", "production")
    monkeypatch.setenv("LINEWISE_CLOCK", "wall")
    let_pass(home, NAME, 2, "production")
    key_of = {name: str(tmp_path / f"{name}.pem") for name in ("olga", "ada", "bo", "cy")}
    run("release", "key", "olga", "--role", "operator", "--out", key_of["olga"], home=home)
    for name, role in (("ada", "ml_engineer"), ("bo", "policy_approver"), ("cy", "validator")):
        made = json.loads(run("release", "key", name, "--out", key_of[name], "--json", home=home).stdout)
        words = ("--role", role, "--public", made["public_key"], "--registrar", key_of["olga"])
        assert run("release", "key", name, *words, home=home).exit_code == 0

    def signed(release_id: str) -> None:
        assert run("release", "propose", release_id, "--key", key_of["ada"], home=home).exit_code == 0
        for name in ("bo", "cy"):
            words = ("--key", key_of[name], "--meaning", "read")
            assert run("release", "approve", release_id, *words, home=home).exit_code == 0

    rows, refused = read_promotions(home), promote(home)
    assert (refused.exit_code, serving(home), read_promotions(home)) == (6, 1, rows)
    plan = json.loads(promote(home, "--dry-run", "--json").stdout)
    assert plan["release_id"] in refused.stderr
    signed(plan["release_id"])
    done = promote(home, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["by"] == ["bo", "cy"]
    assert serving(home) == 2
    # What one goes back to was signed in its time; here it was not, and a rollback is no way around signatures.
    assert roll_back(home).exit_code == 6
    signed(plan["release_before"])
    assert roll_back(home).exit_code == 0
    assert serving(home) == 1


def test_a_stopped_release_is_not_what_one_goes_back_to(settings: Settings, home: Home):
    promote(home)
    before = read_promotions(home)[-1].release_before
    assert run("release", "stop", before, "--reason", "wrong too", "--by", "bo", home=home).exit_code == 0
    done = roll_back(home)
    assert (done.exit_code, "stopped by bo" in done.stderr) == (6, True)
    assert serving(home) == 2


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("rollback", "--reason", "x", "--by", "anna"), 1, "no promotion to take back"),
        (("rollback", "--reason", "x"), 2, "--by NAME or --key FILE"),
        (("rollback", "--by", "anna"), 2, "--reason"),
        (("promote", NAME, "1", "--reason", "x"), 2, "champion already"),
    ],
)
def test_a_move_that_makes_no_sense_changes_nothing(
    settings: Settings, home: Home, words: tuple[str, ...], exit_code: int, said: str
):
    done = run("model", *words, home=home)
    assert done.exit_code == exit_code, done.output
    assert said in done.stderr
    assert serving(home) == 1


def test_in_production_a_training_changes_nothing_that_serves(settings: Settings, home: Home):
    Registry(home).set_champion(NAME, 2)
    release_for_serving(settings.model_copy(update={"profile": "production"}))
    assert serving(home) == 1
    release_for_serving(settings)
    assert serving(home) == 2

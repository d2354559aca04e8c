"""`linewise campaign` as marketing and compliance use it: proposed, read, approved, listed, stopped."""

import json
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from serving.campaigns.approving.standing import Standing
from tests.cli.test_cli import run
from tests.serving.campaigns.drawn_plans import planned
from tests.serving.campaigns.plans import ID
from tests.serving.homes import home_of_its_own

PEOPLE = (("mei", "marketer"), ("bo", "policy_approver"), ("lin", "privacy_officer"), ("sue", "supervisor"))


@pytest.fixture(scope="module")
def settings(served_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = home_of_its_own(served_home, Home(tmp_path_factory.mktemp("signing") / "home"))
    return load_settings(home=home.root)


@pytest.fixture(scope="module")
def folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A planned campaign, and the key files of whoever may sign, registered by an operator."""
    planned(settings, Standing.now(settings))
    folder, home = tmp_path_factory.mktemp("keys"), settings.paths
    olga = str(folder / "olga.pem")
    assert run("release", "key", "olga", "--role", "operator", "--out", olga, home=home).exit_code == 0
    for name, role in PEOPLE:
        words = ("--role", role, "--out", str(folder / f"{name}.pem"), "--registrar", olga)
        assert run("release", "key", name, *words, home=home).exit_code == 0
    return folder


def test_a_campaign_from_its_plan_to_a_stop(settings: Settings, folder: Path):
    home = settings.paths

    def campaign(*words: str, key: str = "") -> tuple[int, str, str]:
        done = run("campaign", *words, *(("--key", str(folder / f"{key}.pem")) if key else ()), home=home)
        return done.exit_code, done.stdout, done.stderr

    def listed() -> dict[str, object]:
        told = json.loads(campaign("list", "--json")[1])
        assert told["not_proposed"] == []
        return told["campaigns"][0]

    assert "planned and not proposed" in campaign("list")[2]
    read = ("--meaning", "words read")
    code, _, said = campaign("approve", ID, *read, key="lin")
    assert (code, "campaign propose SPRING_CARDS" in said) == (6, True)
    code, _, said = campaign("propose", ID, key="mei")
    assert code == 0
    assert "waits for bo or lin" in said
    state = listed()
    assert (state["state"], state["is_live"], state["lacks"]) == (
        "planned", False, "0 of 1 people have approved it as policy_approver or privacy_officer",
    )  # fmt: skip
    code, told, said = campaign("approve", ID, "--dry-run", "--json")
    assert code == 0
    assert {one["offer_id"] for one in json.loads(told)["words"]} == {"CARD_GOLD", "CARD_TRAVEL"}
    # Whoever approves reads every text to its end.
    for one in json.loads(told)["words"]:
        assert all(one[part] in said for part in ("title", "says", "terms", "disclosure", "disclosure_text"))
    assert listed()["state"] == "planned"

    for who, why in (("mei", "no approver"), ("sue", "no approver")):
        code, _, said = campaign("approve", ID, *read, key=who)
        assert (code, why in said) == (6, True)
    code, told, _ = campaign("approve", ID, *read, "--json", key="lin")
    assert (code, json.loads(told)["lacks"]) == (0, "")
    state = listed()
    assert (state["state"], state["lacks"], state["changed_by"]) == ("approved", "", "lin")
    assert state["void_because"] == []

    assert campaign("stop", ID, "--reason", "a wrong price", "--by", "sue")[0] == 0
    state = listed()
    assert (state["state"], state["is_live"], state["reason"]) == ("stopped", False, "a wrong price")
    said = campaign("list")[2]
    assert all(one in said for one in (ID, "2026-12-01", "2026-12-07", "not held"))


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("approve", ID), 2, "--key FILE and --meaning"),
        (("approve", "NONE", "--dry-run"), 1, "'NONE'"),
        (("propose", ID), 2, "--key"),
        (("propose", "NONE", "--key", "mei.pem"), 1, "'NONE'"),
        (("stop", "NONE", "--reason", "x", "--by", "sue"), 1, "'NONE'"),
        (("stop", ID, "--reason", "x"), 2, "--by NAME or --key FILE"),
    ],
)
def test_each_mistake_has_its_exit_code_and_says_what_to_do(
    settings: Settings, folder: Path, words: tuple[str, ...], exit_code: int, said: str
):
    given = [str(folder / one) if one.endswith(".pem") else one for one in words]
    done = run("campaign", *given, home=settings.paths)
    assert done.exit_code == exit_code
    assert said in done.output


def test_the_global_holdout_is_counted_with_its_turn_over_the_year(settings: Settings):
    told = json.loads(run("campaign", "holdouts", "--json", home=settings.paths).stdout)
    assert told["share_ratio"] == 0.01
    this, following = told["years"]
    assert following["year"] == this["year"] + 1
    assert following["former_count"] == this["member_count"]
    assert 5 <= this["member_count"] <= 40
    assert "Global holdout: 1.0% of 2,000 customers" in run("campaign", "holdouts", home=settings.paths).stderr

"""`linewise portfolio`: budgets are opened and shown, raises are watched, the core system is reconciled."""

import json
from pathlib import Path

import pytest

from linewise.core.home import Home
from tests.cli.test_cli import run
from tests.serving.scoring.former_release import a_home_beside


@pytest.fixture
def bank_home(served_home: Home, tmp_path: Path) -> Home:
    """The served bank with a ledger of its own."""
    return a_home_beside(served_home, tmp_path / "beside")


def opened(home: Home, amount: str = "50000", *more: str) -> "object":
    words = ("set-budget", "raises-1", "--kind", "exposure", "--amount", amount, "--reason", "the plan", *more)
    return run("portfolio", *words, "--from", "2020-01-01", "--until", "2040-01-01", home=home)


def test_a_budget_is_opened_in_major_units_and_shown(bank_home: Home):
    assert opened(bank_home, "50000.50", "--by", "ada", "--request-share", "0.2").exit_code == 0
    shown = run("portfolio", "budgets", "--json", home=bank_home)
    (budget,) = json.loads(shown.stdout)["budgets"]
    assert (budget["kind"], budget["proposed"]["amount_amt"]) == ("exposure", 4_000_040)
    assert budget["requested"]["left_amt"] == 1_000_010
    assert "raises-1" in run("portfolio", "budgets", home=bank_home).output


@pytest.mark.parametrize(
    ("amount", "more", "exit_code", "said"),
    [
        ("many", ("--by", "ada"), 2, "no amount"),
        ("NaN", ("--by", "ada"), 2, "no amount"),
        ("-1", ("--by", "ada"), 2, "cannot be"),
        ("1e30", ("--by", "ada"), 2, "no amount"),
        ("1", (), 2, "--by NAME or --key FILE"),
        ("1", ("--by", "ada", "--request-share", "2"), 2, "request-share"),
    ],
)
def test_what_cannot_be_a_budget_ends_with_its_own_words(
    bank_home: Home, amount: str, more: tuple[str, ...], exit_code: int, said: str
):
    done = opened(bank_home, amount, *more)
    assert done.exit_code == exit_code
    assert said in done.output


def test_in_production_a_budget_waits_for_two_others(bank_home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    keys = {}
    for name, role in (
        ("olga", "operator"),
        ("ada", "policy_author"),
        ("bo", "policy_approver"),
        ("sue", "supervisor"),
    ):
        keys[name] = str(tmp_path / f"{name}.pem")
        made = run("release", "key", name, "--out", keys[name], "--json", home=bank_home)
        public = json.loads(made.stdout)["public_key"]
        done = run(
            "release", "key", name, "--role", role, "--public", public, "--registrar", keys["olga"], home=bank_home
        )
        assert done.exit_code == 0, done.output
    monkeypatch.setenv("LINEWISE_PROFILE", "production")
    monkeypatch.setenv("LINEWISE_CLOCK", "wall")
    assert opened(bank_home, "1", "--by", "ada").exit_code == 6
    asked = opened(bank_home, "1", "--key", keys["ada"])
    assert "0 of 2 people" in asked.output

    def approved(name: str) -> "object":
        words = ("approve-budget", "raises-1#1", "--key", keys[name], "--meaning", "read")
        return run("portfolio", *words, home=bank_home)

    assert approved("ada").exit_code == 6
    assert approved("bo").exit_code == 0
    assert "in force" in approved("sue").output


def test_raises_are_watched(bank_home: Home):
    seen = json.loads(run("portfolio", "watch", "--json", home=bank_home).stdout)
    assert (seen["exposure_amt"], seen["is_stopped"]) == (0, False)
    assert seen["exposure_bound_amt"] > 0
    assert "Raises go on" in run("portfolio", "watch", home=bank_home).output


@pytest.mark.parametrize("words", [("reconcile",), ("portfolio", "reconcile")])
def test_changes_that_nothing_stands_for_end_with_four(bank_home: Home, words: tuple[str, ...]):
    done = run(*words, "--since", "2020-01-01", "--json", home=bank_home)
    assert done.exit_code == 4
    found = json.loads(done.stdout)
    assert found["changes"] == len(found["untied"]) > 0
    assert all(one["reasons"] for one in found["untied"])


def test_where_nothing_changed_nothing_is_missing(bank_home: Home):
    done = run("reconcile", "--since", "2040-01-01", home=bank_home)
    assert done.exit_code == 0, done.output

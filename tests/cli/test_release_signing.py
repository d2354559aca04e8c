"""`linewise release` as people use it: keys, signatures, stops, and the exit code of a missing approval."""

import json
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.ledger.store import open_ledger
from tests.cli.test_cli import run
from tests.linewise.ledger.signers import a_release


@pytest.fixture
def folder(home: Home, tmp_path: Path) -> Path:
    """A home that has opened the release r1, and the key files of an operator, an author and two approvers."""
    ledger = open_ledger(home)
    a_release(ledger)
    ledger.close()
    assert (
        run("release", "key", "olga", "--role", "operator", "--out", str(tmp_path / "olga.pem"), home=home).exit_code
        == 0
    )
    for name, role in (("ada", "policy_author"), ("bo", "policy_approver"), ("cy", "validator")):
        made = run("release", "key", name, "--out", str(tmp_path / f"{name}.pem"), "--json", home=home)
        told = json.loads(made.stdout)
        assert told["is_registered"] is False
        words = ("--role", role, "--public", told["public_key"], "--registrar", str(tmp_path / "olga.pem"))
        assert run("release", "key", name, *words, home=home).exit_code == 0
    return tmp_path


def listed(home: Home) -> dict:
    return json.loads(run("release", "list", "--json", home=home).stdout)


def test_a_release_is_proposed_by_one_and_approved_by_two_others(home: Home, folder: Path):
    steps = [("propose", "ada", ()), ("approve", "bo", ("--meaning", "read")), ("approve", "cy", ("--meaning", "read"))]
    for act, name, more in steps:
        done = run("release", act, "r1", "--key", str(folder / f"{name}.pem"), *more, home=home)
        assert done.exit_code == 0, done.output
    (release,) = listed(home)["releases"]
    assert (release["authors"], release["lacks"]) == (["ada"], "")
    assert release["approved_by"] == ["bo (policy_approver)", "cy (validator)"]
    shown = json.loads(run("release", "show", "r1", "--json", home=home).stdout)
    assert [one["name"] for one in shown["signatures"]] == ["ada", "bo", "cy"]
    for words in (("list",), ("show", "r1")):
        assert "approve" in run("release", *words, home=home).stderr


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("approve", "r1", "--key", "bo.pem", "--meaning", "x"), 6, "having made"),
        (("approve", "r9", "--key", "bo.pem", "--meaning", "x"), 1, "'r9'"),
        (("approve", "r1", "--key", "none.pem", "--meaning", "x"), 2, "no key"),
        (("approve", "r1", "--key", "bo.pem"), 2, "--meaning"),
        (("show", "r9"), 1, "'r9'"),
        (("stop", "r1", "--reason", "x"), 2, "--by NAME or --key FILE"),
        (("stop", "r1", "--by", "anna"), 2, "--reason"),
        (("kill", "cards", "--reason", "x", "--by", "anna"), 2, "'cards'"),
        (("resume", "r1", "--reason", "x", "--key", "cy.pem"), 1, "not stopped"),
        (("key", "eve"), 2, "--out FILE or --public KEY"),
        (("key", "eve", "--public", "ab" * 32), 2, "--registrar"),
        (("key", "eve", "--role", "reviewer", "--public", "zz", "--registrar", "olga.pem"), 2, "no public key"),
        (("key", "eve", "--role", "operator", "--out", "eve.pem"), 6, "nobody registered"),
        (("key", "ada", "--role", "policy_approver", "--public", "ab" * 32, "--registrar", "olga.pem"), 1, "ada is"),
    ],
)  # fmt: skip
def test_who_may_not_is_told_and_by_which_code(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], exit_code: int, said: str
):
    monkeypatch.chdir(folder)
    done = run("release", *words, home=home)
    assert done.exit_code == exit_code, done.output
    assert said in done.stderr
    assert not (folder / "eve.pem").exists()


def test_the_author_cannot_approve_and_the_code_says_so(home: Home, folder: Path):
    run("release", "propose", "r1", "--key", str(folder / "bo.pem"), home=home)
    done = run("release", "approve", "r1", "--key", str(folder / "bo.pem"), "--meaning", "mine", home=home)
    assert (done.exit_code, "bo made the release" in done.stderr) == (6, True)


def test_one_person_stops_and_another_lets_go_on(home: Home, folder: Path):
    assert run("release", "stop", "r1", "--reason", "wrong limits", "--by", "anna", home=home).exit_code == 0
    assert "wrong limits (anna" in listed(home)["releases"][0]["stopped"]
    done = run("release", "resume", "r1", "--reason", "checked", "--key", str(folder / "cy.pem"), home=home)
    assert done.exit_code == 0, done.output
    assert listed(home)["releases"][0]["stopped"] is None


def test_a_kind_of_action_is_switched_off_and_on(home: Home, folder: Path):
    key = str(folder / "bo.pem")
    assert run("release", "kill", "limit", "--reason", "wrong figures", "--key", key, home=home).exit_code == 0
    assert list(listed(home)["switched_off"]) == ["limit"]
    assert "Switched off: limit" in run("release", "list", home=home).stderr
    own = run("release", "revive", "limit", "--reason", "fine", "--key", key, home=home)
    assert (own.exit_code, "bo stopped it" in own.stderr) == (6, True)
    other = run("release", "revive", "limit", "--reason", "fine", "--key", str(folder / "cy.pem"), home=home)
    assert (other.exit_code, listed(home)["switched_off"]) == (0, {})


def test_a_lost_key_is_withdrawn_at_once(home: Home, folder: Path):
    from linewise.ledger.signing import read_key_file

    words = ("release", "withdraw", read_key_file(folder / "bo.pem").key_id, "--reason", "lost", "--by", "anna")
    assert run(*words, home=home).exit_code == 0
    again = run(*words, home=home)
    assert (again.exit_code, "no key" in again.stderr) == (1, True)
    assert any("withdrawn by anna: lost" in problem for problem in listed(home)["problems"])

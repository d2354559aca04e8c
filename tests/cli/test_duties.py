"""`linewise duties` as operations, reviewers and supervisors use it."""

import json
import sys
import types
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.ledger.duties import open_duties
from linewise.ledger.keys import FileKeys
from linewise.ledger.record import write_decisions
from linewise.ledger.signing import PersonKey
from linewise.ledger.store import Ledger, open_ledger
from tests.cli.test_cli import run
from tests.linewise.ledger.builders import DECLINED, write_outcome
from tests.linewise.ledger.signers import a_cast
from tests.linewise.ledger.test_duties import DISCLOSURE, NOTICE, NOW
from tests.serving.scoring.test_reviewing import REVIEW, a_record_sent_to_a_person

AT = ("--now", "2026-11-24")
COMPLAINT = replace(NOTICE, duty_id="duty-c", decision_id="D1", rule_id="CN-COMP", owner="compliance")
ACCEPTED = replace(DECLINED, decision_id="D7", outcome="accepted", reason_code="")
OF_D1 = replace(REVIEW, duty_id="duty-r")


@pytest.fixture
def keys(duty_home: Home, tmp_path: Path) -> dict[str, PersonKey]:
    ledger = open_ledger(duty_home)
    made = a_cast(ledger, tmp_path)
    ledger.close()
    return made


@pytest.fixture
def duty_home(served_home: Home, tmp_path: Path) -> Iterator[Home]:
    """The bank of the served home beside a ledger of this test alone, with three duties."""
    made = Home(tmp_path / "home")
    made.data_dir.mkdir(parents=True)
    made.bank_dir.symlink_to(served_home.bank_dir)
    ledger: Ledger = open_ledger(made)
    write_decisions(ledger, [a_record_sent_to_a_person()])
    with ledger.writing() as connection:
        open_duties(connection, [NOTICE, COMPLAINT, OF_D1])
    ledger.close()
    yield made


def due(home: Home, *words: str) -> list[str]:
    return [one["duty_id"] for one in json.loads(run("duties", "due", "--json", *AT, *words, home=home).stdout)]


def test_what_is_due_is_listed_for_people_and_machines(duty_home: Home):
    assert due(duty_home) == ["duty-r", "duty-1", "duty-c"]
    assert due(duty_home, "--until", "2026-11-30") == ["duty-r"]
    assert due(duty_home, "--owner", "compliance") == ["duty-c"]
    assert "1 of 3 are overdue" in run("duties", "due", *AT, home=duty_home).stderr
    assert "none" in run("duties", "due", "--owner", "nobody", home=duty_home).stderr


def test_what_only_an_order_would_wait_for_is_due_once_the_customer_takes_the_action(duty_home: Home):
    ledger = open_ledger(duty_home)
    of_offer = replace(DISCLOSURE, duty_id="duty-d", decision_id="D7", action_id="CARD_GOLD")
    of_any = replace(DISCLOSURE, duty_id="duty-a", decision_id="D7", action_id="")
    with ledger.writing() as connection:
        open_duties(connection, [of_offer, of_any])
    assert {"duty-d", "duty-a"}.isdisjoint(due(duty_home))
    assert {"duty-d", "duty-a"} <= set(due(duty_home, "--waiting"))
    assert "2 more wait" in run("duties", "due", *AT, home=duty_home).stderr
    write_outcome(ledger, replace(ACCEPTED, offer_id="CARD_TRAVEL"))
    assert "duty-a" in due(duty_home)
    assert "duty-d" not in due(duty_home)
    write_outcome(ledger, replace(ACCEPTED, offer_id="CARD_GOLD"))
    assert "duty-d" in due(duty_home)
    ledger.close()


def test_a_duty_is_done_once_with_its_evidence(duty_home: Home):
    words = ("duties", "done", "duty-1", "--evidence", "letter 4711", "--by", "ops-3")
    done = run(*words, "--json", *AT, home=duty_home)
    assert (done.exit_code, json.loads(done.stdout)["evidence"]) == (0, "letter 4711")
    again = run(*words, *AT, home=duty_home)
    assert (again.exit_code, "done by ops-3" in again.stderr) == (1, True)


def test_the_date_of_a_complaint_moves_to_sixty_days_and_no_further(duty_home: Home):
    words = ("duties", "extend", "duty-c", "--reasons", "expert asked", "--by", "chief")
    late, too_late = ((NOW + timedelta(days=days)).strftime("%Y-%m-%d") for days in (60, 61))
    assert run(*words, "--due", too_late, *AT, home=duty_home).exit_code == 1
    done = run(*words, "--due", late, "--json", *AT, home=duty_home)
    assert (done.exit_code, json.loads(done.stdout)["due_at"][:10]) == (0, late)


@pytest.mark.parametrize(
    ("words", "exit_code", "said"),
    [
        (("--approve", "--by", "rex"), 0, "Approved by rex (reviewer)"),
        (("--approve", "--key", "rex.pem"), 0, "Approved by rex (reviewer)"),
        (("--approve", "--by", "rex", "--amount", "50000.01"), 6, "supervisor"),
        (("--approve", "--by", "sue", "--amount", "50000.01"), 0, "Approved by sue (supervisor)"),
        (("--approve", "--by", "ada"), 6, "not registered"),
        (("--approve", "--by", "rex", "--amount", "-1"), 2, "'-1'"),
        (("--approve", "--by", "rex", "--amount", "much"), 2, "'much'"),
        (("--approve",), 2, "Nobody is named"),
        (("--by", "rex"), 2, "--approve"),
        (("--by", "rex", "--approve", "--refuse"), 2, "approved and refused"),
        (("--refuse", "--by", "rex"), 0, "Refused by rex (reviewer)"),
    ],
)
def test_a_reviewer_decides_within_the_delegated_amount(
    duty_home: Home, keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple, exit_code: int, said: str
):
    monkeypatch.chdir(tmp_path)
    done = run("duties", "review", "duty-r", "--reasons", "payslips", *words, *AT, home=duty_home)
    assert done.exit_code == exit_code, done.output
    assert said in done.stderr
    assert ("duty-r" in due(duty_home)) is (exit_code != 0)


def test_in_production_a_name_alone_decides_nothing(duty_home: Home, keys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LINEWISE_PROFILE", "production")
    monkeypatch.setenv("LINEWISE_CLOCK", "wall")
    done = run("duties", "review", "duty-r", "--approve", "--reasons", "x", "--by", "rex", home=duty_home)
    assert (done.exit_code, "key file" in done.stderr) == (6, True)


def test_a_review_reads_the_record_with_the_keys_that_the_bank_s_own_service_holds(
    duty_home: Home, keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    elsewhere = duty_home.keys_path.rename(tmp_path / "elsewhere.json")
    service = types.ModuleType("a_bank_s_keys")
    service.open_keys = lambda: FileKeys(elsewhere)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, service.__name__, service)
    for name, value in (("PROFILE", "production"), ("CLOCK", "wall"), ("KEY_SERVICE", "a_bank_s_keys:open_keys")):
        monkeypatch.setenv(f"LINEWISE_{name}", value)
    words = ("--refuse", "--reasons", "payslips", "--key", str(tmp_path / "rex.pem"))
    done = run("duties", "review", "duty-r", *words, home=duty_home)
    assert (done.exit_code, "Refused by rex (reviewer)" in done.stderr) == (0, True), done.output
    assert not duty_home.keys_path.exists()


def test_an_unknown_duty_is_not_found(duty_home: Home):
    done = run("duties", "done", "duty-9", "--evidence", "x", "--by", "y", *AT, home=duty_home)
    assert (done.exit_code, "'duty-9'" in done.stderr) == (1, True)

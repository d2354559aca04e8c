"""`linewise audit`: a record verified, held, erased, purged and exported as a person does it."""

import json
from pathlib import Path

import pytest

from linewise.core.home import Home
from linewise.ledger.record import write_decisions
from linewise.ledger.store import open_ledger
from tests.cli.test_cli import run
from tests.linewise.ledger.builders import a_decision
from tests.serving.campaigns.exports import a_row_of_the_list, write_plan

WHO = ("--by", "privacy.officer", "--reason", "request 114")


@pytest.fixture
def recorded(home: Home) -> Home:
    ledger = open_ledger(home)
    write_decisions(ledger, [a_decision("D1", "C1"), a_decision("D2", "C2")])
    ledger.close()
    return home


def test_an_untouched_record_verifies_for_machines_and_people(recorded: Home):
    machine = run("audit", "verify", "--payloads", "--json", home=recorded)
    assert (machine.exit_code, json.loads(machine.stdout)["is_whole"]) == (0, True)
    person = run("audit", "verify", home=recorded)
    assert (person.exit_code, person.stdout) == (0, "")
    assert "2 decisions and 0 acts in 1 segments" in person.stderr


def test_tampering_ends_with_exit_code_4_and_names_the_record(recorded: Home):
    ledger = open_ledger(recorded)
    with ledger.writing() as connection:
        connection.exec_driver_sql("update decisions set channel = 'app' where decision_id = 'D2'")
    ledger.close()
    done = run("audit", "verify", "--json", home=recorded)
    findings = json.loads(done.stdout)["findings"]
    assert done.exit_code == 4
    assert [(one["kind"], one["segment_id"], one["decision_id"]) for one in findings] == [("record_rewritten", 1, "D2")]


def test_an_erased_customer_is_gone_and_the_record_still_verifies(recorded: Home):
    erased = run("audit", "erase", "C1", *WHO, "--json", home=recorded)
    assert json.loads(erased.stdout)["decisions"] == 1
    again = run("audit", "erase", "C1", *WHO, home=recorded)
    assert (again.exit_code, "holds nothing" in again.stderr) == (1, True)
    report = json.loads(run("audit", "verify", "--json", home=recorded).stdout)
    assert (report["is_whole"], report["erased"], report["acts"]) == (True, 1, 1)


def test_an_erasure_reaches_the_lists_of_campaigns_and_says_so(recorded: Home):
    write_plan(recorded, [a_row_of_the_list(one) for one in ("C1", "C2", "C3")])
    erased = run("audit", "erase", "C1", *WHO, "--json", home=recorded)
    said = json.loads(erased.stdout)
    assert (erased.exit_code, said["decisions"], said["kept"]) == (0, 1, [])
    assert [(one["campaign_id"], one["row_count"]) for one in said["rewritten"]] == [("SPRING_CARDS", 1)]
    # On whom nothing was decided, and who stands on a list.
    on_a_list = run("audit", "erase", "C3", *WHO, home=recorded)
    assert on_a_list.exit_code == 0
    assert "stands in the customer's place in" in on_a_list.stderr
    assert json.loads(run("audit", "verify", "--json", home=recorded).stdout)["is_whole"]


def test_a_held_customer_cannot_be_erased(recorded: Home):
    assert run("audit", "hold", "C1", *WHO, home=recorded).exit_code == 0
    refused = run("audit", "erase", "C1", *WHO, home=recorded)
    assert (refused.exit_code, "legal hold" in refused.stderr) == (1, True)
    released = run("audit", "hold", "C1", *WHO, "--release", "--json", home=recorded)
    assert json.loads(released.stdout)["is_held"] is False
    assert run("audit", "erase", "C1", *WHO, home=recorded).exit_code == 0


def test_lost_keys_are_told_and_not_made_anew(recorded: Home):
    recorded.keys_path.unlink()
    done = run("audit", "verify", home=recorded)
    assert (done.exit_code, "Put them back" in done.stderr) == (1, True)
    assert not recorded.keys_path.exists()


def test_export_wants_a_customer_or_a_decision(recorded: Home, tmp_path: Path):
    assert run("audit", "export", "--out", str(tmp_path / "case"), home=recorded).exit_code == 2
    both = run("audit", "export", "C1", "--decision", "D1", "--out", str(tmp_path / "case"), home=recorded)
    assert both.exit_code == 2
    unknown = run("audit", "export", "C9", "--out", str(tmp_path / "case"), home=recorded)
    assert (unknown.exit_code, "'C9'" in unknown.stderr) == (1, True)


def test_a_case_is_exported(served_home: Home, tmp_path: Path):
    made = json.loads(run("decide", "C00000031", "--json", home=served_home).stdout)
    out = tmp_path / "case"
    done = run("audit", "export", "--decision", made["decision_id"], "--out", str(out), "--json", home=served_home)
    assert json.loads(done.stdout)["decisions"] == 1
    assert json.loads((out / "case.json").read_text())["customer_id"] == "C00000031"
    assert made["decision_id"] in (out / "case.html").read_text()


def test_what_is_past_its_years_is_purged_and_the_record_still_verifies(recorded: Home, served_home: Home):
    recorded.bank_dir.symlink_to(served_home.bank_dir)  # its clock is asked
    for now, deleted in (("2033-11-22", 0), ("2033-11-24", 2), ("2033-11-25", 0)):
        done = run("audit", "purge", "--by", "records", "--now", now, "--json", home=recorded)
        assert json.loads(done.stdout)["deleted"] == {"full": deleted, "batch": 0, "service": 0}
    assert "2 past their retention" in run("audit", "verify", home=recorded).stderr

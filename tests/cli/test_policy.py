"""`linewise policy` as a policy author meets it."""

import json
from pathlib import Path

import pytest

from linewise.core.home import Home
from tests.cli.test_cli import run
from tests.linewise.policy.checking.folder import a_folder, plant


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Rules of the pack `bank` alone, which the settings choose."""
    monkeypatch.setenv("LINEWISE_PACKS", '["bank"]')
    return a_folder(tmp_path / "policy")


def test_a_clean_folder_is_checked_without_a_bank(home: Home, folder: Path):
    done = run("policy", "check", str(folder), "--json", home=home)
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["counts"]["error"] == told["counts"]["warning"] == 0
    assert "No bank is loaded" in done.stderr


def test_errors_are_shown_with_their_lines_and_end_with_exit_code_4(home: Home, folder: Path):
    line = plant(folder, "rules/bank.yaml", "when: age_years <", "when: agee_years <")
    done = run("policy", "check", str(folder), "--json", "--static", home=home)
    assert done.exit_code == 4
    [error] = [one for one in json.loads(done.stdout)["findings"] if one["grade"] == "error"]
    assert (error["file"], error["line"], error["subject"]) == ("rules/bank.yaml", line, "TOO-YOUNG")
    assert "agee_years" in error["problem"]
    assert "age_years" in error["next_step"]
    assert "1 errors" in done.stderr


def test_the_rules_are_run_over_the_customers_of_the_loaded_bank(served_home: Home, folder: Path):
    for rule, condition in (("ALWAYS", "age_years * 2 > 0"), ("NEVER", "age_years > 200")):
        text = (folder / "rules" / "bank.yaml").read_text(encoding="utf-8")
        one = "  - rule_id: TOO-YOUNG" + text.partition("  - rule_id: TOO-YOUNG")[2].partition("  - rule_id: MOST")[0]
        one = one.replace("TOO-YOUNG", rule).replace("age_years < :least_years", condition)
        one = (
            one.partition("    tests:")[0]
            + f"    tests:\n      - {{age_years: 100, hits: {str(rule == 'ALWAYS').lower()}}}\n"
        )
        (folder / "rules" / "bank.yaml").write_text(text + one, encoding="utf-8")
    done = run("policy", "check", str(folder), "--json", home=served_home)
    assert done.exit_code == 0
    fired = [one for one in json.loads(done.stdout)["findings"] if one["check"] == "firing"]
    told = {one["subject"]: one for one in fired}
    assert told["ALWAYS"]["grade"] == "warning"
    assert told["NEVER"]["grade"] == "note"
    lines = (folder / "rules" / "bank.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[told["NEVER"]["line"] - 1].strip() == "when: age_years > 200"
    assert "MOST-LENT" not in told or told["MOST-LENT"]["grade"] == "note"


def test_two_folders_are_compared_on_the_loaded_bank(served_home: Home, folder: Path, tmp_path: Path):
    stricter = a_folder(tmp_path / "stricter")
    plant(stricter, "rules/bank.yaml", "least_years: 18", "least_years: 40")
    out = tmp_path / "swapped.csv"
    done = run("policy", "diff", str(folder), str(stricter), "--out", str(out), "--json", home=served_home)
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert {row["because"] for row in told["by"]["because"]} >= {"TOO-YOUNG"}
    offers = next(row for row in told["totals"] if row["thing"] == "offer")
    assert offers["new_count"] < offers["old_count"]
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1 + sum(
        row[change] for row in told["by"]["thing"] for change in ("gains", "loses", "more", "less")
    )


def test_a_swap_set_goes_to_parquet_or_csv_only(home: Home, folder: Path):
    done = run("policy", "diff", str(folder), str(folder), "--out", "swapped.xlsx", home=home)
    assert done.exit_code == 2
    assert ".parquet or .csv" in done.stderr

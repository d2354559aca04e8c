"""The whole way on real accounts, by the commands that a new user types into an empty home."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from linewise.core.home import Home
from tests.cli.test_cli import run

PROGRAM = Path(sys.executable).with_name("linewise")
QUICK = ("repeat_count=1", "fold_count=2", "inner_fold_count=2", "tree_count=30")
ANSWER = {"decision_id", "customer_id", "as_of", "channel", "offers", "not_offered", "limit", "plans", "versions"}


@pytest.fixture(scope="module")
def walked(berka_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which every command of the walk has been run once."""
    home = Home(tmp_path_factory.mktemp("berka"))
    linewise(home, "bank", "import", "berka", "--source", str(berka_dir))
    linewise(home, "bank", "check")
    linewise(home, "features", "build")
    linewise(home, "features", "materialize")
    linewise(home, "model", "train", *(word for one in QUICK for word in ("-S", one)))
    linewise(home, "score", "--out", str(home.root / "suggestions.parquet"))
    return home


def linewise(home: Home, *words: str) -> str:
    done = run(*words, home=home)
    assert done.exit_code == 0, done.output
    return done.stdout


def scored(home: Home) -> list[dict[str, object]]:
    return pq.read_table(home.root / "suggestions.parquet").to_pylist()


@pytest.mark.slow
def test_every_account_owner_is_scored(walked: Home):
    rows = scored(walked)
    assert len(rows) == len({row["customer_id"] for row in rows}) == 682
    assert {row["currency"] for row in rows} == {"CZK"}
    assert (walked.root / "suggestions.csv").stat().st_size > 0


def in_a_process(home: Home, *words: str) -> str:
    """What the installed program says, in a home that it is told of by the environment."""
    environment = {**os.environ, "LINEWISE_HOME": str(home.root)}
    done = subprocess.run([PROGRAM, *words], cwd=home.root, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.slow
def test_a_decision_for_any_of_them_is_filled_from_real_data(walked: Home):
    rows = scored(walked)
    offered = [row["customer_id"] for row in rows if row["offer_1_id"] and row["plan_term_months"]]
    customers = (offered[0], offered[-1], rows[0]["customer_id"])
    for say, customer_id in zip((in_a_process, linewise, linewise), customers, strict=True):
        answer = json.loads(say(walked, "decide", customer_id, "--json"))
        assert set(answer) >= ANSWER
        assert answer["currency"] == "CZK"
        assert answer["limit"]["current_amt"] == 0
        assert len(answer["limit"]["curve"]) == 25
        assert answer["not_offered"]
        assert set(answer["versions"]["models"]) == {"default", "card_take_up"}
        assert answer["value_basis"].startswith("take-up × value")


@pytest.mark.slow
def test_each_customer_is_decided_as_of_the_day_of_the_loan(walked: Home):
    customers = pq.read_table(walked.bank_dir / "customers").to_pylist()
    until = {row["customer_id"]: row["observed_until"] for row in customers}
    assert all(row["as_of"] == until[row["customer_id"]] for row in scored(walked))


@pytest.mark.slow
def test_doctor_finds_the_home_in_order(walked: Home):
    findings = json.loads(linewise(walked, "doctor", "--json"))
    assert {finding["state"] for finding in findings} == {"ok"}


@pytest.mark.slow
def test_a_bank_without_card_lines_is_allocated_under_the_budgets_that_it_names(walked: Home):
    budgets = {"contacts": 300.0, "exposure": 15_000_000.0}
    words = ["--budget", "contacts=300", "--budget", "exposure=150000", "--days", "90", "--dry-run", "--json"]
    solved = json.loads(linewise(walked, "portfolio", "solve", *words))
    assert solved["customers"] == solved["expected_callers"] == 682
    assert solved["callers"].startswith("the bank delivers no calls")
    assert {name: one["amount"] for name, one in solved["budgets"].items()} == budgets
    assert all(
        0 < solved["used"][name] <= amount < solved["used_without_budgets"][name] for name, amount in budgets.items()
    )
    assert 0 < solved["value_amt"] < solved["value_without_budgets_amt"]
    assert sum(solved["proposals"].values()) > 0


@pytest.mark.slow
@pytest.mark.parametrize("command", ["solve", "frontier"])
def test_a_bank_that_names_no_budget_is_told_how_to_give_one(walked: Home, command: str):
    done = run("portfolio", command, home=walked)
    assert done.exit_code != 0
    assert "There is no budget" in done.stderr
    assert "linewise portfolio solve --budget" in done.stderr

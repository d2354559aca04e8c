"""`linewise portfolio solve` and `frontier`: prices that make a release, and answers to budgets that are none."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from linewise.core.home import Home
from tests.cli.test_cli import run


@pytest.fixture
def unpriced_home(served_home: Home) -> Iterator[Home]:
    """The served home; prices that a test writes are taken away again."""
    yield served_home
    for path in served_home.prices_dir.glob("*.json"):
        path.unlink()


def test_solving_writes_prices_that_the_next_decision_goes_by(unpriced_home: Home):
    done = run("portfolio", "solve", "--budget", "contacts=30", "--budget", "loss=0", "--json", home=unpriced_home)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["prices"]["contact_amt"] > 0
    assert told["used"]["contacts"] <= 30 < told["used_without_budgets"]["contacts"]
    assert told["used"]["loss"] == 0.0
    assert told["gap_ratio"] < 0.01
    assert told["budgets"]["money"]["source"] == "bank_facts: campaign_budget_amt"
    assert 0 < told["expected_callers"] < told["customers"] == 2_000

    decided = json.loads(run("decide", "C00000001", "--json", home=unpriced_home).stdout)
    assert decided["release_id"] == told["release_id"]
    found = {one["part"]: one for one in json.loads(run("doctor", "--json", home=unpriced_home).stdout)}
    assert found["prices"]["state"] == "ok"
    assert "contact_amt" in found["prices"]["detail"]


def test_a_dry_run_writes_nothing_and_says_so(unpriced_home: Home):
    done = run("portfolio", "solve", "--budget", "contacts=30", "--dry-run", home=unpriced_home)
    assert done.exit_code == 0, done.output
    assert "Nothing was written." in done.output
    assert not list(unpriced_home.prices_dir.glob("*.json"))


def test_solving_again_gives_the_very_same_prices(unpriced_home: Home):
    one, other = (
        json.loads(run("portfolio", "solve", "--budget", "contacts=30", "--json", home=unpriced_home).stdout)
        for _ in range(2)
    )
    assert one == other


def test_an_empty_budget_is_told_in_words(unpriced_home: Home):
    done = run("portfolio", "solve", "--budget", "money=0", "--dry-run", home=unpriced_home)
    assert "The budget money is empty: nothing that uses it is proposed." in done.output


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        ("money=", "is empty"),
        ("money=-5", "An amount from 0"),
        ("money=5XTS", "no exchange rate"),
        ("gold=5", "There is no budget 'gold'"),
        ("money", "NAME=AMOUNT"),
    ],
)
def test_a_budget_that_is_none_is_a_mistake_of_the_call(served_home: Home, budget: str, told: str):
    done = run("portfolio", "solve", "--budget", budget, home=served_home)
    assert done.exit_code == 2
    assert told in " ".join(done.output.split())


def test_the_frontier_is_drawn_and_told(served_home: Home, tmp_path: Path):
    plot = tmp_path / "frontier.svg"
    done = run("portfolio", "frontier", "--budget", "contacts=30", "--plot", str(plot), "--json", home=served_home)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert plot.read_text(encoding="utf-8").startswith("<?xml")
    for name in ("loss", "exposure"):
        used, value = ([point[of] for point in told["frontier"][name]] for of in ("used", "value_amt"))
        assert used == sorted(used)
        assert value == pytest.approx(sorted(value), rel=0.01)
    assert not list(served_home.prices_dir.glob("*.json"))


def test_the_frontier_is_a_table_for_a_person(served_home: Home):
    done = run("portfolio", "frontier", "--budget", "contacts=30", home=served_home)
    assert "Value against loss" in done.output
    assert "expected to call" in done.output

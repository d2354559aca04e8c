"""Two policies on one bank: what is told adds up, mirrors, and is what a call would show."""

import shutil
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.policy.standard_folder import STANDARD
from serving.scoring.deciding import Decider
from serving.scoring.opening import open_decider
from serving.scoring.policy_diff import DIMENSIONS, PolicyDiff, compare_policies

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def old(served_home: Home) -> Decider:
    return open_decider(load_settings(home=served_home.root, language="en"))


@pytest.fixture(scope="module")
def new(old: Decider, tmp_path_factory: pytest.TempPathFactory) -> Decider:
    """Gold cards ask for more income, loans are more cautious."""
    folder = tmp_path_factory.mktemp("policy") / "stricter"
    shutil.copytree(STANDARD, folder)
    for file, before, after in (
        ("catalogue.yaml", "minimum_income: {CNY: 8000", "minimum_income: {CNY: 12000"),
        ("parameters.yaml", "disposable_share_ratio: {value: 0.50", "disposable_share_ratio: {value: 0.40"),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
    return old.under(folder)


@pytest.fixture(scope="module")
def found(old: Decider, new: Decider) -> PolicyDiff:
    return compare_policies(old, new)


def test_a_policy_beside_itself_changes_nothing(old: Decider):
    same = compare_policies(old, old.under(STANDARD))
    assert len(same.swapped) == same.changed_customers == 0
    assert (same.totals["old_count"] == same.totals["new_count"]).all()


def test_who_loses_is_told_and_by_which_rule(found: PolicyDiff):
    lost = found.swapped.filter(pl.col("thing") == "offer", pl.col("change") == "loses", pl.col("item") == "CARD_GOLD")
    assert len(lost) > 0
    assert set(lost["because"]) == {"BANK-INCOME-MIN", "NOT_AFFORDABLE_TOGETHER"}
    less = found.swapped.filter(pl.col("thing") == "limit")
    assert set(less["change"]) <= {"less", "loses"}
    assert (less["new_amt"].fill_null(0) < less["old_amt"]).all()


def test_gains_less_losses_are_the_change_of_the_totals(found: PolicyDiff):
    counts = {row["thing"]: row for row in found.by("thing").to_dicts()}
    for row in found.totals.to_dicts():
        moved = counts.get(row["thing"], Counter())
        assert row["new_count"] - row["old_count"] == moved["gains"] - moved["loses"]
        if row["thing"] == "limit":
            assert row["new_value_amt"] - row["old_value_amt"] == moved["value_amt_change"]
            assert row["new_amt"] - row["old_amt"] == moved["exposure_amt_change"]
            assert row["new_expected_loss_amt"] - row["old_expected_loss_amt"] == moved["expected_loss_amt_change"]


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_row_of_the_swap_set_is_in_one_segment(found: PolicyDiff, dimension: str):
    table = found.by(dimension)
    assert table[dimension].null_count() == 0
    assert sum(table[change].sum() for change in ("gains", "loses", "more", "less")) == len(found.swapped)


def test_the_other_way_round_gains_are_losses(found: PolicyDiff, old: Decider, new: Decider):
    back = compare_policies(new, old)
    mirrored = {"gains": "loses", "loses": "gains", "more": "less", "less": "more"}
    key = ["customer_id", "thing", "item"]
    there = {(*row[:3], mirrored[row[3]]) for row in found.swapped.select(*key, "change").rows()}
    assert {tuple(row) for row in back.swapped.select(*key, "change").rows()} == there


def test_what_is_said_to_change_is_what_a_call_shows_under_each_policy(found: PolicyDiff, old: Decider, new: Decider):
    context = old.context("voice")
    for row in found.swapped.filter(pl.col("thing") == "offer").head(20).to_dicts():
        sides = {}
        for name, side in (("old", old), ("new", new)):
            answer = side.answer(side.decide([row["customer_id"]], context), 0)
            sides[name] = row["item"] in {offer["offer_id"] for offer in answer["offers"]}
        assert sides == {"old": row["change"] == "loses", "new": row["change"] == "gains"}


def test_nothing_is_archived_by_looking(served_home: Home, tmp_path: Path):
    home = Home(tmp_path / "home")
    shutil.copytree(served_home.root, home.root, symlinks=True)
    shutil.rmtree(home.data_dir / "releases" / "archive", ignore_errors=True)
    open_decider(load_settings(home=home.root))
    assert not (home.data_dir / "releases" / "archive").exists()

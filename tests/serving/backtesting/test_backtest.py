"""A release decides on past dates from what was known then, and says where the past cannot answer."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest

from linewise.bank.tables import open_bank
from linewise.core.errors import NotReady, UsageError
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.ledger.store import open_ledger
from serving.backtesting.backtest import Asked, Backtest, backtest
from serving.backtesting.past_decisions import customers_at
from serving.backtesting.report import as_json, page
from serving.backtesting.swaps import HeldBack, OfferSwap, Support, Swap
from serving.backtesting.warnings import NOT_CAUSAL, warnings_of
from serving.scoring.archive import ArchivedRelease, open_archived
from serving.scoring.opening import open_recommender
from tests.cli.test_cli import run

FIRST, LAST = datetime(2025, 8, 31, tzinfo=UTC), datetime(2025, 9, 30, tzinfo=UTC)
SAMPLE = 120


@pytest.fixture(scope="module")
def release(served_home: Home) -> ArchivedRelease:
    desk = open_recommender(load_settings(home=served_home.root))
    return open_archived(served_home, desk.versions.release_id)


def now_of(home: Home) -> datetime:
    until = open_bank(home).manifest.data_until
    assert until is not None
    return until


def looked_back(home: Home, release: ArchivedRelease, asked: Asked) -> Backtest:
    return backtest(open_bank(home), open_ledger(home), release, asked, now_of(home), seed=1)


@pytest.fixture(scope="module")
def made(served_home: Home, release: ArchivedRelease) -> Iterator[Backtest]:
    yield looked_back(served_home, release, Asked(FIRST, LAST, "month", 12, SAMPLE))


def test_every_customer_of_the_sample_is_decided_on_each_date(made: Backtest):
    assert made.decisions == 2 * SAMPLE == sum(swap.decisions for swap in made.credit)
    assert made.cases["as_of"].unique().sort().to_list() == [FIRST, LAST]
    assert made.cases.group_by("as_of", "customer_id").len()["len"].max() == 1
    assert made.cases["granted_amt"].null_count() == 0


def test_the_same_question_gets_the_same_answer(made: Backtest, served_home: Home, release: ArchivedRelease):
    again = looked_back(served_home, release, Asked(FIRST, FIRST, "month", 12, SAMPLE))
    first = made.cases.filter(pl.col("as_of") == FIRST)
    assert again.cases.sort("customer_id").equals(first.sort("customer_id"))


def test_a_later_present_changes_nothing_that_was_decided(made: Backtest, served_home: Home, release: ArchivedRelease):
    """What is decided of a past date depends on that date alone; what became of it may not be known yet."""
    bank, ledger = open_bank(served_home), open_ledger(served_home)
    early = backtest(
        bank, ledger, release, Asked(FIRST, FIRST, "month", 12, SAMPLE), FIRST + timedelta(days=40), seed=1
    )
    columns = ["customer_id", "added_amt", "binding", "pd_12m"]
    first = made.cases.filter(pl.col("as_of") == FIRST).select(columns).sort("customer_id")
    assert early.cases.select(columns).sort("customer_id").equals(first)
    assert early.cases["is_defaulted"].null_count() == SAMPLE


def test_only_customers_of_that_time_are_decided(served_home: Home):
    bank = open_bank(served_home)
    early, late = customers_at(bank, datetime(2023, 12, 31, tzinfo=UTC)), customers_at(bank, now_of(served_home))
    assert 0 < len(early) < len(late)
    assert customers_at(bank, LAST, 5) == customers_at(bank, LAST, 5)
    assert len(customers_at(bank, LAST, 5)) == 5


def test_each_date_stands_beside_the_window_up_to_the_next():
    days = [datetime(2025, month, day, tzinfo=UTC) for month, day in ((1, 31), (2, 28), (3, 31), (4, 30))]
    assert Asked(days[0], days[2], "month", 12).windows() == list(pairwise(days))
    assert Asked(days[0], days[0], "day", 12).windows() == [(days[0], days[0] + timedelta(days=1))]


def test_dates_that_have_not_come_are_refused(served_home: Home, release: ArchivedRelease):
    beyond = now_of(served_home) + timedelta(days=1)
    with pytest.raises(UsageError, match="after the bank's present moment"):
        looked_back(served_home, release, Asked(FIRST, beyond, "month", 12, 5))


def test_a_release_of_other_features_is_refused(
    served_home: Home, release: ArchivedRelease, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("serving.backtesting.backtest.definitions_hash", lambda: "another")
    with pytest.raises(NotReady, match="other feature definitions"):
        looked_back(served_home, release, Asked(FIRST, FIRST, "month", 12, 5))


def a_swap(group: str, decisions: int = 10, observed: int = 10) -> Swap:
    return Swap(group, decisions, decisions, 0, 0, 0, 0, observed, 0)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"absent": frozenset({"limit_changes", "limit_requests"})}, "neither limit_changes nor limit_requests"),
        ({"absent": frozenset({"exposures"})}, "nothing is known of what it offered"),
        ({"absent": frozenset({"statements", "instalments"})}, "no default can be seen"),
        ({"support": Support(100, 40)}, "60 of 100 swap-ins (60%) have no counterpart"),
        ({"offers": [OfferSwap("swap_in", "GOLD", 500, None)]}, "hardly ever showed GOLD"),
        ({"credit": [a_swap("swap_in", observed=4)]}, "For 6 of 10 decisions"),
        ({"span": (FIRST, LAST), "now": LAST - timedelta(days=1)}, "the bank may yet do more"),
        ({"held_back": [HeldBack("offers", "R1", 6)]}, "R1 alone holds back offers in 6 of 10 decisions"),
        ({}, "present books"),
    ],
)
def test_what_the_past_cannot_say_is_said(release: ArchivedRelease, change, said: str):
    asked = {
        "absent": frozenset(), "credit": [a_swap("both")], "offers": [], "support": Support(100, 100), "held_back": [],
        "span": (FIRST, LAST), "now": LAST,
    }  # fmt: skip
    assert any(said in warning for warning in warnings_of(release, **{**asked, **change}))


def test_the_report_is_honest_and_whole(made: Backtest):
    told, shown = json.loads(json.dumps(as_json(made))), page(made)
    assert [one["group"] for one in told["credit"]] == ["both", "swap_in", "swap_out", "neither"]
    assert told["reading"] == NOT_CAUSAL
    held_back = sum(one["decisions"] for one in told["held_back"] if one["what"] == "credit")
    assert held_back == sum(one["decisions"] for one in told["credit"] if one["group"] in {"swap_out", "neither"})
    assert NOT_CAUSAL in shown
    assert all(warning.split(",")[0][:40] in shown.replace("&#39;", "'") for warning in made.warnings)
    assert page(made) == shown


def test_the_command_writes_page_figures_and_cases(served_home: Home, tmp_path):
    out = tmp_path / "out"
    words = ("--from", "2025-09-30", "--to", "2025-09-30", "--sample", "40", "--out", str(out))
    done = run("backtest", *words, "--json", home=served_home)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["decisions"] == 40 == pl.read_parquet(out / "cases.parquet").height
    assert sorted(path.name for path in out.iterdir()) == ["backtest.html", "backtest.json", "cases.parquet"]
    shown = run("backtest", *words[:6], home=served_home)
    assert NOT_CAUSAL in shown.output


def test_a_release_that_is_not_archived_is_named(served_home: Home):
    done = run("backtest", "--from", "2025-09-30", "--to", "2025-09-30", "--release", "0" * 16, home=served_home)
    assert done.exit_code == 1
    assert "is not in the archive" in done.output

"""`linewise features profile`, and the freshness that `features show` tells."""

import json
from pathlib import Path

import pytest

from cli.main import main
from features.catalogue import FEATURES
from linewise.core.home import Home
from tests.cli.test_features import exit_code_of
from tests.features.builders import bank_of, txn
from tests.features.profiling.builders import AN_AMOUNT, JUNE, MAY, a_bank, keep


@pytest.fixture
def two_dates(home: Home) -> Home:
    a_bank(home)
    keep(home, MAY, 50, **{AN_AMOUNT.name: [*range(50)]})
    keep(home, JUNE, 50, **{AN_AMOUNT.name: [*range(40, 90)]})
    return home


def test_a_shift_is_told_and_is_no_failure(two_dates: Home, capsys: pytest.CaptureFixture[str]) -> None:
    main(["features", "profile", "--home", str(two_dates.root)])
    told = capsys.readouterr()
    assert told.out == ""
    assert "Features moved between 2026-05-31 and 2026-06-30" in told.err
    assert "shifted" in told.err
    assert f"{len(FEATURES)} features of 50 customers as of 2026-06-30" in told.err
    assert "0 days old and fresh" in told.err
    page = two_dates.features_dir / "profile-2026-06-30.html"
    assert page.read_text(encoding="utf-8").endswith("</html>")


def test_json_has_the_figures_on_standard_output_alone(
    two_dates: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pages" / "may.html"
    arguments = ["--as-of", "2026-05-31", "--reference", "2026-06-30", "--out", str(out), "--json"]
    main(["features", "profile", *arguments, "--home", str(two_dates.root)])
    figures = json.loads(capsys.readouterr().out)
    assert figures["page"] == str(out)
    assert out.is_file()
    assert figures["current"] == {"as_of": "2026-05-31 00:00:00+00:00", "rows": 50}
    assert (figures["age_days"], figures["freshness"]) == (30, "fresh")
    moved = {one["name"]: one["band"] for one in figures["features"] if one["band"] != "stable"}
    assert moved == {AN_AMOUNT.name: "shifted"}
    assert [one["name"] for one in figures["features"]] == [feature.name for feature in FEATURES]


def test_one_date_alone_is_profiled_and_says_that_nothing_is_compared(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    a_bank(home)
    keep(home, JUNE, 5)
    main(["features", "profile", "--home", str(home.root)])
    assert "nothing is said about shifts" in capsys.readouterr().err


def test_a_page_that_cannot_be_made_leaves_the_former_one(two_dates: Home, capsys: pytest.CaptureFixture[str]) -> None:
    page = two_dates.features_dir / "profile-2026-06-30.html"
    page.write_text("the former page", encoding="utf-8")
    assert exit_code_of(["features", "profile", "--reference", "2020-01-01", "--home", str(two_dates.root)]) == 2
    said = capsys.readouterr().err
    assert "no rows of 2020-01-01" in said
    assert "2026-05-31, 2026-06-30" in said
    assert page.read_text(encoding="utf-8") == "the former page"


def test_a_home_without_rows_says_what_to_run(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of(["features", "profile", "--home", str(home.root)]) == 1
    assert "linewise bank import" in capsys.readouterr().err
    a_bank(home)
    assert exit_code_of(["features", "profile", "--home", str(home.root)]) == 1
    assert "linewise features build" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("now", "age_days", "word", "said"),
    [
        ("2026-07-31", 31, "fresh", "no older than 31 days"),
        ("2026-08-01", 32, "stale", "older than 31 days"),
        ("2026-10-01", 93, "too old", "older than 92 days, and not to be served"),
    ],
)
def test_a_customers_features_say_how_old_they_are(
    home: Home, now: str, age_days: int, word: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bank_of(home, [txn(5)])
    at_home = ["--home", str(home.root)]
    main(["features", "build", *at_home])
    main(["features", "materialize", *at_home])
    capsys.readouterr()
    main(["features", "show", "c1", "--now", now, "--json", *at_home])
    shown = json.loads(capsys.readouterr().out)
    assert (shown["as_of"], shown["age_days"], shown["freshness"]) == ("2026-06-30 00:00:00+00:00", age_days, word)
    main(["features", "show", "c1", "--now", now, *at_home])
    words = " ".join(capsys.readouterr().err.split())
    assert f"as of 2026-06-30 00:00 UTC, {age_days} days ago" in words
    assert f"These features are {word}: {said}" in words

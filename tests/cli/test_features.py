"""`linewise features`, as a person and as a machine call it."""

import json

import pytest

from cli.main import main
from linewise.core.home import Home
from tests.features.builders import bank_of, txn


@pytest.fixture
def at_home(home: Home) -> list[str]:
    """A small bank with one customer; the option that names its home."""
    bank_of(home, [txn(5, 120_00, "transfer_in"), txn(50, 80_00, "purchase")])
    return ["--home", str(home.root)]


def exit_code_of(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return int(str(caught.value.code))


def test_build_materialize_show(at_home: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["features", "build", *at_home])
    main(["features", "materialize", *at_home])
    main(["features", "show", "c1", *at_home])
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Built 1 rows of 1 customers" in captured.err
    assert "The online store holds 1 customers" in captured.err
    assert "The card postings of 1 customers are summed as of 2026-06-30 00:00" in captured.err
    assert "income_mean_amt_6m" in captured.err


def test_json_goes_to_standard_output_alone(at_home: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["features", "build", "--as-of", "2026-05-01", "--as-of", "2026-06-01", "--json", *at_home])
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["as_of_from"]) == (2, "2026-05-01 00:00:00+00:00")
    main(["features", "materialize", "--json", *at_home])
    filled = json.loads(capsys.readouterr().out)
    assert (filled["rows"], filled["card_use"]) == (1, {"customers": 1, "as_of": "2026-06-30 00:00:00+00:00"})
    main(["features", "show", "c1", "--json", *at_home])
    shown = json.loads(capsys.readouterr().out)
    values = {one["name"]: one["value"] for one in shown["features"]}
    assert (shown["customer_id"], values["history_days"], values["tenure_days"]) == ("c1", 21, None)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["build", "--as-of", "2027-01-01"], 2, "nobody knows what comes later"),
        (["build", "--as-of", "soon"], 2, "soon"),
        (["materialize"], 1, "linewise features build"),
        (["show", "nobody"], 1, "'nobody'"),
        (["show", "c1"], 1, "linewise features materialize"),
    ],
)
def test_mistakes_end_with_their_code_and_say_what_to_do(
    at_home: list[str], arguments: list[str], exit_code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of(["features", *arguments, *at_home]) == exit_code
    assert words in capsys.readouterr().err


def test_a_home_without_a_bank_says_how_to_load_one(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of(["features", "build", "--home", str(home.root)]) == 1
    assert "linewise bank import" in capsys.readouterr().err


def test_a_backfill_builds_its_dates_and_is_checked(at_home: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    backfill = ["features", "build", "--from", "2026-04-30", "--to", "2026-06-30", "--every", "month", *at_home]
    main([*backfill, "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["as_of_until"]) == (3, "2026-06-30 00:00:00+00:00")
    main([*backfill, "--check"])
    assert "All 3 rebuilt rows are identical" in capsys.readouterr().err


def test_a_check_that_finds_a_difference_ends_with_the_code_of_bad_data(at_home: list[str]) -> None:
    main(["features", "build", "--as-of", "2026-05-31", *at_home])
    assert exit_code_of(["features", "build", "--as-of", "2026-04-30", "--check", *at_home]) == 4


@pytest.mark.parametrize(
    "given",
    [
        ["--from", "2026-04-30"],
        ["--to", "2026-04-30"],
        ["--from", "2026-04-30", "--to", "2026-05-31", "--as-of", "2026-05-31"],
        ["--from", "2026-05-31", "--to", "2026-04-30"],
    ],
)
def test_a_backfill_without_two_ends_in_order_is_refused(at_home: list[str], given: list[str]) -> None:
    assert exit_code_of(["features", "build", *given, *at_home]) == 2

import json
from datetime import datetime
from pathlib import Path

import pytest

from cli.main import main
from linewise.bank.tables import open_bank
from linewise.core.home import Home
from tests.linewise.bank.builders import (
    a_transaction,
    bytes_below,
    small_tables,
    write_extract,
    write_mapping,
    write_small,
)


@pytest.fixture
def arguments(tmp_path: Path, home: Home) -> list[str]:
    """An import of a small extract into an empty home."""
    mapping, source = write_mapping(tmp_path / "mapping"), write_extract(tmp_path / "extract")
    return ["bank", "import", str(mapping), "--source", str(source), "--home", str(home.root)]


def exit_code_of(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return int(str(caught.value.code))


def test_an_import_and_a_check_end_well(arguments: list[str], home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    main(arguments)
    main(["bank", "check", "--home", str(home.root)])
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "small" in captured.err
    assert open_bank(home).read("customers").num_rows == 2


def test_a_check_tells_what_is_odd_and_kept(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    write_small(home, small_tables(a_transaction(1, category="loyalty"), a_transaction(2, "c2")))
    main(["bank", "check", "--home", str(home.root)])
    told = capsys.readouterr().err
    assert "Odd, and kept" in told
    assert "loyalty, 1" in told


def test_json_goes_to_standard_output_alone(
    arguments: list[str], home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    main([*arguments, "--json", "--now", "2026-07-01"])
    imported = json.loads(capsys.readouterr().out)
    assert imported["rows"] == 2
    assert datetime.fromisoformat(imported["bank"]["imported_at"]).isoformat() == "2026-07-01T00:00:00+00:00"
    main(["bank", "check", "--json", "--home", str(home.root)])
    checked = json.loads(capsys.readouterr().out)
    assert checked["is_clean"] is True
    assert checked["tables"]["customers"]["rows"] == 2


def test_an_extract_that_breaks_the_contract_ends_with_4_and_changes_nothing(
    arguments: list[str], home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(arguments)
    before = bytes_below(home.root)
    write_extract(tmp_path / "extract", "customer_id,born,student\n7,,\n7,,\n")
    assert exit_code_of(arguments) == 4
    assert "customers.customer_id: customer_id occurs more than once; 1 rows" in capsys.readouterr().err
    assert bytes_below(home.root) == before


def test_a_loaded_bank_that_breaks_the_contract_ends_with_4_and_is_still_reported(
    arguments: list[str], home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    main(arguments)
    capsys.readouterr()
    open_bank(home).files("calls")[0].unlink()
    assert exit_code_of(["bank", "check", "--json", "--home", str(home.root)]) == 4
    captured = capsys.readouterr()
    assert json.loads(captured.out)["is_clean"] is False
    assert "calls.file" in captured.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["bank", "import", "berca", "--source", "."], 2, "There is no mapping 'berca'"),
        (["bank", "import", "berka", "--source", "nowhere"], 2, "does not exist"),
        (["bank", "import", "berka"], 2, "--source"),
        (["bank", "quarantine"], 1, "linewise bank import NAME_OR_FOLDER --source DIR"),
        (["bank", "quarantine", "--limit", "-1"], 2, "--limit"),
        (["bank", "check"], 1, "linewise bank import NAME_OR_FOLDER --source DIR"),
    ],
)
def test_a_wrong_call_says_what_was_expected(
    home: Home, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert exit_code_of([*arguments, "--home", str(home.root)]) == code
    assert said in capsys.readouterr().err


@pytest.fixture
def spoilt(home: Home) -> list[str]:
    """`--home` of a bank of which two postings in 202 were put aside."""
    good = [a_transaction(number) for number in range(2, 202)]
    write_small(home, small_tables(*good, a_transaction(0, billing_amt=-5), a_transaction(1, currency="GBP")))
    return ["--home", str(home.root)]


def test_what_was_put_aside_is_shown_with_its_reasons(spoilt: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["bank", "quarantine", *spoilt])
    captured = capsys.readouterr()
    assert captured.out == ""
    for words in (
        "billing_amt is below 0",
        "transactions: 2 of 2 rows",
        "t00000",
        "billing_amt = -5",
        "currency = GBP",
    ):
        assert words in captured.err


def test_what_was_put_aside_is_told_to_machines_whole(spoilt: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["bank", "quarantine", "transactions", "--reason", "exchange rate", "--json", *spoilt])
    told = json.loads(capsys.readouterr().out)
    (table,) = told["tables"]
    assert (told["bank"], table["table"], table["rows"]) == ("small", "transactions", 1)
    assert table["first_rows"][0]["values"]["transaction_id"] == "t00001"


def test_counts_alone_are_shown_where_no_row_is_asked_for(
    spoilt: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["bank", "quarantine", "--limit", "0", *spoilt])
    told = capsys.readouterr().err
    assert "billing_amt is below 0" in told
    assert "t00000" not in told


def test_a_bank_of_which_nothing_was_put_aside_says_so(
    arguments: list[str], home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    main(arguments)
    main(["bank", "quarantine", "--home", str(home.root)])
    assert "small: rows put aside at the import: none" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["tranactions"], 2, "There is no contract table 'tranactions'"),
        (["--reason", "weather"], 1, "There are: billing_amt is below 0"),
    ],
)
def test_what_nobody_put_aside_is_answered_with_what_there_is(
    spoilt: list[str], capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert exit_code_of(["bank", "quarantine", *words, *spoilt]) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["bank"], ["bank", "import"], ["bank", "check"], ["bank", "quarantine"]])
def test_the_help_shows_an_example(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    main([*arguments, "--help"])
    assert "Example:\n    linewise bank " in capsys.readouterr().out

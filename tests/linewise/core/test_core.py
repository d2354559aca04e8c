"""Settings, home, clock, money and files: the ground that every room stands on."""

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.core import errors
from linewise.core.clock import BankClock, as_utc
from linewise.core.errors import Conflict, LinewiseError, SettingsInvalid
from linewise.core.files import folder_written_whole, sha256_of, written_whole
from linewise.core.formatters import show_date, show_money, show_percent
from linewise.core.home import Home
from linewise.core.money import minor_units, to_major, to_minor
from linewise.core.settings import child_environment, load_settings
from linewise.core.settings_page import explained_settings, initialise_home

MOMENT = datetime(1998, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "amount_amt"),
    [
        ("0", "CNY", 0),
        ("1234.56", "CNY", 123456),
        ("1234.565", "CNY", 123456),  # halves to even
        ("1234.575", "CNY", 123458),
        ("-0.005", "CNY", 0),
        ("-0.015", "CNY", -2),
        ("7.5", "JPY", 8),
        ("6.5", "JPY", 6),
        ("1.2345", "KWD", 1234),
    ],
)
def test_an_amount_becomes_whole_minor_units_of_its_currency(amount: str, currency: str, amount_amt: int):
    assert to_minor(amount, currency) == amount_amt


@given(st.integers(-(10**15), 10**15), st.sampled_from(["JPY", "CNY", "CZK", "KWD"]))
def test_an_amount_survives_the_way_to_major_units_and_back(amount_amt: int, currency: str):
    assert to_minor(to_major(amount_amt, currency), currency) == amount_amt


def test_each_currency_has_its_own_decimals():
    assert [minor_units(one) for one in ("JPY", "CNY", "CZK", "KWD")] == [0, 2, 2, 3]
    assert to_major(5, "KWD") == Decimal("0.005")


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (show_money(123450, "CNY", "zh-CN"), "¥1,234.50"),
        (show_money(123450, "CNY", "en"), "CN¥1,234.50"),
        (show_percent(0.1303, "zh-CN"), "13.03%"),
        (show_percent(0.5, "en", decimals=0), "50%"),
        (show_date(date(2026, 8, 1), "zh-CN"), "2026年8月1日"),
        (show_date(date(2026, 8, 1), "en"), "August 1, 2026"),
    ],
)
def test_a_person_reads_amounts_shares_and_dates_in_their_language(shown: str, expected: str):
    assert shown == expected


def test_the_bank_clock_stands_at_the_end_of_a_historical_extract(tmp_path: Path):
    assert load_settings(home=tmp_path).bank_clock(MOMENT).now() == MOMENT


def test_the_bank_clock_runs_with_the_wall_where_the_data_are_live(tmp_path: Path):
    wall = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert BankClock(wall=lambda: wall).now() == wall
    assert load_settings(home=tmp_path, clock="wall").bank_clock(MOMENT).fixed_at is None


def test_a_moment_given_on_the_command_line_wins_over_the_end_of_the_data(tmp_path: Path):
    now = datetime(1997, 6, 30, tzinfo=UTC)
    assert load_settings(home=tmp_path, now=now).bank_clock(MOMENT).now() == now


def test_a_time_without_a_zone_is_utc():
    assert as_utc(datetime(2026, 1, 1)) == datetime(2026, 1, 1, tzinfo=UTC)  # noqa: DTZ001  that is the case


def test_the_call_wins_over_the_environment_and_that_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "linewise.toml").write_text('language = "en"\nport = 4000\nworkers = 3\n', encoding="utf-8")
    monkeypatch.setenv("LINEWISE_PORT", "4001")
    monkeypatch.setenv("LINEWISE_WORKERS", "2")
    settings = load_settings(home=tmp_path, workers=1)
    assert (settings.language, settings.port, settings.workers) == ("en", 4001, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"port": 0}, "port"),
        ({"language": "fr"}, "language"),
        ({"seed": -1}, "seed"),
        ({"profile": "production"}, "wall clock"),
        ({"profile": "production", "clock": "wall", "now": MOMENT}, "wall clock"),
        ({"packs": []}, "packs"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_impossible_settings_are_refused_by_name(tmp_path: Path, given: dict, said: str):
    with pytest.raises(SettingsInvalid, match=said):
        load_settings(home=tmp_path, **given)


def test_a_child_process_gets_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = load_settings(home=tmp_path, language="en", now=MOMENT, seed=7, packs=["eu", "bank"])
    for name, value in child_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings


def test_a_new_home_explains_each_setting_and_can_be_read(home: Home):
    path = initialise_home(home)
    text = path.read_text(encoding="utf-8")
    names = set(type(load_settings()).model_fields) - {"home"}
    assert all(f"# {name} =" in text for name in names)
    assert load_settings(home=home.root).port == 3000
    assert text == explained_settings()


def test_a_home_with_settings_is_not_overwritten(home: Home):
    path = initialise_home(home)
    path.write_text("port = 5\n", encoding="utf-8")
    with pytest.raises(Conflict, match=r"linewise\.toml"):
        initialise_home(home)
    assert path.read_text(encoding="utf-8") == "port = 5\n"


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path):
    target = tmp_path / "kept.txt"
    target.write_text("before", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), written_whole(target) as draft:
        draft.write_text("half", encoding="utf-8")
        raise ZeroDivisionError
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path):
    target = tmp_path / "bank"
    with folder_written_whole(target) as draft:
        (draft / "a").write_text("1", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), folder_written_whole(target) as draft:
        (draft / "b").write_text("2", encoding="utf-8")
        raise ZeroDivisionError
    assert [path.name for path in target.iterdir()] == ["a"]
    assert [path.name for path in tmp_path.iterdir()] == ["bank"]
    assert len(sha256_of(target / "a")) == 64


@pytest.mark.parametrize("kind", errors.__all__)
def test_an_error_of_another_process_arrives_as_it_was(kind: str):
    # Most are made from other things than their message.
    error = getattr(errors, kind).__new__(getattr(errors, kind), "Told.")
    error.__dict__.update(given="Told.", line=3)
    arrived = pickle.loads(pickle.dumps(error))
    assert (type(arrived), str(arrived), arrived.__dict__) == (type(error), "Told.", {"given": "Told.", "line": 3})


def test_every_error_has_a_status_an_exit_code_and_says_what_to_do_next():
    kinds = [getattr(errors, name) for name in errors.__all__]
    assert all(issubclass(kind, LinewiseError) for kind in kinds)
    assert {kind.exit_code for kind in kinds} == {1, 2, 3, 4, 5, 6}
    assert {kind.http_status for kind in kinds} <= {401, 403, 404, 409, 410, 422, 429, 500, 503, 507}
    told = str(LinewiseError("Three were given.", "Two were expected.", "Give two."))
    assert told == "Three were given. Two were expected. Give two."

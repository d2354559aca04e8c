"""`linewise bank simulate`: a bank in the home, or a report and a picture and no bank."""

import json
from pathlib import Path
from typing import get_args

import pytest

from cli.bank_simulate import COUNTRIES, DEFAULTS, WORLD_NAMES
from linewise.bank.tables import open_bank
from linewise.core.home import Home
from linewise.simulation.profile import Country
from linewise.simulation.report import calibration
from linewise.simulation.world import World, WorldName
from tests.cli.test_cli import run

SMALL = ("bank", "simulate", "--customers", "120", "--months", "3")


def test_help_offers_what_a_world_can_be():
    assert get_args(Country) == COUNTRIES
    assert get_args(WorldName) == WORLD_NAMES
    assert {name: World.model_fields[name].default for name in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--customers", "0"), "1 to 10,000,000"),
        (("--customers", "10000001"), "1 to 10,000,000"),
        (("--months", "1"), "2 to 60"),
        (("--months", "61"), "2 to 60"),
        (("--seed", "-1"), "0 to 2^63 - 1"),
        (("--hidden-confounding", "3"), "hidden_confounding"),
        (("--exploration", "0.9"), "exploration_ratio"),
        (("--country", "fr"), "cn"),
        (("--world", "mars"), "thin-margin"),
        (("--workers", "0"), "1<=x<=64"),
    ],
)
@pytest.mark.parametrize("mode", [(), ("--report",)])
def test_impossible_numbers_are_refused_with_the_allowed_range(home: Home, wrong, said: str, mode):
    done = run(*SMALL, *wrong, *mode, home=home)
    assert done.exit_code == 2, done.output
    assert said in done.stderr
    assert not home.bank_dir.exists()


def test_a_simulated_bank_is_the_bank_of_the_home(home: Home):
    done = run(*SMALL, "--seed", "7", "--json", home=home)
    assert done.exit_code == 0, done.output
    manifest = json.loads(done.stdout)
    assert manifest["name"] == "simulated-cn-base-120x3-7"
    assert open_bank(home).read("customers").num_rows == 120


def test_a_bank_that_stands_is_replaced_only_when_asked(home: Home):
    assert run(*SMALL, home=home).exit_code == 0
    first = open_bank(home).manifest.data_hash
    refused = run(*SMALL, "--seed", "2", home=home)
    assert (refused.exit_code, "--overwrite" in refused.stderr) == (1, True)
    assert open_bank(home).manifest.data_hash == first
    assert run(*SMALL, "--seed", "2", "--overwrite", home=home).exit_code == 0
    assert open_bank(home).manifest.data_hash != first


def test_a_report_and_a_picture_write_no_bank(home: Home, tmp_path: Path):
    picture = tmp_path / "bank.png"
    done = run(*SMALL, "--report", "--plot", str(picture), "--json", home=home)
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert all(row["source"] for row in report["rows"])
    assert not report["is_judged"]
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not home.bank_dir.exists()


def test_a_person_reads_each_figure_beside_the_published_one(home: Home):
    done = run(*SMALL, "--report", home=home)
    assert (done.exit_code, done.stdout) == (0, "")
    for words in ("published", "simulated ± SE", "Gross and", "naive", "Published, and not compared", "too few to"):
        assert words in done.stderr


def test_a_figure_out_of_range_ends_with_3_where_enough_customers_are_judged(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    judged_from, errors = 100, 0.0
    monkeypatch.setattr(calibration, "JUDGED_FROM", judged_from)
    monkeypatch.setattr(calibration, "_STANDARD_ERRORS", errors)
    done = run(*SMALL, "--report", "--json", home=home)
    report = json.loads(done.stdout)
    out = [row["id"] for row in report["rows"] if row["is_in_range"] is False]
    assert report["is_judged"]
    assert out  # without the allowance of three standard errors, so few customers cannot hold every figure
    assert done.exit_code == 3
    assert all(name in done.stderr for name in out)

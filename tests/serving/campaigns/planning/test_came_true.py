"""A plan says whether the probabilities that it goes by came true, where the model's own report tells it."""

import json
import shutil
from pathlib import Path

from linewise.core.home import Home
from linewise.core.settings import Settings
from serving.campaigns.planning.came_true import calibration_of
from serving.scoring.registry import REPORT, local_release


def test_the_bands_are_those_of_the_report_of_the_take_up_model_that_serves(planning: Settings):
    release = local_release(planning.paths)
    assert release is not None
    model = release.models["offer_take_up"]
    told = json.loads((model.folder / REPORT).read_text(encoding="utf-8"))["model"]["calibration"]["cells"]
    found = calibration_of(planning.paths)
    assert [one["expected_ratio"] for one in found] == [one["expected"] for one in told if one["by"] == "band"]
    assert {one["model"] for one in found} == {f"offer_take_up {model.version}"}
    assert all(one["low_ratio"] <= one["observed_ratio"] <= one["high_ratio"] for one in found)


def test_a_release_pulled_before_reports_were_kept_has_none_and_serves_all_the_same(planning: Settings, tmp_path: Path):
    home = Home(tmp_path)
    shutil.copytree(planning.paths.releases_dir, home.releases_dir, ignore=shutil.ignore_patterns(REPORT, "archive"))
    assert local_release(home) is not None
    assert calibration_of(home) == []


def test_a_home_without_a_release_has_none(tmp_path: Path):
    assert calibration_of(Home(tmp_path)) == []

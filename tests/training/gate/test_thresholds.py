from pathlib import Path

import pytest

from linewise.core.errors import SettingsInvalid
from training.gate.thresholds import CHECKS, STANDARD, Bound, load_thresholds

TEXT = STANDARD.read_text(encoding="utf-8")


def test_the_standard_file_bounds_every_check():
    found = load_thresholds(None)
    assert set(found.checks) == set(CHECKS)
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("auc_loss:", "auc_gain:", "auc_gain"),
        ("  auc_loss: {at_most: 0.005}\n", "", "no bound for auc_loss"),
        ("auc_loss: {at_most: 0.005}", "auc_loss: {}", "at_least, at_most or both"),
        ("{at_least: 0.95, at_most: 1.05}", "{at_least: 1.05, at_most: 0.95}", "lies above"),
        ("calibration_test_p: 0.01", "calibration_test_p: 0.7", "calibration_test_p"),
        ("needed_in: [production]}", "needed_in: [prod]}", "needed_in"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, words: str):
    assert old in TEXT
    path = tmp_path / "gate.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsInvalid) as caught:
        load_thresholds(path)
    assert "gate.yaml line" in str(caught.value)
    assert words in str(caught.value)


def test_a_file_that_is_not_there_says_so(tmp_path: Path):
    with pytest.raises(SettingsInvalid, match="is not there"):
        load_thresholds(tmp_path / "none.yaml")


@pytest.mark.parametrize(("value", "holds"), [(0.899, False), (0.9, True), (1.0, True), (1.1, True), (1.101, False)])
def test_both_ends_of_a_bound_are_within_it(value: float, holds: bool):
    bound = Bound(at_least=0.9, at_most=1.1)
    assert bound.holds(value) is holds
    assert str(bound) == "at least 0.9 and at most 1.1"

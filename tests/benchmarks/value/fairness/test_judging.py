"""A small world is judged whole: ratios lie between none and all alike, and the bonus is the same for everybody."""

import pytest

from benchmarks.value.fairness import judging
from benchmarks.value.fairness.judging import NAMES, judged


def test_a_small_world_is_judged_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "AUDIT_COUNT", 3_000)
    figures = judged("base", 12_000, 2_000, seed=3)
    for when in ("before", "after"):
        for name in NAMES:
            low, ratio, high = (figures[f"{when} {name} {what}"] for what in ("low", "ratio", "high"))
            assert 0.0 <= low <= ratio <= high <= 1.0
            assert figures[f"{when} {name} gap"] >= 0.0
    assert figures["bonus"] >= 0.0
    assert figures["raised_fairly"] >= figures["raised"] > 0.0

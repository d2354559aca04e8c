"""Whether what a plan goes by came true on a later time: the bands of the take-up model's own evaluation report."""

import json
from typing import Any

from linewise.core.home import Home
from serving.scoring.registry import REPORT, ModelFiles, local_release
from serving.scoring.scorers import TAKE_UPS

__all__ = ["calibration_of"]


def calibration_of(home: Home) -> list[dict[str, Any]]:
    """The bands of the take-up model that serves, the least likely first.

    None where its version was registered without a report, or was pulled before reports were kept.
    """
    release = local_release(home)
    if release is None:
        return []
    name = next((one for one in TAKE_UPS if one in release.models), None)
    return [] if name is None else _bands(release.models[name])


def _bands(model: ModelFiles) -> list[dict[str, Any]]:
    path = model.folder / REPORT
    if not path.is_file():
        return []
    cells = json.loads(path.read_text(encoding="utf-8"))["model"]["calibration"]["cells"]
    return [
        {
            "model": f"{model.name} {model.version}",
            "expected_ratio": cell["expected"],
            "observed_ratio": cell["observed"]["value"],
            "low_ratio": cell["observed"]["low"],
            "high_ratio": cell["observed"]["high"],
            "row_count": cell["row_count"],
        }
        for cell in cells
        if cell["by"] == "band"
    ]

"""Another registered version of a model that a home holds already, made without a training."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from linewise.core.home import Home
from training.tracking import EVALUATION_FILE, MODEL_FOLDER, Registry, RunRecord, Version

Change = Callable[[dict[str, Any]], None]


def riskier(spec: dict[str, Any]) -> None:
    """Log-odds of all customers a tenth higher."""
    spec["calibration"]["intercept"] += 0.1


def second_version(home: Home, name: str, change: Change = riskier) -> Version:
    """The champion's files, its spec changed, registered as the next version, challenger of nobody."""
    from serving.scoring.registry import fetch_release

    champion = Registry(home).champion(name)
    assert champion is not None
    files = fetch_release(home).models[name]
    with TemporaryDirectory() as made:
        folder = Path(made)
        shutil.copytree(files.folder, folder / MODEL_FOLDER)
        spec = json.loads((folder / MODEL_FOLDER / "spec.json").read_text(encoding="utf-8"))
        change(spec)
        (folder / MODEL_FOLDER / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
        evaluation = Registry(home).evaluation(champion)
        (folder / EVALUATION_FILE).write_text(evaluation.model_dump_json(), encoding="utf-8")
        return Registry(home).register(RunRecord(name, folder, {}, {}, dict(champion.tags)))

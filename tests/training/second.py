"""Another registered version of a model that a home holds already, made without a training."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from linewise.core.home import Home
from training.gate.checking import GATE_FILE, GateReport
from training.gate.thresholds import Profile, load_thresholds
from training.run_record import RUN_FILE
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
        run = Registry(home).text_of(champion, RUN_FILE)
        if run is not None:
            (folder / RUN_FILE).write_text(run, encoding="utf-8")
        evaluation = Registry(home).evaluation(champion)
        (folder / EVALUATION_FILE).write_text(evaluation.model_dump_json(), encoding="utf-8")
        return Registry(home).register(RunRecord(name, folder, {}, {}, dict(champion.tags)))


def let_pass(home: Home, name: str, version: int, profile: Profile = "embedded") -> None:
    """Keep it with the version that it passed the standard gate, for tests of what comes behind the gate."""
    thresholds, chosen = load_thresholds(None), Registry(home).version(name, version)
    report = GateReport(
        name=name,
        version=version,
        artefact_sha256=chosen.artefact_sha256,
        at=datetime.now(UTC),
        profile=profile,
        thresholds=thresholds.version,
        thresholds_sha256=thresholds.sha256,
        checks=(),
    )
    Registry(home).put_text(chosen, GATE_FILE, report.model_dump_json())

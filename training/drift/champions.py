"""Champions read back from the registry, to score rows that they have never seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

from training.artefact import MODEL_FILE, SPEC_FILE
from training.banded import BandedSlope
from training.calibration import Calibration
from training.fitting import FittedModel
from training.specs import SPECS
from training.tracking import Registry, Version

__all__ = ["Loaded", "champions_of"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A champion with its specification as served."""

    registered: Version
    spec: Mapping[str, Any]
    booster: lgb.Booster

    @property
    def name(self) -> str:
        """The model's name."""
        return self.registered.name

    @property
    def version(self) -> int:
        """The version in the registry."""
        return self.registered.version

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The inputs that are features of a customer."""
        return tuple(self.spec["feature_names"])

    @property
    def fitted(self) -> FittedModel:
        """As training scores with it; of a probability alone."""
        calibration, dose = self.spec["calibration"], self.spec["dose"] or {}
        return FittedModel(
            self.booster,
            Calibration(
                calibration["intercept"],
                calibration["slope"],
                dose.get("slope", 0.0),
                top_ratio=calibration.get("top_ratio", 0.0),
                centre=calibration.get("centre", 0.0),
            ),
            dose.get("minimum_scale_amt"),
            slope=BandedSlope.told(dose),
            bend_ratio=dose.get("bend_ratio", 1.0),
        )

    def margins(self, values: Mapping[str, Floats]) -> Floats:
        """The raw score, (n_customers,), of features by name; what is asked of an offer stays missing."""
        rows = np.column_stack([values[name] for name in self.feature_names])
        unknown = np.full((len(rows), len(self.spec["offer_attributes"])), np.nan)
        found = self.booster.predict(np.hstack([rows, unknown]), raw_score=True, num_threads=1)
        return np.asarray(found, dtype=np.float64)


def champions_of(registry: Registry) -> list[Loaded]:
    """Every champion of the registry, in the order of the specs."""
    found = []
    for name in SPECS:
        version = registry.champion(name)
        if version is not None:
            folder = registry.model_folder(version)
            spec = json.loads((folder / SPEC_FILE).read_text(encoding="utf-8"))
            found.append(Loaded(version, spec, lgb.Booster(model_file=str(Path(folder) / MODEL_FILE))))
    return found

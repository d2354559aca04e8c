"""What each model of one training learns from, looked at before anything is fitted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import pandas as pd

from linewise.bank.tables import Bank
from linewise.core.errors import DataCheckFailed
from linewise.core.settings import Settings
from training.dataset import Dataset, ShowingDataset, build_dataset, enforce_learnable, read_frames
from training.effects.censoring import uncensored
from training.input_checks import InputChecks, check_inputs
from training.labels import Labels
from training.ripeness import enforce_ripe
from training.sources import LabelSources
from training.specs import ModelSpec

__all__ = ["Learnable", "learnables"]

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Learnable:
    """Rows that a model can learn from. customer_ids: of the numbers in `data.groups`, the judge of groups' alone."""

    spec: ModelSpec
    data: Dataset
    checks: InputChecks
    customer_ids: tuple[str, ...]


def learnables(
    settings: Settings, bank: Bank, specs: Sequence[ModelSpec], *, is_named: bool
) -> tuple[list[Learnable], dict[str, DataCheckFailed]]:
    """What each model learns from, and of those that the bank cannot teach the reason.

    Raises DataCheckFailed where a named model cannot be taught, and where none can: a table is absent or ends before
    the label's window does, a label is too rare, no input varies, or one predicts too well alone.
    """
    sources = LabelSources(settings, bank)
    skipped: dict[str, DataCheckFailed] = {}

    def tried(spec: ModelSpec, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except DataCheckFailed as err:
            if is_named:
                raise
            skipped[spec.name] = err
            return None

    labelled = [
        (spec, labels) for spec in specs if (labels := tried(spec, partial(_labels, sources, bank, spec))) is not None
    ]
    if not labelled:
        raise next(iter(skipped.values()))
    frames = read_frames(settings.paths, [labels for _, labels in labelled])
    found = [
        one
        for (spec, labels), frame in zip(labelled, frames, strict=True)
        if (one := tried(spec, partial(_learnable, spec, labels, frame))) is not None
    ]
    if not found:
        raise next(iter(skipped.values()))
    return found, skipped


def _labels(sources: LabelSources, bank: Bank, spec: ModelSpec) -> Labels:
    """The labels; what can be told to be wrong before any feature is built is refused here."""
    labels = sources.labels(spec)
    if spec.kind == "probability":
        enforce_learnable(spec.name, labels.y, labels.customer_id)
    enforce_ripe(spec, labels, bank)
    return labels


def _learnable(spec: ModelSpec, labels: Labels, frame: pd.DataFrame) -> Learnable:
    data = build_dataset(spec, labels, frame)
    if isinstance(data, ShowingDataset):
        data = uncensored(data, spec)
    return Learnable(spec, data, check_inputs(spec, data), tuple(dict.fromkeys(labels.customer_id)))

"""What a training would learn from, without fitting or registering anything."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from linewise.bank.tables import open_bank
from linewise.core.settings import Settings
from training.learnable import learnables
from training.run_record import Snapshot, config_hash_of, snapshot_of
from training.specs import chosen_specs

__all__ = ["PlannedModel", "PlannedTraining", "planned_training"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class PlannedModel(_Frozen):
    """One model that could be trained: its rows, and the hashes by which a run would be known."""

    name: str
    row_count: int
    positive_count: int
    customer_count: int
    input_count: int
    data_hash: str
    config_hash: str


class PlannedTraining(_Frozen):
    """What would be trained from which bank, and what could not, with the reason."""

    seed: int
    snapshot: Snapshot
    models: tuple[PlannedModel, ...]
    skipped: dict[str, str]


def planned_training(settings: Settings, names: Sequence[str] = (), overrides: Sequence[str] = ()) -> PlannedTraining:
    """Labels, features and checks of a training, and nothing more; the feature rows of its cases are built.

    Raises what `training.retraining.train` raises before it fits.
    """
    specs = chosen_specs(names, overrides)
    found, skipped = learnables(settings, open_bank(settings.paths), specs, is_named=bool(names))
    return PlannedTraining(
        seed=settings.seed,
        snapshot=snapshot_of(settings.paths),
        models=tuple(
            PlannedModel(
                name=one.spec.name,
                row_count=len(one.data.y),
                positive_count=int(one.data.y.sum()),
                customer_count=len(one.customer_ids),
                input_count=len(one.data.inputs),
                data_hash=one.data.data_hash,
                config_hash=config_hash_of(one.spec, settings.seed),
            )
            for one in found
        ),
        skipped={name: str(err) for name, err in skipped.items()},
    )

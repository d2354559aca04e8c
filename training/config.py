"""The settings of a training in a file, so that it can be kept beside code and run again."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from linewise.core.errors import UsageError
from linewise.core.yaml_lines import read_yaml_as

__all__ = ["TrainConfig", "load_train_config"]


class TrainConfig(BaseModel):
    """Which models are trained with which fields of their specs, and by which seed (None: the settings')."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: Annotated[int, Field(ge=0)] | None = None
    models: dict[str, dict[str, bool | int | float | str]] = Field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The models that it names; empty stands for all."""
        return tuple(self.models)

    @property
    def overrides(self) -> tuple[str, ...]:
        """Its fields as the command line would spell them: MODEL.KEY=VALUE."""
        return tuple(f"{name}.{key}={value}" for name, fields in self.models.items() for key, value in fields.items())


def load_train_config(path: Path | None) -> TrainConfig:
    """The file's settings (None: none); raises UsageError with file and line where it cannot be read."""
    if path is None:
        return TrainConfig()
    if not path.is_file():
        raise UsageError(f"The file {path} is not there.", "A file of training settings was expected.")
    return read_yaml_as(path, TrainConfig, UsageError)

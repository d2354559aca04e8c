"""Policy files read strictly, each mistake reported with file and line."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from linewise.core.errors import PolicyInvalid
from linewise.core.yaml_lines import line_in, read_yaml_as

__all__ = ["Model", "Strict", "invalid_at", "load_checked"]


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


def invalid_at(path: Path, loc: Sequence[str | int], problem: str, expected: str = "") -> PolicyInvalid:
    """The error for one place of a policy file that was read without one."""
    line = line_in(path, loc)
    given, next_step = f"{path} line {line}: {problem}", "Mend the line named and run the command again."
    return PolicyInvalid(given, expected, next_step, line=line, problem=problem)


def load_checked(path: Path, model: type[Model]) -> Model:
    """Read one file of a policy folder into `model`.

    Raises PolicyInvalid naming file, line, what was given and what was expected.
    """
    if not path.is_file():
        raise PolicyInvalid(
            f"The policy file {path} is missing.",
            f"A policy folder holds {path.name}.",
            "Copy the standard policy folder and change the copy.",
        )
    return read_yaml_as(path, model, PolicyInvalid)

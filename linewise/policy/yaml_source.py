"""YAML files read strictly: unknown or doubled keys and wrong values are reported with file and line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from linewise.core.errors import PolicyInvalid

__all__ = ["Strict", "invalid_at", "load_checked"]

Location = tuple[str | int, ...]


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)


def invalid_at(path: Path, line: int, problem: str, expected: str = "") -> PolicyInvalid:
    """The error for one place of a policy file."""
    return PolicyInvalid(f"{path.name}:{line}: {problem}.", expected, f"Mend {path} and run the command again.")


def _places(node: yaml.Node, at: Location, path: Path) -> Iterator[tuple[Location, int]]:
    """Every place of the document with its line; doubled keys are refused on the way."""
    yield at, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise invalid_at(path, key.start_mark.line + 1, f"the key {key.value!r} stands twice")
            seen.add(key.value)
            yield from _places(value, (*at, key.value), path)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield from _places(value, (*at, i), path)


def _line_of(location: Location, lines: dict[Location, int]) -> int:
    """The line of a place, or of the nearest one around it (a missing key has no line of its own)."""
    while location not in lines and location:
        location = location[:-1]
    return lines.get(location, 1)


def load_checked(path: Path, model: type[Model]) -> Model:
    """Read one file into `model`.

    Raises PolicyInvalid naming file, line, what was given and what was expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        data: Any = yaml.safe_load(text)
    except FileNotFoundError as err:
        raise PolicyInvalid(
            f"The policy file {path} is missing.",
            f"A policy folder holds {path.name}.",
            "Copy the standard policy folder and change the copy.",
        ) from err
    except yaml.YAMLError as err:
        line = err.problem_mark.line + 1 if isinstance(err, yaml.MarkedYAMLError) and err.problem_mark else 1
        raise invalid_at(path, line, "this is not YAML") from err
    lines = dict(_places(root, (), path)) if root is not None else {}
    try:
        return model.model_validate(data)
    except ValidationError as err:
        first = err.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        problem = f"{place}: {first['msg']} (given {first['input']!r:.80})"
        raise invalid_at(path, _line_of(first["loc"], lines), problem) from err

"""YAML files read into strict models, so that every mistake is reported with its file and line."""

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from linewise.core.errors import LinewiseError

__all__ = ["YamlDocument", "line_in", "read_yaml_as"]

Model = TypeVar("Model", bound=BaseModel)


def read_yaml_as(path: Path, model: type[Model], error: type[LinewiseError]) -> Model:
    """The file's content as a `model`.

    Raises `error`, naming file and line, where the YAML cannot be read, a key occurs twice, a key is
    unknown or a value is not what the model asks for.
    """
    try:
        root = _compose(path)
        return model.model_validate(_plain(root))
    except yaml.MarkedYAMLError as err:
        line = err.problem_mark.line + 1 if err.problem_mark else 1
        raise error(f"{path} line {line}: {err.problem or err.context}.", "Readable YAML was expected.") from err
    except ValidationError as err:
        told = "; ".join(
            f"{path} line {_line_of(root, one['loc'])}: {_spelled(one['loc'])}: {_said(one)}" for one in err.errors()
        )
        raise error(f"{told}.", "Mend the lines named and run the command again.") from err


class YamlDocument:
    """A file that is looked at piece by piece, so that one mistake does not hide the next.

    Raises yaml.MarkedYAMLError where the YAML itself cannot be read or a key occurs twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._root = _compose(path)
        self.plain: Any = _plain(self._root)

    def line(self, loc: Sequence[str | int]) -> int:
        """The line of a place in the file, or of the deepest part of it on the way."""
        return _line_of(self._root, loc)

    def read(
        self, part: Any, at: Sequence[str | int], model: type[Model]
    ) -> tuple[Model | None, list[tuple[int, str]]]:
        """The part of the file that stands at `at`, as a model; None and its mistakes, with their lines, if any."""
        try:
            return model.model_validate(part), []
        except ValidationError as err:
            places = [((*at, *one["loc"]), one) for one in err.errors()]
            return None, [(self.line(loc), f"{_spelled(one['loc'])}: {_said(one)}") for loc, one in places]


def line_in(path: Path, loc: Sequence[str | int]) -> int:
    """The line of a place in a file that was read before, for a mistake that only shows later."""
    return _line_of(_compose(path), loc)


# libyaml reads a policy in a tenth of a second, PyYAML's own parser, which is there where that is not, in a whole one.
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _compose(path: Path) -> yaml.Node:
    loader = _PARSER(path.read_text(encoding="utf-8"))
    try:
        root: yaml.Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    if root is None:
        raise yaml.MarkedYAMLError(problem="the file is empty")
    _refuse_twins(root)
    return root


def _refuse_twins(node: yaml.Node) -> None:
    # PyYAML lets the last of two equal keys win in silence: a column described twice would lose one.
    if isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} occurs twice", problem_mark=key.start_mark)
            seen.add(key.value)
            _refuse_twins(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_twins(value)


def _plain(root: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_document(root)
    finally:
        loader.dispose()


def _line_of(root: yaml.Node, loc: Sequence[str | int]) -> int:
    """The line of the deepest part of the file on the way that the model's error names."""
    node, line = root, root.start_mark.line
    for step in loc:
        entries = node.value if isinstance(node, yaml.MappingNode | yaml.SequenceNode) else []
        if isinstance(node, yaml.MappingNode):
            # A mapping of named columns is a sequence to the model: position n is the n-th key.
            named = [(key, value) for key, value in entries if key.value == step]
            found = entries[step : step + 1] if isinstance(step, int) else named
        else:
            found = [(value, value) for value in entries[step : step + 1]] if isinstance(step, int) else []
        if not found:
            break
        key, node = found[0]
        line = key.start_mark.line
    return line + 1


def _spelled(loc: Sequence[str | int]) -> str:
    return ".".join(str(step) for step in loc) or "the file"


def _said(problem: Any) -> str:
    if problem["type"] == "extra_forbidden":
        return "this key is unknown"
    if problem["type"] == "missing":
        return "this key is missing"
    return f"{problem['msg']} (given {problem['input']!r})"

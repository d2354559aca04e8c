"""A campaign, a promotion, a screen or a bank as somebody describes it in a file, for the rules to judge."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from linewise.decisioning.columns import RULE_COLUMNS
from linewise.policy.rules import vocabulary
from linewise.policy.scopes import CheckedScope
from linewise.policy.yaml_source import Strict, invalid_at, load_checked

__all__ = ["Described", "columns_described"]


class Described(Strict):
    """What is told of one thing: its scope, its name, and its columns by the names of the register."""

    scope: CheckedScope
    name: Annotated[str, Field(min_length=1)]
    facts: dict[str, bool | float | str]


def columns_described(path: Path) -> tuple[Described, Mapping[str, NDArray[Any]]]:
    """The description and its columns, each (1,); what it does not tell is not among them.

    Raises PolicyInvalid, with file and line, for a column that rules of the scope cannot name, and for a
    value of another kind: flags are true or false, numbers numbers, texts texts.
    """
    described = load_checked(path, Described)
    names = vocabulary(described.scope)
    columns: dict[str, NDArray[Any]] = {}
    for name, value in described.facts.items():
        place = ("facts", name)
        if name not in names:
            similar = ", ".join(_similar(name, names)) or ", ".join(sorted(names))
            problem = f"{name!r} is nothing that a rule asks of a {described.scope}."
            raise invalid_at(path, place, problem, f"Such as: {similar}.")
        if not _fits(value, names[name]):
            meaning = RULE_COLUMNS[name].meaning
            raise invalid_at(path, place, f"{name} is {value!r}.", f"A {names[name]} was expected: {meaning}.")
        columns[name] = np.array([value if isinstance(value, str) else float(value)])
    return described, columns


def _fits(value: bool | float | str, kind: str) -> bool:
    if kind == "text":
        return isinstance(value, str)
    if kind == "flag":
        return isinstance(value, bool)
    return isinstance(value, float | int) and not isinstance(value, bool)


def _similar(name: str, names: Mapping[str, str]) -> list[str]:
    words = set(name.split("_"))
    return [one for one in sorted(names) if words & set(one.split("_"))][:5]

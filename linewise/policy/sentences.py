"""The sentences an agent may say: reasons by code, what a constraint means, which inputs they speak for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from linewise.policy.catalogue import Sentences
from linewise.policy.yaml_source import Strict, invalid_at, load_checked

__all__ = ["ReasonBook", "ReasonsFile", "load_reasons"]


class _Reason(Strict):
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    inputs: Annotated[list[str], Field(min_length=1)]
    raises: Sentences
    lowers: Sentences
    take_up: Sentences


class _Constraint(Strict):
    code: str
    text: Sentences


class _Change(Strict):
    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    cures: Annotated[list[str], Field(min_length=1)]
    text: Sentences


class ReasonsFile(Strict):
    """The shape of reasons.yaml."""

    version: str
    reasons: list[_Reason]
    constraints: list[_Constraint]
    changes: list[_Change] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReasonBook:
    """Input name to reason code, and the sentences of each code.

    against, in_favour: of the default score (what raised or lowered the risk); take_up: why this offer;
    constraints: what bound a limit or took an offer away where no rule did. change_of: a reason, constraint or
    rule to the code of what would change the answer; changes: what is said of it.
    """

    version: str
    code_of: Mapping[str, str]
    against: Mapping[str, Sentences]
    in_favour: Mapping[str, Sentences]
    take_up: Mapping[str, Sentences]
    constraints: Mapping[str, Sentences]
    change_of: Mapping[str, str]
    changes: Mapping[str, Sentences]


def load_reasons(folder: Path) -> ReasonBook:
    """The sentences of a policy folder; PolicyInvalid where an input speaks for two codes."""
    path = folder / "reasons.yaml"
    file = load_checked(path, ReasonsFile)
    code_of: dict[str, str] = {}
    for position, reason in enumerate(file.reasons):
        for name in reason.inputs:
            if name in code_of:
                problem = f"{name} speaks for {code_of[name]} and for {reason.code}."
                raise invalid_at(path, ("reasons", position, "inputs"), problem)
            code_of[name] = reason.code
    return ReasonBook(
        version=file.version,
        code_of=code_of,
        against={reason.code: reason.raises for reason in file.reasons},
        in_favour={reason.code: reason.lowers for reason in file.reasons},
        take_up={reason.code: reason.take_up for reason in file.reasons},
        constraints={one.code: one.text for one in file.constraints},
        change_of=_cures(path, file),
        changes={one.code: one.text for one in file.changes},
    )


def _cures(path: Path, file: ReasonsFile) -> dict[str, str]:
    change_of: dict[str, str] = {}
    for position, change in enumerate(file.changes):
        for cured in change.cures:
            if cured in change_of:
                problem = f"{cured} is cured by {change_of[cured]} and by {change.code}."
                raise invalid_at(path, ("changes", position, "cures"), problem)
            change_of[cured] = change.code
    return change_of

"""The published figures: read from targets.yaml, each with its number, tolerance and source."""

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linewise.core.errors import UsageError
from linewise.core.yaml_lines import read_yaml_as
from linewise.simulation.profile import Country

__all__ = ["Grade", "LeftOut", "Target", "Unit", "left_out", "targets_of"]

Unit = Literal["ratio", "multiple", "currency"]
"""ratio: 0 to 1; multiple: of another figure; currency: minor units of the bank's."""
Grade = Literal["verified", "weak", "general", "derived"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Tolerance(_Part):
    """How far a figure may be from the published one: either in its own unit or as a share of it."""

    absolute: float | None = Field(default=None, ge=0)
    relative: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one(self) -> "Tolerance":
        if (self.absolute is None) == (self.relative is None):
            raise ValueError("either absolute or relative is expected, not both")
        return self

    def of(self, value: float) -> float:
        """In the unit of the figure."""
        return self.absolute if self.absolute is not None else (self.relative or 0.0) * abs(value)


class Target(_Part):
    """One published figure and the measure, with its arguments `of`, that it is compared with."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    title: str = Field(min_length=1)
    country: Literal["cn", "us", "both"]
    measure: str
    of: dict[str, Any] = {}
    unit: Unit = "ratio"
    value: float
    bound: Literal["about", "at_least"] = "about"
    tolerance: Tolerance
    source: str = Field(min_length=1)
    grade: Grade
    note: str = ""
    needs_months: int = Field(default=2, ge=2)


class LeftOut(_Part):
    """A published figure that is not compared, and why."""

    title: str = Field(min_length=1)
    reason: str = Field(min_length=1)


class _File(_Part):
    targets: tuple[Target, ...] = Field(min_length=1)
    left_out: tuple[LeftOut, ...]

    @model_validator(mode="after")
    def _unique(self) -> "_File":
        names = [target.id for target in self.targets]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"ids occur twice: {', '.join(twice)}")
        return self


def targets_of(country: Country) -> tuple[Target, ...]:
    """What a bank of that country is compared with, in the order of the file."""
    return tuple(target for target in _read().targets if target.country in (country, "both"))


def left_out() -> tuple[LeftOut, ...]:
    """What is not compared, and why."""
    return _read().left_out


@cache
def _read() -> _File:
    return read_yaml_as(Path(__file__).with_name("targets.yaml"), _File, UsageError)

"""How far things may move, read from a file that a bank may replace."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from linewise.core.errors import SettingsInvalid
from linewise.core.yaml_lines import read_yaml_as

__all__ = ["DriftThresholds", "Mix", "Range", "load_drift_thresholds"]

STANDARD = Path(__file__).resolve().parent / "standard.yaml"

Count = Annotated[int, Field(ge=1)]
Positive = Annotated[float, Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Mix(_Strict):
    """A column of an event table whose mix of values is watched, and the column of its moments.

    kind: only of events of this kind; None of all.
    """

    table: Literal["transactions", "payments", "calls", "exposures"]
    at: Literal["posted_at", "paid_at", "started_at", "shown_at"]
    column: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    kind: Literal["purchase", "refund", "cash_advance", "fee", "interest"] | None = None

    def __str__(self) -> str:
        return f"{self.table}.{self.column}" + (f" of {self.kind}" if self.kind else "")


class Range(_Strict):
    """Between which values a ratio may lie."""

    at_least: Positive
    at_most: Positive


class DriftThresholds(_Strict):
    """What a bank lets pass; the meaning of each stands in the standard file."""

    version: str
    sample_count: Count
    mix_psi_most: Positive
    mix_rows_least: Count
    mix_days: Count
    input_psi_most: Positive
    score_psi_most: Positive
    test_p: Annotated[float, Field(gt=0, lt=0.5)]
    cases_least: Count
    calibration: Range
    value_ratio_least: float
    vintage_ratio_most: Positive
    vintage_statements: Count
    vintage_past_due_days: Count
    mixes: tuple[Mix, ...]
    growing: frozenset[str]


def load_drift_thresholds(path: Path | None) -> DriftThresholds:
    """The thresholds of this file (None: the standard ones); raises SettingsInvalid with file and line."""
    chosen = STANDARD if path is None else path.expanduser().resolve()
    if not chosen.is_file():
        raise SettingsInvalid(
            f"The file of drift thresholds {chosen} is not there.",
            "A file like training/drift/standard.yaml was expected.",
            "Name it with the setting 'drift', or leave it out for the standard one.",
        )
    return read_yaml_as(chosen, DriftThresholds, SettingsInvalid)

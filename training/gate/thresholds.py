"""The thresholds file: between which bounds each figure must lie, and where it must have been measured."""

from pathlib import Path
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linewise.core.errors import SettingsInvalid
from linewise.core.files import sha256_of
from linewise.core.yaml_lines import read_yaml_as

__all__ = ["CHECKS", "Bound", "CheckName", "Profile", "Thresholds", "load_thresholds"]

STANDARD = Path(__file__).resolve().parent / "standard.yaml"

Profile = Literal["demo", "embedded", "production"]

CheckName = Literal[
    "auc_loss",
    "average_precision_loss",
    "r2_loss",
    "profit_loss_ratio",
    "take_up_ece",
    "pd_overall",
    "pd_cell",
    "slice_gap",
    "impact_ratio",
    "opportunity_gap",
    "qini_low",
    "registered_correlation",
    "score_psi",
    "score_correlation",
    "income_reversals_ratio",
    "risk_reversals_ratio",
    "policy_violations_count",
    "latency_p95_ms",
    "open_findings_count",
    "card_gaps_count",
    "shadow_days",
]
CHECKS: tuple[CheckName, ...] = get_args(CheckName)

EVERYWHERE: tuple[Profile, ...] = get_args(Profile)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Bound(_Strict):
    """Between which values a figure must lie, both included, in the profiles of `holds_in`.

    needed_in: the profiles in which a figure that was not measured stops the promotion.
    """

    at_least: float | None = None
    at_most: float | None = None
    needed_in: tuple[Profile, ...] = EVERYWHERE
    holds_in: tuple[Profile, ...] = EVERYWHERE

    @model_validator(mode="after")
    def _is_a_bound(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a bound says at_least, at_most or both")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("at_least lies above at_most")
        return self

    def holds(self, value: float) -> bool:
        """Whether the value lies within."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        ends = (("at least", self.at_least), ("at most", self.at_most))
        return " and ".join(f"{word} {end:g}" for word, end in ends if end is not None)


class _File(_Strict):
    version: str
    calibration_test_p: Annotated[float, Field(gt=0, lt=0.5)]
    capacity_share_ratio: Annotated[float, Field(gt=0, le=1)]
    checks: dict[CheckName, Bound]

    @model_validator(mode="after")
    def _says_each(self) -> Self:
        missing = [name for name in CHECKS if name not in self.checks]
        if missing:
            raise ValueError(f"no bound for {', '.join(missing)}")
        return self


class Thresholds(_File):
    """What a bank asks of a version; sha256 is that of the file."""

    sha256: str


def load_thresholds(path: Path | None) -> Thresholds:
    """The thresholds of this file (None: the standard ones).

    Raises SettingsInvalid with file and line where a check is unknown or missing, or a bound says nothing.
    """
    chosen = STANDARD if path is None else path.expanduser().resolve()
    if not chosen.is_file():
        raise SettingsInvalid(
            f"The file of thresholds {chosen} is not there.",
            "A file like training/gate/standard.yaml was expected.",
            "Name it with the setting 'gate', or leave it out for the standard one.",
        )
    file = read_yaml_as(chosen, _File, SettingsInvalid)
    return Thresholds(**file.model_dump(), sha256=sha256_of(chosen))

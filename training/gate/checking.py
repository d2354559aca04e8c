"""Figures held against thresholds: what passed, what failed, and what nobody has measured."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from training.gate.measures import Measure
from training.gate.thresholds import CHECKS, CheckName, Profile, Thresholds

__all__ = ["GATE_FILE", "Check", "GateReport", "checked"]

GATE_FILE = "gate.json"

APPLIES_TO: dict[CheckName, str] = {
    "r2_loss": "amount",
    "take_up_ece": "take_up",
    "qini_low": "take_up",
    "auc_loss": "probability",
    "average_precision_loss": "probability",
    "pd_overall": "risk",
    "pd_cell": "risk",
}
"""Of which kind of model a check asks; of the others it asks of every one."""

OF_DECISIONS: tuple[CheckName, ...] = (
    *("score_psi", "score_correlation", "income_reversals_ratio", "risk_reversals_ratio"),
    *("policy_violations_count", "latency_p95_ms", "shadow_days"),
)
"""What is asked of a model by which something is decided, and of no other."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Check(_Frozen):
    """One figure beside its bounds; measured is None where nobody has measured it."""

    name: CheckName
    cell: str
    measured: float | None
    bound: str
    verdict: Literal["passed", "failed", "by chance", "not measured", "missing"]
    says: str

    @property
    def stops(self) -> bool:
        """Whether a version with this may not be promoted."""
        return self.verdict in {"failed", "missing"}


class GateReport(_Frozen):
    """What the gate found of one version, under which thresholds and in which profile."""

    name: str
    version: int
    artefact_sha256: str
    at: datetime
    profile: Profile
    thresholds: str
    thresholds_sha256: str
    checks: tuple[Check, ...]

    @property
    def is_passed(self) -> bool:
        """Whether nothing stops it."""
        return not self.stopping

    @property
    def stopping(self) -> tuple[Check, ...]:
        """What stops it."""
        return tuple(one for one in self.checks if one.stops)


def checked(
    measures: Sequence[Measure], thresholds: Thresholds, profile: Profile, kinds: Sequence[str], *, decides: bool = True
) -> tuple[Check, ...]:
    """Every check of the file that concerns a model of these kinds, in its order, a row a cell.

    kinds: of probability or amount, of risk or take_up; decides: whether anything is decided by it. A
    figure outside its bounds fails, unless its cell's own test says that chance does as much. One that nobody has
    measured is missing where the profile needs it.
    """
    found: list[Check] = []
    for name in CHECKS:
        bound = thresholds.checks[name]
        if profile not in bound.holds_in or APPLIES_TO.get(name, kinds[0]) not in kinds:
            continue
        if name in OF_DECISIONS and not decides:
            continue
        of_check = [one for one in measures if one.check == name]
        for one in of_check:
            verdict: Literal["passed", "failed", "by chance"] = "passed"
            if not bound.holds(one.value):
                verdict = "by chance" if one.is_by_chance else "failed"
            found.append(
                Check(name=name, cell=one.cell, measured=one.value, bound=str(bound), verdict=verdict, says=one.says)
            )
        if not of_check:
            is_needed = profile in bound.needed_in
            found.append(
                Check(
                    name=name, cell="", measured=None, bound=str(bound),
                    verdict="missing" if is_needed else "not measured", says="nobody has measured it",
                )
            )  # fmt: skip
    return tuple(found)

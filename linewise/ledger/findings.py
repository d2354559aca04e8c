"""What a verification of the record finds: each with its kind, its segment and its place."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

__all__ = ["Finding", "FindingKind", "VerifyReport"]

FindingKind = Literal[
    "record_rewritten",
    "record_moved",
    "record_missing",
    "record_added",
    "tail_missing",
    "segment_missing",
    "payload_rewritten",
    "payload_missing",
    "key_missing",
    "checkpoint_missing",
    "checkpoint_forged",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One trace of tampering. `sequence` is the place in the segment, or the number of a checkpoint."""

    kind: FindingKind
    segment_id: int
    sequence: int
    says: str
    decision_id: str = ""


@dataclass(slots=True)
class VerifyReport:
    """What was looked at and what was found. `unsealed`: entries that no checkpoint covers yet."""

    segments: int = 0
    decisions: int = 0
    acts: int = 0
    checkpoints: int = 0
    erased: int = 0
    past_retention: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was tampered with, as far as seals reach."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {"is_whole": self.is_whole} | asdict(self)

"""One thing that the check of a policy has found: where it stands, how grave it is, and what to do."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["Finding", "Grade"]

Grade = Literal["error", "warning", "note"]
"""error: the policy must not decide like this; warning: somebody should look; note: worth knowing."""

ORDER: tuple[Grade, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found.

    check: the name of the check; file: relative to the policy folder; line: from 1, 0 where the whole file
    or folder is meant; subject: the rule, action or key it is about; problem and next_step: sentences.
    """

    check: str
    grade: Grade
    file: str
    line: int
    subject: str
    problem: str
    next_step: str

    @property
    def place(self) -> tuple[int, str, int, str, str]:
        """What findings are sorted by: the gravest first, then by place."""
        return ORDER.index(self.grade), self.file, self.line, self.check, self.problem

    def as_json(self) -> dict[str, Any]:
        """All fields by name."""
        return asdict(self)

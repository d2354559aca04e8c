"""The seals of a record, read from the database and from outside, and what is wrong among themselves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from linewise.ledger.checkpoints import Checkpoint
from linewise.ledger.findings import Finding

__all__ = ["Mark", "Seals"]


@dataclass(frozen=True, slots=True)
class Mark:
    """The link in which the first `sequence` entries of a segment end, and who says so."""

    sequence: int
    head: str
    said_by: str


@dataclass(slots=True)
class Seals:
    """All genuine checkpoints by segment and number, and where each of them stands."""

    public_key: bytes
    genuine: dict[int, dict[int, Checkpoint]] = field(default_factory=lambda: defaultdict(dict))
    inside: set[tuple[int, int]] = field(default_factory=set)
    outside: set[tuple[int, int]] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read_inside(self, lines: Iterable[tuple[int, int, str]]) -> None:
        """Take the checkpoints of the database: segment, number, line."""
        for segment_id, number, line in lines:
            seal = _parsed(line)
            if seal is None or (seal.segment_id, seal.number) != (segment_id, number):
                self._forged(segment_id, number, "in the database is not the one that stood there")
            elif self._take(seal, "in the database"):
                self.inside.add((segment_id, number))

    def read_outside(self, lines: Iterable[tuple[int, str]]) -> None:
        """Take the checkpoints outside: line number, line."""
        for number, line in lines:
            seal = _parsed(line) if line.strip() else None
            if seal is not None:
                if self._take(seal, f"outside (line {number})"):
                    self.outside.add((seal.segment_id, seal.number))
            elif line.strip():
                self.notes.append(f"Line {number} outside is not whole: a writer may have been stopped there.")

    def mark_present_outside(self, lines: Iterable[tuple[int, str]]) -> None:
        """Note what has come outside since; a writer goes on while the record is read."""
        for _number, line in lines:
            seal = _parsed(line) if line.strip() else None
            if seal is not None:
                self.outside.add((seal.segment_id, seal.number))

    def _take(self, seal: Checkpoint, where: str) -> bool:
        if not seal.is_genuine(self.public_key):
            self._forged(seal.segment_id, seal.number, f"{where} does not carry a true signature")
            return False
        known = self.genuine[seal.segment_id].setdefault(seal.number, seal)
        if known != seal:
            self._forged(seal.segment_id, seal.number, f"{where} says something else than its twin")
        return True

    def _forged(self, segment_id: int, number: int, says: str) -> None:
        self.findings.append(
            Finding("checkpoint_forged", segment_id, number, f"Checkpoint {number} of segment {segment_id} {says}.")
        )

    def missing(self) -> Iterator[Finding]:
        """Checkpoints that must have been there: a number left out, or one that stands in one place only."""
        for segment_id, seals in sorted(self.genuine.items()):
            newest = max(seals)
            for number in range(newest + 1):
                place = (segment_id, number)
                is_newest = number == newest
                if place not in self.outside and place not in self.inside:
                    yield _missing(segment_id, number, "is missing, in the database and outside")
                elif place not in self.outside:
                    yield _missing(segment_id, number, "is missing outside the database")
                elif place not in self.inside and is_newest:
                    # Written outside first: a writer that is killed in between leaves this.
                    self.notes.append(f"Checkpoint {number} of segment {segment_id}, its newest, stands outside only.")
                elif place not in self.inside:
                    yield _missing(segment_id, number, "is missing in the database")
                if number and {number, number - 1} <= seals.keys() and seals[number].previous != (
                    seals[number - 1].digest()
                ):  # fmt: skip
                    yield Finding(
                        "checkpoint_forged", segment_id, number,
                        f"Checkpoint {number} of segment {segment_id} does not follow the one before it.",
                    )  # fmt: skip

    def marks(self) -> dict[int, list[Mark]]:
        """What the seals say of each segment, by segment."""
        said: dict[int, list[Mark]] = defaultdict(list)
        for seals in self.genuine.values():
            for seal in seals.values():
                said[seal.segment_id].append(Mark(seal.sequence, seal.head, f"checkpoint {seal.number}"))
                for segment_id, (sequence, head) in seal.witnesses.items():
                    witness = f"the opening of segment {seal.segment_id}"
                    said[int(segment_id)].append(Mark(sequence, head, witness))
        return said

    def closed_at(self, segment_id: int) -> int | None:
        """With how many entries a segment was closed; None where it was not."""
        closes = [seal.sequence for seal in self.genuine.get(segment_id, {}).values() if seal.kind == "close"]
        return max(closes, default=None)


def _parsed(line: str) -> Checkpoint | None:
    try:
        return Checkpoint.of(line)
    except ValueError:
        return None


def _missing(segment_id: int, number: int, says: str) -> Finding:
    return Finding("checkpoint_missing", segment_id, number, f"Checkpoint {number} of segment {segment_id} {says}.")

"""A walk along one segment: every link made again, every seal compared, and what is wrong given its name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linewise.ledger.chain import Tip, link_of
from linewise.ledger.findings import Finding
from linewise.ledger.seals import Mark

__all__ = ["Walk"]

MOST_EXPLAINED = 20
"""How many broken links of a segment are told apart into moved and rewritten ones; the search is cubic."""


@dataclass(frozen=True, slots=True)
class _Broken:
    sequence: int
    previous: str
    link: str
    body: str
    decision_id: str


class Walk:
    """Takes the entries of a segment in their order; `findings` says at the end what does not hold.

    A link is compared with the *stored* one before it, so that one rewritten entry is one finding and not
    the whole rest of the segment; what was chained anew behind it is found by the next seal.
    """

    def __init__(self, begin: Tip, marks: Sequence[Mark], closed_at: int | None) -> None:
        self.segment_id, self.sequence, self.head = begin
        self._closed_at = closed_at
        self._marks: dict[int, list[Mark]] = {}
        for mark in marks:
            self._marks.setdefault(mark.sequence, []).append(mark)
        self._found: list[Finding] = []
        self._broken: list[_Broken] = []
        self._sound_until, self._is_off = 0, False
        self._compare_marks()

    def step(self, sequence: int, link: str, body: str, decision_id: str = "") -> None:
        """The next entry: its place, its stored link, and what that link must bind."""
        if sequence != self.sequence + 1:
            self._gap(sequence)
        elif link_of(self.head, self.segment_id, sequence, body) != link:
            self._broken.append(_Broken(sequence, self.head, link, body, decision_id))
        self.sequence, self.head = sequence, link
        if sequence in self._marks:
            self._compare_marks()

    def _gap(self, sequence: int) -> None:
        first, last = self.sequence + 1, sequence - 1
        which = f"Record {first} is" if first == last else f"Records {first} to {last} are"
        self._found.append(Finding("record_missing", self.segment_id, first, f"{which} missing.{self._where()}"))

    def _where(self) -> str:
        return f" (segment {self.segment_id})"

    def _compare_marks(self) -> None:
        denied = next((mark for mark in self._marks.get(self.sequence, ()) if mark.head != self.head), None)
        if denied is None:
            self._sound_until, self._is_off = self.sequence, self._is_off and self.sequence not in self._marks
            return
        # Every later seal says the same of one range that was chained anew; a link broken here is named already.
        if not self._is_off and all(one.sequence != self.sequence for one in self._broken):
            says = (
                f"Records {self._sound_until + 1} to {self.sequence} were rewritten and chained anew: they do not end "
                f"in the link that {denied.said_by} gives.{self._where()}"
            )
            self._found.append(Finding("record_rewritten", self.segment_id, self.sequence, says))
        self._is_off = True

    def findings(self) -> Iterator[Finding]:
        """All that does not hold, once the last entry was taken."""
        yield from self._found
        yield from self._explained()
        latest = max((mark for marks in self._marks.values() for mark in marks), key=lambda m: m.sequence, default=None)
        if latest is not None and latest.sequence > self.sequence:
            yield Finding(
                "tail_missing",
                self.segment_id,
                self.sequence + 1,
                f"Records {self.sequence + 1} to {latest.sequence} are missing at the end: {latest.said_by} saw "
                f"them.{self._where()}",
            )
        if self._closed_at is not None and self.sequence > self._closed_at:
            yield Finding(
                "record_added",
                self.segment_id,
                self._closed_at + 1,
                f"Records from {self._closed_at + 1} on were added after the segment was closed.{self._where()}",
            )

    @property
    def sealed_until(self) -> int:
        """How many entries the latest seal covers."""
        return max((sequence for sequence in self._marks), default=0)

    def _explained(self) -> Iterator[Finding]:
        broken = self._broken
        candidates = broken if len(broken) <= MOST_EXPLAINED else []
        links = {one.link for one in candidates}
        before = links | {one.previous for one in candidates}
        before |= {link_of(one.previous, self.segment_id, one.sequence, one.body) for one in candidates}
        places = [one.sequence for one in candidates]
        for one in broken:
            true_places = [
                place
                for place in places
                if any(link_of(previous, self.segment_id, place, one.body) in links for previous in before)
            ]
            if one.sequence in true_places:
                continue  # it is as it was, and only a neighbour changed
            which = f"Record {one.sequence}{f' ({one.decision_id})' if one.decision_id else ''}"
            if true_places:
                says = f"{which} was moved: it stood at {true_places[0]}.{self._where()}"
                yield Finding("record_moved", self.segment_id, one.sequence, says, one.decision_id)
            else:
                says = f"{which} was rewritten: its link does not fit what it says.{self._where()}"
                yield Finding("record_rewritten", self.segment_id, one.sequence, says, one.decision_id)

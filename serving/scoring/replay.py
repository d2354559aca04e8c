"""Recorded decisions decided again by the release that made them, and compared with what was answered."""

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from linewise.core.errors import LinewiseError, ReplayFailed
from linewise.core.home import Home
from linewise.ledger.by_release import Made
from linewise.ledger.record import DecisionRecord, read_decision
from linewise.ledger.store import Ledger
from serving.scoring.archive import ArchivedRelease, open_archived
from serving.scoring.comparing import Difference, differences
from serving.scoring.release import lock_path
from serving.scoring.runners import Runner, running

__all__ = ["ReplayReport", "Replayed", "replay"]

CHUNK = 500

Verdict = Literal["identical", "differs", "missing"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision: identical, or the fields that differ, or what is missing to decide it again."""

    decision_id: str
    release_id: str
    verdict: Verdict
    differences: tuple[Difference, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """All that were asked for, release by release; `warnings` say what is not as it was when a release decided."""

    replayed: list[Replayed] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def of(self, verdict: Verdict) -> list[Replayed]:
        """Those that came out so."""
        return [one for one in self.replayed if one.verdict == verdict]


def replay(
    home: Home, ledger: Ledger, made: Sequence[Made], advance: Callable[[int], None] = lambda done: None
) -> ReplayReport:
    """Decide each of these again by its own release, and compare after canonical rounding.

    What is gone (the customer, the archive of a release, a file of it) makes a decision `missing`, with
    words that say what. `advance` is told how many more are done.
    """
    report = ReplayReport()
    for release_id in dict.fromkeys(one.release_id for one in made):
        ids = [one.decision_id for one in made if one.release_id == release_id]
        for replayed in _of_release(home, ledger, release_id, ids, report.warnings):
            report.replayed.append(replayed)
            advance(1)
    return report


def _of_release(
    home: Home, ledger: Ledger, release_id: str, decision_ids: Sequence[str], warnings: list[str]
) -> Iterator[Replayed]:
    left = list(decision_ids)
    try:
        release = open_archived(home, release_id)
        warnings += _what_differs_here(release)
        with running(release) as runner:
            while left:
                yield from _chunk(ledger, release_id, left[:CHUNK], runner)
                del left[:CHUNK]
    except LinewiseError as err:
        # The release cannot be run, or its process ended: so it is for all that are left of it.
        yield from (Replayed(one, release_id, "missing", missing=str(err)) for one in left)


def _what_differs_here(release: ArchivedRelease) -> list[str]:
    """What is installed may have changed since: it is told of, and the replay shows whether it matters."""
    found = []
    lock = lock_path()
    here = sha256(lock.read_bytes() if lock.is_file() else b"").hexdigest()
    if here != release.versions.digests["lock"]:
        found.append(f"Release {release.versions.release_id} decided with other libraries than are locked here.")
    if release.python != platform.python_version():
        found.append(f"Release {release.versions.release_id} decided with Python {release.python}.")
    return found


def _chunk(ledger: Ledger, release_id: str, decision_ids: Sequence[str], runner: Runner) -> Iterator[Replayed]:
    records: list[DecisionRecord] = []
    for decision_id in decision_ids:
        try:
            records.append(read_decision(ledger, decision_id))
        except (LinewiseError, ValueError) as err:
            # Erased, past its retention, or no longer what was written: each says so itself.
            yield Replayed(decision_id, release_id, "missing", missing=str(err))
    if not records:
        return
    try:
        answers = runner.answers([one.inputs for one in records])
    except ReplayFailed:
        # One that cannot be decided must not keep the others from it.
        yield from (_alone(one, runner) for one in records)
        return
    for record, answer in zip(records, answers, strict=True):
        yield _compared(record, answer)


def _alone(record: DecisionRecord, runner: Runner) -> Replayed:
    try:
        return _compared(record, runner.answers([record.inputs])[0])
    except ReplayFailed as err:
        return Replayed(record.decision_id, record.release_id, "missing", missing=str(err))


def _compared(record: DecisionRecord, answer: dict[str, object]) -> Replayed:
    found = tuple(differences(record.answer, answer))
    return Replayed(record.decision_id, record.release_id, "differs" if found else "identical", found)

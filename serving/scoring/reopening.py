"""A recommender that opens when its parts are there, and anew when the bank, the release or the policy changed."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread

from linewise.bank.tables import MANIFEST_NAME
from linewise.core.errors import LinewiseError
from linewise.core.settings import Settings
from linewise.policy.standard_folder import policy_folder
from serving.scoring.challengers import SHADOWS
from serving.scoring.observing import UNOBSERVED, Observer
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from serving.scoring.registry import POINTER

__all__ = ["ReopeningRecommender"]

log = logging.getLogger("linewise.reopening")

Mark = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells that bank, release, challengers or policy were replaced: times of files, of the policy also sizes."""

    bank: int
    release: tuple[int, int]
    policy: tuple[Mark, ...]


def _yaml_marks(folder: Path) -> tuple[Mark, ...]:
    """Name, time and size of every YAML file below the folder: a changed, new or removed file changes them."""
    found: list[Mark] = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found += _yaml_marks(Path(entry.path))
        elif entry.name.endswith(".yaml"):
            seen = entry.stat()
            found.append((entry.path, seen.st_mtime_ns, seen.st_size))
    return tuple(sorted(found))


def _time_of(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


class ReopeningRecommender:
    """Gives the recommender of a home; safe to call from several threads.

    A new import or a promotion replaces one small file, and a policy is a handful of files, whose times are
    looked at on each call: some tens of microseconds. The online store needs no reopening: it sees a refill
    by itself. While another release or policy of the same bank is opened, in a thread beside, the former one goes on
    answering, so that no request waits for it. What cannot be opened leaves the last good one serving; `trouble`
    says what is wrong with it. observer: who is told of each decision.
    """

    def __init__(self, settings: Settings, observer: Observer = UNOBSERVED) -> None:
        self._settings, self._observer = settings, observer
        self._policy = policy_folder(settings.policy)
        self._lock = Lock()
        self._opened: tuple[Marks, Recommender] | None = None
        self._refused: tuple[Marks, LinewiseError] | None = None
        self._opening: Thread | None = None

    @property
    def trouble(self) -> str | None:
        """What is wrong with what lies there now, while a former one serves; None where nothing is."""
        refused = self._refused
        return str(refused[1]) if refused is not None and refused[0] == self._marks() else None

    def _marks(self) -> Marks:
        home = self._settings.paths
        policy = _yaml_marks(self._policy) if self._policy.is_dir() else ()
        release = (_time_of(home.releases_dir / POINTER), _time_of(home.releases_dir / SHADOWS))
        return Marks(_time_of(home.bank_dir / MANIFEST_NAME), release, policy)

    def __call__(self) -> Recommender:
        """The recommender; raises NotReady errors that say what to run while parts are missing."""
        marks = self._marks()
        opened = self._opened
        if opened is not None and opened[0].bank == marks.bank:
            if not self._is_settled(marks, opened):
                self._open_beside()
            return opened[1]
        with self._lock:
            opened = self._opened
            if opened is not None and opened[0] == marks:
                return opened[1]
            return self._open(marks)

    def settled(self) -> Recommender:
        """The recommender once what lies there now has been opened, or refused; raises as a call."""
        self()
        while not self._is_settled(self._marks(), self._opened):
            if (opening := self._opening) is not None:
                opening.join()
            self()
        return self()

    def _is_settled(self, marks: Marks, opened: tuple[Marks, Recommender] | None) -> bool:
        refused = self._refused
        return (opened is not None and opened[0] == marks) or (refused is not None and refused[0] == marks)

    def _open_beside(self) -> None:
        """Begin to open what lies there now, unless somebody has begun."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            if self._opening is None:
                self._opening = Thread(target=self._opened_beside, name="reopening", daemon=True)
                self._opening.start()
        finally:
            self._lock.release()

    def _opened_beside(self) -> None:
        marks = self._marks()
        try:
            self._open(marks)
        except LinewiseError as err:
            log.error("what was changed cannot be used, the former release goes on serving: %s", err)
            self._refused = (marks, err)
        finally:
            self._opening = None

    def _open(self, marks: Marks) -> Recommender:
        recommender = open_recommender(self._settings, observer=self._observer)
        # Opening may pull a release and so move the pointer: look again afterwards. The policy may have changed
        # while it was read: then its former marks open it once more.
        now = self._marks()
        self._opened, self._refused = (Marks(now.bank, now.release, marks.policy), recommender), None
        return recommender

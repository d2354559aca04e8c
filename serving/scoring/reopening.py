"""A recommender that opens when its parts are there, and anew when the bank, the release or the policy changed."""

import logging
import os
from pathlib import Path
from threading import Lock

from linewise.bank.tables import MANIFEST_NAME
from linewise.core.errors import PolicyInvalid
from linewise.core.settings import Settings
from linewise.policy.standard_folder import policy_folder
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from serving.scoring.registry import POINTER

__all__ = ["ReopeningRecommender"]

log = logging.getLogger("linewise.reopening")

Marks = tuple[object, ...]


def _yaml_marks(folder: Path) -> Marks:
    """Name, time and size of every YAML file below the folder: a changed, new or removed file changes them."""
    found: list[tuple[str, int, int]] = []
    for entry in os.scandir(folder):
        if entry.is_dir():
            found += _yaml_marks(Path(entry.path))  # type: ignore[arg-type]  # marks of files, as these are
        elif entry.name.endswith(".yaml"):
            seen = entry.stat()
            found.append((entry.path, seen.st_mtime_ns, seen.st_size))
    return tuple(sorted(found))


class ReopeningRecommender:
    """Gives the recommender of a home; safe to call from several threads.

    A new import or a promotion replaces one small file, and a policy is a handful of files, whose times are
    looked at on each call: some tens of microseconds. The online store needs no reopening: it sees a refill
    by itself. A policy that was changed into one that cannot be used leaves the last good one serving;
    `trouble` says what is wrong with it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._policy = policy_folder(settings.policy)
        self._lock = Lock()
        self._opened: tuple[Marks, Marks, Recommender] | None = None
        self._refused: tuple[Marks, PolicyInvalid] | None = None

    @property
    def trouble(self) -> str | None:
        """What is wrong with the policy that lies there now, while a former one serves; None where nothing is."""
        refused = self._refused
        return str(refused[1]) if refused is not None and refused[0] == self._policy_marks() else None

    def _marks(self) -> Marks:
        home = self._settings.paths
        paths = (home.bank_dir / MANIFEST_NAME, home.releases_dir / POINTER)
        return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in paths)

    def _policy_marks(self) -> Marks:
        return _yaml_marks(self._policy) if self._policy.is_dir() else ()

    def _current(self, marks: Marks, policy: Marks) -> Recommender | None:
        """What is open for these marks: the recommender of this very policy, or of the last one that could be used."""
        opened, refused = self._opened, self._refused
        if opened is None or opened[0] != marks:
            return None
        is_this = opened[1] == policy or (refused is not None and refused[0] == policy)
        return opened[2] if is_this else None

    def __call__(self) -> Recommender:
        """The recommender; raises NotReady errors that say what to run while parts are missing."""
        marks, policy = self._marks(), self._policy_marks()
        current = self._current(marks, policy)
        if current is not None:
            return current
        with self._lock:
            current = self._current(marks, policy)
            return current if current is not None else self._open(marks, policy)

    def _open(self, marks: Marks, policy: Marks) -> Recommender:
        try:
            recommender = open_recommender(self._settings)
        except PolicyInvalid as err:
            opened = self._opened
            if opened is None or opened[0] != marks:
                raise
            log.error("the changed policy cannot be used, the former one goes on serving: %s", err)
            self._refused = (policy, err)
            return opened[2]
        # Opening may pull a release and so move the pointer: look again afterwards. The policy may have changed
        # while it was read: then its former marks open it once more.
        self._opened, self._refused = (self._marks(), policy, recommender), None
        return recommender

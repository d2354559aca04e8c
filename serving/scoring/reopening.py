"""A recommender that opens when its parts are there, and opens anew when the bank or the release changed."""

from threading import Lock

from linewise.bank.tables import MANIFEST_NAME
from linewise.core.settings import Settings
from serving.scoring.recommender import Recommender, open_recommender
from serving.scoring.registry import POINTER

__all__ = ["ReopeningRecommender"]

Marks = tuple[int, ...]


class ReopeningRecommender:
    """Gives the recommender of a home; safe to call from several threads.

    A new import or a promotion replaces one small file, whose time is looked at on each call: two file
    look-ups, some microseconds. The online store needs no reopening: it sees a refill by itself.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._opened: tuple[Marks, Recommender] | None = None

    def _marks(self) -> Marks:
        home = self._settings.paths
        paths = (home.bank_dir / MANIFEST_NAME, home.releases_dir / POINTER)
        return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in paths)

    def __call__(self) -> Recommender:
        """The recommender; raises NotReady errors that say what to run while parts are missing."""
        marks, opened = self._marks(), self._opened
        if opened is not None and opened[0] == marks:
            return opened[1]
        with self._lock:
            if self._opened is None or self._opened[0] != marks:
                recommender = open_recommender(self._settings)
                # Opening may pull a release and so move the pointer: look again afterwards.
                self._opened = (self._marks(), recommender)
            return self._opened[1]

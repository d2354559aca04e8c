"""Answers of tasks on disk: a run that was stopped goes on where it stood, unless the code has changed since."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from benchmarks.value.task import Figures, Task
from linewise.core.files import write_text_whole
from linewise.core.settings import checkout_dir

__all__ = ["Kept", "code_digest"]

CODE = ("linewise", "features", "training", "serving/scoring", "benchmarks/value")
"""Whose change makes an answer old."""

SUFFIXES = {".py", ".sql", ".yaml"}


def code_digest(checkout: Path) -> str:
    """Of everything that may change an answer: the code and the data files beside it."""
    digest = sha256()
    for folder in CODE:
        for path in sorted((checkout / folder).rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES:
                digest.update(path.relative_to(checkout).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Kept:
    """The answers of one state of the code, one small file a task."""

    def __init__(self, root: Path, digest: str) -> None:
        self.folder = root / digest

    @classmethod
    def of_this_code(cls) -> "Kept":
        """In the data folder of the checkout."""
        return cls(checkout_dir() / "data" / "bench-value", code_digest(checkout_dir()))

    def _path(self, task: Task) -> Path:
        return self.folder / f"{sha256(task.key.encode()).hexdigest()[:24]}.json"

    def get(self, task: Task) -> Figures | None:
        """The answer, or None where there is none yet."""
        path = self._path(task)
        if not path.is_file():
            return None
        figures: Mapping[str, float] = json.loads(path.read_text(encoding="utf-8"))["figures"]
        return figures

    def put(self, task: Task, figures: Figures) -> None:
        """Whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        said = {"task": task.key, "figures": {name: float(value) for name, value in figures.items()}}
        write_text_whole(self._path(task), json.dumps(said, indent=1) + "\n")

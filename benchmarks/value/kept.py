"""Answers of tasks on disk: a run that was stopped goes on where it stood, unless their code has changed."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from benchmarks.value.reached_code import ReachedCode
from benchmarks.value.task import Figures, Task
from linewise.core.files import write_text_whole
from linewise.core.settings import checkout_dir

__all__ = ["Kept", "kept_folder"]


def kept_folder() -> Path:
    """Where answers, and what was made for them, lie in the checkout."""
    return checkout_dir() / "data" / "bench-value"


class Kept:
    """The answers of tasks, one small file each; one that other code gave counts as none.

    digests: the state of the code by the module that answers.
    """

    def __init__(self, folder: Path, digests: Mapping[str, str]) -> None:
        self.folder, self._digests = folder, digests

    @classmethod
    def of_this_code(cls, tasks: Iterable[Task]) -> "Kept":
        """As the code stands when a run begins."""
        code = ReachedCode.of_checkout(checkout_dir())
        return cls(kept_folder(), {module: code.digest(module) for module in {task.module for task in tasks}})

    def get(self, task: Task) -> Figures | None:
        """The answer, or None where there is none yet."""
        path = self._path(task)
        if not path.is_file():
            return None
        said = json.loads(path.read_text(encoding="utf-8"))
        figures: Mapping[str, float] = said["figures"]
        return figures if said["code"] == self._digests[task.module] else None

    def put(self, task: Task, figures: Figures) -> None:
        """Whole or not at all."""
        path = self._path(task)
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {name: float(value) for name, value in figures.items()}
        said = {"task": task.key, "code": self._digests[task.module], "figures": told}
        write_text_whole(path, json.dumps(said, indent=1) + "\n")

    def _path(self, task: Task) -> Path:
        return self.folder / "answers" / f"{sha256(task.key.encode()).hexdigest()[:24]}.json"

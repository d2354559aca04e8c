"""Tasks that leave a trace; they walk to processes of their own, so this imports little."""

from functools import partial
from pathlib import Path
from time import monotonic, sleep

from benchmarks.value.task import Figures, Task

__all__ = ["asked", "breaking_task", "task"]


def task(folder: Path, seed: int) -> Task:
    """A task that leaves a line each time it is asked; that of seed 2 fails while `folder` holds a file 'broken'."""
    return Task("share", "base", 10, seed, partial(_counted, folder, seed), is_quick=seed == 1)


def breaking_task(seed: int, answers: Path) -> Task:
    """A task that fails, but not before some other was answered."""
    return Task("share", "base", 10, seed, partial(_broken_after_another, answers), is_quick=True)


def asked(folder: Path, seed: int) -> int:
    """How often the task of this seed was asked."""
    path = folder / f"{seed}.txt"
    return len(path.read_text().splitlines()) if path.exists() else 0


def _counted(folder: Path, seed: int) -> Figures:
    with (folder / f"{seed}.txt").open("a") as file:
        file.write("asked\n")
    if (folder / "broken").exists() and seed == 2:
        raise ValueError("broken")
    return {"share": seed / 10}


def _broken_after_another(answers: Path) -> Figures:
    until = monotonic() + 60.0
    while not list(answers.glob("*.json")) and monotonic() < until:
        sleep(0.01)
    raise ValueError("broken")

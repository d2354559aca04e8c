"""The append-only log of promotions: MLflow's aliases keep no history, and a row that was altered must be seen."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from linewise.core.errors import Conflict
from linewise.core.home import Home

__all__ = ["LOG_NAME", "Promotion", "append_promotion", "log_trouble", "promoting", "read_promotions"]

LOG_NAME = "promotions.jsonl"
LOCK_NAME = "promotions.lock"


class Promotion(BaseModel):
    """One move of a champion's alias; times are those of the wall clock, in UTC.

    number: its place in the log, from 1. undoes: the number of the promotion that a rollback takes back. by: who
    approved the release, or who rolled back. release_id, release_before: what serves from now on and what served
    until now, each with models, policy and all else; empty where nothing could serve yet. gate_sha256: the gate's
    report that it passed, empty where none was asked for. previous_sha256: the hash of the row before it.
    """

    model_config = ConfigDict(frozen=True)

    number: int = 0
    act: Literal["first", "promote", "rollback"] = "promote"
    at: datetime
    name: str
    version: int
    previous_version: int | None
    reason: str
    by: tuple[str, ...] = ()
    run_id: str
    artefact_sha256: str
    release_id: str = ""
    release_before: str = ""
    policy: str = ""
    gate_sha256: str = ""
    undoes: int | None = None
    previous_sha256: str = ""


@contextmanager
def promoting(home: Home) -> Iterator[None]:
    """Hold the right to promote for the block; another process that promotes is refused (Conflict).

    The lock is the kernel's and ends with the process, so none outlives its holder.
    """
    home.mlruns_dir.mkdir(parents=True, exist_ok=True)
    with (home.mlruns_dir / LOCK_NAME).open("a", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "Another process promotes or rolls back in this home just now.",
                "One at a time was expected; nothing was changed.",
                "See what it did with: linewise model history, and run it again.",
            ) from None
        yield


def read_promotions(home: Home) -> tuple[Promotion, ...]:
    """Every row of the log, oldest first; empty where nothing was promoted."""
    return tuple(
        Promotion.model_validate_json(line).model_copy(update={"number": place})
        for place, line in enumerate(_lines(home), start=1)
    )


def append_promotion(home: Home, row: Promotion) -> Promotion:
    """Write the row at the end, on the disk before this returns; gives it with its number and its link."""
    lines = _lines(home)
    linked = row.model_copy(update={"number": len(lines) + 1, "previous_sha256": _hash_of(lines[-1]) if lines else ""})
    with _path(home).open("a", encoding="utf-8") as file:
        file.write(json.dumps(linked.model_dump(mode="json"), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return linked


def log_trouble(home: Home) -> Sequence[str]:
    """What was altered, taken out or put in, row by row; empty where the log is what was written."""
    found, before = [], ""
    for place, line in enumerate(_lines(home), start=1):
        row = Promotion.model_validate_json(line)
        # Rows of before they were linked carry no number.
        if row.number and (row.number, row.previous_sha256) != (place, before):
            found.append(f"row {place} does not follow the one before it")
        before = _hash_of(line)
    return found


def _lines(home: Home) -> list[str]:
    path = _path(home)
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line] if path.is_file() else []


def _hash_of(line: str) -> str:
    return sha256(line.encode()).hexdigest()


def _path(home: Home) -> Path:
    return home.mlruns_dir / LOG_NAME

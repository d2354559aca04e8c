"""Where a release decides again: in this process where its code is the one that runs, else in a process of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol

from linewise.core.errors import ReplayFailed
from linewise.core.settings import environment_for_code
from serving.scoring.archive import ArchivedRelease
from serving.scoring.deciding_code import code_files, hash_of_files
from serving.scoring.replayer import Replayer
from serving.scoring.unpacked import unpacked

__all__ = ["Runner", "running"]

Inputs = Mapping[str, Any]


class Runner(Protocol):
    """A release that decides again."""

    def answers(self, inputs: Sequence[Inputs]) -> list[dict[str, Any]]:
        """The full answers in the order given; raises ReplayFailed where the release cannot decide on these."""


class _Here:
    def __init__(self, release: ArchivedRelease) -> None:
        self._replayer = Replayer(release, threads=os.cpu_count() or 1)

    def answers(self, inputs: Sequence[Inputs]) -> list[dict[str, Any]]:
        try:
            # Through JSON, as an answer goes into the record: tuples become lists.
            found: list[dict[str, Any]] = json.loads(json.dumps(self._replayer.answers(inputs)))
        except (ArithmeticError, LookupError, TypeError, ValueError) as err:
            raise ReplayFailed(f"{type(err).__name__}: {err}") from err
        return found


class _Elsewhere:
    """The archived code in a process of the same Python, asked over its standard input."""

    def __init__(self, process: "subprocess.Popen[str]", errors: IO[str]) -> None:
        self._process, self._errors = process, errors

    def answers(self, inputs: Sequence[Inputs]) -> list[dict[str, Any]]:
        assert self._process.stdin is not None  # noqa: S101  it was made with a pipe
        try:
            self._process.stdin.write(json.dumps(inputs, ensure_ascii=False) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as err:
            raise self._ended() from err
        said = self.heard()
        if "error" in said:
            raise ReplayFailed(said["error"])
        answers: list[dict[str, Any]] = said["answers"]
        return answers

    def heard(self) -> dict[str, Any]:
        """The next line that the process says."""
        assert self._process.stdout is not None  # noqa: S101  it was made with a pipe
        line = self._process.stdout.readline()
        if not line:
            raise self._ended()
        said: dict[str, Any] = json.loads(line)
        return said

    def _ended(self) -> ReplayFailed:
        self._process.wait(timeout=60)
        self._errors.seek(0)
        last = (self._errors.read().strip() or "it said nothing").splitlines()[-1]
        return ReplayFailed(f"its process ended with {self._process.returncode}: {last}")


@contextmanager
def running(release: ArchivedRelease) -> Iterator[Runner]:
    """The release, ready to decide again.

    Raises ReplayFailed where its code does not start with the libraries that are installed.
    """
    here = hash_of_files((name, path.read_bytes()) for name, path in code_files())
    if here == release.versions.digests["code"]:
        yield _Here(release)
        return
    with unpacked(release) as code, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(  # noqa: S603  this Python, and code whose hash is that of the release
            [sys.executable, "-m", "serving.scoring.replaying", str(release.folder.resolve())],
            cwd=code, env=environment_for_code(code), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            text=True, encoding="utf-8",
        )  # fmt: skip
        try:
            runner = _Elsewhere(process, errors)
            _enforce_archived(runner.heard(), release, code)
            yield runner
        finally:
            _end(process)


def _enforce_archived(said: Mapping[str, Any], release: ArchivedRelease, code: Path) -> None:
    if (said["release_id"], said["code"]) != (release.versions.release_id, str(code)):
        raise ReplayFailed(f"the release {said['release_id']} of {said['code']} answered instead")


def _end(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

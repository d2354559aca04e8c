"""`python -m serving.scoring.replaying FOLDER`: an archived release, run by its own code, answers on standard input.

One line of JSON in, a list of what was known; one line out, the answers, or why there are none. The first
line out says which release answers and whose code it is. Nothing of a customer touches the disk.
"""

import json
import os
import sys
from pathlib import Path
from typing import TextIO

import serving
from serving.scoring.archive import read_archived
from serving.scoring.replayer import Replayer

__all__ = ["serve"]


def _own_channel() -> TextIO:
    """Standard output for answers alone: what a library prints goes to standard error."""
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return channel


def serve(folder: Path, asked: TextIO, told: TextIO) -> None:
    """Answer until the input ends."""
    release = read_archived(folder)
    replayer = Replayer(release, threads=os.cpu_count() or 1)
    here = Path(str(serving.__file__)).resolve().parents[1]
    told.write(json.dumps({"release_id": release.versions.release_id, "code": str(here)}) + "\n")
    told.flush()
    for line in asked:
        try:
            said: dict[str, object] = {"answers": replayer.answers(json.loads(line))}
        except (ArithmeticError, LookupError, TypeError, ValueError) as err:
            # An older record may lack what this release takes: that is told of, and the next one is answered.
            said = {"error": f"{type(err).__name__}: {err}"}
        told.write(json.dumps(said, ensure_ascii=False) + "\n")
        told.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.stdin, _own_channel())

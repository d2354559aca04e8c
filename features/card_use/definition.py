"""Which definition sums were made by: another one, and those that were kept mean something else."""

import inspect
from functools import cache
from pathlib import Path

from linewise.bank import coded, rates
from linewise.core.files import sha256_of

__all__ = ["definition_hash"]

ROOM = Path(__file__).parent


@cache
def definition_hash(room: Path = ROOM) -> str:
    """The hash of the room's source, and of how words and foreign money are read.

    Of the source and not of a number that somebody has to remember to raise: what is changed for nothing costs one
    more walk over the postings.
    """
    return sha256_of(*sorted(room.glob("*.py")), *(Path(inspect.getfile(one)) for one in (coded, rates)))

"""The chain: each entry's link is a hash over what it says, where it stands, and the link before it."""

import hashlib
import json
from typing import NamedTuple

__all__ = ["Tip", "decision_body", "event_body", "genesis", "link_of"]

SEPARATOR = "\n"


class Tip(NamedTuple):
    """The end of a segment: how many entries it holds, and the link of the last one."""

    segment_id: int
    sequence: int
    head: str


def genesis(segment_id: int, writer: str) -> Tip:
    """The tip of a segment that holds nothing yet."""
    return Tip(segment_id, 0, hashlib.sha256(f"segment{SEPARATOR}{segment_id}{SEPARATOR}{writer}".encode()).hexdigest())


def link_of(previous: str, segment_id: int, sequence: int, body: str) -> str:
    """The link of an entry behind the one whose link is `previous`."""
    return hashlib.sha256(f"{previous}\n{segment_id}\n{sequence}\n{body}".encode()).hexdigest()


def decision_body(  # noqa: PLR0913, PLR0917  the columns of a decision that the chain binds
    decision_id: str,
    customer_ref: str,
    record_class: str,
    as_of_us: int,
    decided_at_us: int,
    channel: str,
    release_id: str,
    seed: int,
    commitment: str,
    payload_digest: str,
) -> str:
    """What a decision's link binds. No field that was written holds a line break, so no two spell the same."""
    return (
        f"decision\n{decision_id}\n{customer_ref}\n{record_class}\n{as_of_us}\n{decided_at_us}\n"
        f"{channel}\n{release_id}\n{seed}\n{commitment}\n{payload_digest}"
    )


def event_body(kind: str, subject: str, made_by: str, made_at_us: int, reason: str, before_us: int | None) -> str:
    """What an event's link binds; JSON, for a reason may hold anything."""
    return "event\n" + json.dumps([kind, subject, made_by, made_at_us, reason, before_us], ensure_ascii=False)

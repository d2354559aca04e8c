"""Two answers laid side by side: the same after canonical rounding, or the fields in which they differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from linewise.ledger.canonical import rounded

__all__ = ["APART", "Difference", "differences"]

APART = frozenset({"decision_id", "versions"})
"""Named anew at each decision, or a number of a registry: the release id stands for what decided."""

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of an answer: where it stands, what was recorded, what came now; None where it was absent."""

    field: str
    recorded: Any
    replayed: Any


def differences(recorded: Mapping[str, Any], replayed: Mapping[str, Any]) -> list[Difference]:
    """The fields in which two full answers differ, in the order of the recorded one; order within lists counts."""
    kept = ({name: value for name, value in one.items() if name not in APART} for one in (recorded, replayed))
    return list(_between("", *kept))


def _between(place: str, recorded: Any, replayed: Any) -> Iterator[Difference]:
    if isinstance(recorded, Mapping) and isinstance(replayed, Mapping):
        for name in dict.fromkeys((*recorded, *replayed)):
            where = f"{place}.{name}" if place else str(name)
            yield from _between(where, recorded.get(name, _ABSENT), replayed.get(name, _ABSENT))
    elif isinstance(recorded, list | tuple) and isinstance(replayed, list | tuple):
        for i in range(max(len(recorded), len(replayed))):
            pair = (one[i] if i < len(one) else _ABSENT for one in (recorded, replayed))
            yield from _between(f"{place}[{i}]", *pair)
    elif type(recorded) is bool or type(replayed) is bool:
        if recorded is not replayed:
            yield _difference(place, recorded, replayed)
    elif rounded(recorded) != rounded(replayed):
        yield _difference(place, recorded, replayed)


def _difference(place: str, recorded: Any, replayed: Any) -> Difference:
    return Difference(place, *(None if one is _ABSENT else one for one in (recorded, replayed)))

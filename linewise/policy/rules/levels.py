"""Rules sorted by how much of a candidate they look at, so that nothing is judged more often than it differs."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.rule import Hits
from linewise.decisioning.types import Ints
from linewise.policy.rules.columns import Columns
from linewise.policy.rules.compiled import RuleSet, columns_of_rule, compile_rules
from linewise.policy.rules.source import RuleSource
from linewise.policy.rules.vocabulary import of_action, of_candidate, vocabulary

__all__ = ["Levels"]

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Level:
    """Some rules of a kind, and their places among all of them, in the order of the files."""

    rules: RuleSet
    places: list[int]


class Levels:
    """The rules of one kind of candidate at three levels.

    A customer with thirty offers is judged once by the rules that know the customer alone, a few times by
    those that ask what kind of action it is, and thirty times by those that look at the offer itself.
    """

    def __init__(self, sources: Sequence[RuleSource], kind: str, feature_names: Sequence[str]) -> None:
        columns = vocabulary(kind, feature_names)
        self._varying, action = of_candidate(kind), of_action(kind)
        named = [columns_of_rule(source, columns) & self._varying for source in sources]
        of_customer = [place for place, names in enumerate(named) if not names]
        of_kind = [place for place, names in enumerate(named) if names and names <= action]
        of_each = [place for place, names in enumerate(named) if names - action]

        def level(places: list[int]) -> _Level:
            return _Level(compile_rules([sources[place] for place in places], columns, kind), places)

        self._all = level(list(range(len(sources))))
        self._of_customer, self._of_kind, self._of_each = map(level, (of_customer, of_kind, of_each))

    def evaluate(self, columns: Columns, shape: Shape, *, with_values: bool) -> Hits:
        """All rules; every array is (*shape, n_rules). See CompiledRules.evaluate."""
        if len(shape) == 1:
            return self._all.rules.evaluate(columns, shape[0], with_values=with_values)
        kinds, like = _kinds_of_action(self._of_kind.rules.columns & self._varying, columns, shape[1])
        every = np.arange(shape[1])
        parts = [
            (level, _judged(level.rules, given, (shape[0], width), with_values=with_values), spread)
            for level, given, width, spread in (
                (self._of_customer, columns, 1, np.zeros_like(every)),
                (self._of_kind, kinds, len(set(like.tolist())), like),
                (self._of_each, columns, shape[1], every),
            )
            if level.places
        ]

        def spread_out(values: NDArray[Any], spread: Ints) -> NDArray[Any]:
            width = len(values) // shape[0] if shape[0] else shape[1]
            return values.T.reshape(values.shape[1], shape[0], width)[:, :, spread]

        def joined(name: str, dtype: type) -> NDArray[Any]:
            # The rules are outermost while it is filled: each is then one run of memory.
            whole: NDArray[Any] = np.empty((len(self._all.places), *shape), dtype=dtype)
            for level, hits, spread in parts:
                whole[level.places] = spread_out(getattr(hits, name), spread)
            return np.moveaxis(whole, 0, -1)

        nothing = np.broadcast_to(np.nan, (*shape, len(self._all.places)))
        caps = [np.empty((0, *shape)), *(spread_out(hits.caps, spread) for _, hits, spread in parts)]
        return Hits(
            rules=self._all.rules.rules,
            hit=joined("hit", np.bool_),
            value=joined("value", np.float64) if with_values else nothing,
            threshold=joined("threshold", np.float64) if with_values else nothing,
            cap_places=tuple(level.places[place] for level, hits, _ in parts for place in hits.cap_places),
            caps=np.moveaxis(np.concatenate(caps), 0, -1),
        )


def _kinds_of_action(names: Collection[str], columns: Columns, width: int) -> tuple[Columns, Ints]:
    """The columns with one candidate of each kind, and which kind each candidate is of, (n_candidates,).

    Kinds differ in the columns named. Where one of these differs between customers too, every candidate is
    a kind of its own.
    """
    told = {name: columns[name] for name in sorted(names) if name in columns and columns[name].ndim == 2}
    if any(len(column) > 1 for column in told.values()):
        return columns, np.arange(width)
    rows = {name: np.broadcast_to(column[0], width) for name, column in told.items()}
    kinds: dict[tuple[Any, ...], int] = {}
    combinations: Iterator[tuple[Any, ...]] = zip(range(width), *(row.tolist() for row in rows.values()), strict=True)
    like = np.array([kinds.setdefault(one[1:], len(kinds)) for one in combinations], dtype=np.int64)
    first = np.unique(like, return_index=True)[1]
    return {**columns, **{name: row[first][None, :] for name, row in rows.items()}}, like


def _judged(rules: RuleSet, columns: Columns, shape: Shape, *, with_values: bool) -> Hits:
    """The rules for all pairs of a customer and a candidate, customers outermost."""
    given = {name: _flat(columns[name], shape) for name in rules.columns if name in columns}
    return rules.evaluate(given, shape[0] * shape[1], with_values=with_values)


def _flat(column: NDArray[Any], shape: Shape) -> NDArray[Any]:
    """A column of a customer or of a candidate as one of pairs, or as the one value that it has."""
    if column.size == 1:
        return column.reshape(1)
    return np.broadcast_to(column if column.ndim > 1 else column[:, None], shape).reshape(-1)

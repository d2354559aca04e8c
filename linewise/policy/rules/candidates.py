"""The rules of a decision: for offers, the limit and plans, each over the columns that it may name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from linewise.decisioning.rule import CandidateKind, Hits, Rule
from linewise.policy.rules.columns import Columns
from linewise.policy.rules.compiled import RuleSet, columns_of_rule, compile_rules
from linewise.policy.rules.entry import RuleEntry
from linewise.policy.rules.source import RuleSource
from linewise.policy.rules.vocabulary import of_candidate, tables_needed, vocabulary

__all__ = ["CompiledRules"]

KINDS: tuple[CandidateKind, ...] = get_args(CandidateKind)


@dataclass(frozen=True, slots=True)
class _Levels:
    """The rules of one kind: those that know the customer alone, and those that look at a candidate.

    A customer with thirty offers is judged once by the first, and thirty times by the second. Places say
    where each stands among all, in the order of the files.
    """

    rules: tuple[Rule, ...]
    of_customer: RuleSet
    of_candidate: RuleSet
    customer_places: tuple[int, ...]
    candidate_places: tuple[int, ...]


def _levels(sources: Sequence[RuleSource], kind: CandidateKind, feature_names: Sequence[str]) -> _Levels:
    columns, varying = vocabulary(kind, feature_names), of_candidate(kind)
    looks = [bool(columns_of_rule(source, columns) & varying) for source in sources]
    at_customer = tuple(place for place, does in enumerate(looks) if not does)
    at_candidate = tuple(place for place, does in enumerate(looks) if does)
    return _Levels(
        rules=tuple(source.as_decided(kind) for source in sources),
        of_customer=compile_rules([sources[place] for place in at_customer], columns, kind),
        of_candidate=compile_rules([sources[place] for place in at_candidate], columns, kind),
        customer_places=at_customer,
        candidate_places=at_candidate,
    )


class CompiledRules:
    """The rules of a policy that hold for a bank: those of the scope `decision`, ready to run.

    entries: all rules in force, whatever their scope; sources: the same with their places. switched_off:
    rules in force that this bank cannot evaluate, with the contract tables that it declares absent.
    """

    def __init__(
        self,
        sources: Sequence[RuleSource],
        feature_names: Sequence[str],
        absent_tables: Collection[str] = (),
        feature_tables: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.switched_off = _switched_off(sources, feature_names, frozenset(absent_tables), feature_tables or {})
        self.sources = tuple(source for source in sources if source.rule.rule_id not in self.switched_off)
        self.entries: tuple[RuleEntry, ...] = tuple(source.rule for source in self.sources)
        self._levels = {
            kind: _levels([one for one in self.sources if kind in one.rule.applies_to], kind, feature_names)
            for kind in KINDS
        }

    def evaluate(
        self,
        applies_to: CandidateKind,
        columns: Columns,
        shape: tuple[int, ...] | None = None,
        *,
        with_values: bool = True,
    ) -> Hits:
        """All rules of that kind; every array is (*shape, n_rules).

        columns: those of a customer are (n_customers,), those of a candidate broadcast to `shape`
        (n_customers, n_candidates); without a shape all are of one length. A column that is not there is
        NULL for all.
        """
        levels = self._levels[applies_to]
        if shape is None:
            shape = (len(next(iter(columns.values()), ())),)
        customers = levels.of_customer.evaluate(columns, shape[0], with_values=with_values)
        spread = {
            name: np.broadcast_to(_outermost(columns[name], shape), shape).ravel()
            for name in levels.of_candidate.columns
            if name in columns
        }
        candidates = levels.of_candidate.evaluate(spread, int(np.prod(shape)), with_values=with_values)
        return _joined(levels, customers, candidates, shape)


def _outermost(column: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """A customer's column stands for all of the customer's candidates."""
    return column.reshape(-1, *([1] * (len(shape) - 1))) if column.ndim == 1 else column


def _joined(levels: _Levels, customers: Hits, candidates: Hits, shape: tuple[int, ...]) -> Hits:
    """Hits of both levels in the order of the files, (*shape, n_rules)."""

    def join(of_customer: NDArray[Any], of_candidate: NDArray[Any]) -> NDArray[Any]:
        # The rules are outermost while it is filled: each is then one run of memory.
        joined = np.empty((len(levels.rules), *shape), dtype=of_customer.dtype)
        tail = [1] * (len(shape) - 1)
        joined[list(levels.customer_places)] = of_customer.T.reshape(-1, shape[0], *tail)
        joined[list(levels.candidate_places)] = of_candidate.T.reshape(-1, *shape)
        return np.moveaxis(joined, 0, -1)

    return Hits(
        levels.rules,
        join(customers.hit, candidates.hit),
        join(customers.value, candidates.value),
        join(customers.threshold, candidates.threshold),
        join(customers.cap_amt, candidates.cap_amt),
    )


def _switched_off(
    sources: Sequence[RuleSource],
    feature_names: Sequence[str],
    absent: frozenset[str],
    feature_tables: Mapping[str, frozenset[str]],
) -> dict[str, frozenset[str]]:
    """The absent tables by rule_id, for the rules that name a column of one of them.

    All rules are compiled on the way, those of other scopes too: a mistake in one that this bank cannot
    evaluate is a mistake all the same.
    """
    found: dict[str, frozenset[str]] = {}
    for source in sources:
        kinds: Sequence[str] = source.rule.applies_to or [source.rule.scope]
        for kind in kinds:
            columns = columns_of_rule(source, vocabulary(kind, feature_names if source.rule.applies_to else ()))
            if lacking := tables_needed(columns, feature_tables) & absent:
                found[source.rule.rule_id] = found.get(source.rule.rule_id, frozenset()) | lacking
    return found

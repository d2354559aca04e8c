"""The rules of a decision: for offers, the limit and plans, each over the columns that it may name."""

from collections.abc import Collection, Mapping, Sequence
from typing import get_args

from linewise.decisioning.described import Columns, Described
from linewise.decisioning.rule import CandidateKind, Hits
from linewise.policy.rules.compiled import RuleSet, columns_of_rule
from linewise.policy.rules.entry import RuleEntry
from linewise.policy.rules.language import Kind
from linewise.policy.rules.laying import Beside
from linewise.policy.rules.sheet import Sheets
from linewise.policy.rules.source import RuleSource
from linewise.policy.rules.vocabulary import of_action, of_candidate, tables_needed, vocabulary

__all__ = ["CompiledRules"]

KINDS: tuple[CandidateKind, ...] = get_args(CandidateKind)


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
        self.done_by_own_act = frozenset(
            one.rule_id for one in self.entries if one.duty is not None and one.duty.is_done_by_own_act
        )
        self._rules = {
            kind: RuleSet(
                [one for one in self.sources if kind in one.rule.applies_to],
                vocabulary(kind, feature_names),
                kind,
                of_candidate(kind),
                of_action(kind),
            )
            for kind in KINDS
        }
        named: dict[str, Kind] = {}
        for rules in self._rules.values():
            named |= rules.kinds
        self._sheets = Sheets(named)

    def evaluate(
        self,
        applies_to: CandidateKind,
        columns: Columns | Described,
        shape: tuple[int, ...] | None = None,
        *,
        with_values: bool = True,
    ) -> Hits:
        """All rules of that kind; every array is (*shape, n_rules).

        columns: those of a customer are (n_customers,), those of a candidate broadcast to `shape`
        (n_customers, n_candidates); without a shape all are of one length. A column that is not there is
        NULL for all. Without values, `value` and `threshold` are NaN and cost nothing.
        """
        rules, beside = self._rules[applies_to], None
        if isinstance(columns, Described):
            beside, columns = Beside(columns.known.read_by(self._sheets), columns.fixed), columns.own
        if shape is None or len(shape) == 1:
            rows = shape[0] if shape else beside.sheet.count if beside else len(next(iter(columns.values()), ()))
            return rules.evaluate(columns, rows, beside, with_values=with_values)
        return rules.judge(columns, (shape[0], shape[1]), beside, with_values=with_values)


def _switched_off(
    sources: Sequence[RuleSource],
    feature_names: Sequence[str],
    absent: frozenset[str],
    feature_tables: Mapping[str, frozenset[str]],
) -> dict[str, frozenset[str]]:
    """The absent tables by rule_id, for the rules that name a column of one of them.

    All rules are read on the way, those of other scopes too: a mistake in one that this bank cannot
    evaluate is a mistake all the same.
    """
    names = {kind: vocabulary(kind, feature_names) for kind in KINDS}
    found: dict[str, frozenset[str]] = {}
    for source in sources:
        kinds: Sequence[str] = source.rule.applies_to or [source.rule.scope]
        for kind in kinds:
            columns = columns_of_rule(source, names[kind] if kind in names else vocabulary(kind))
            if lacking := tables_needed(columns, feature_tables) & absent:
                found[source.rule.rule_id] = found.get(source.rule.rule_id, frozenset()) | lacking
    return found

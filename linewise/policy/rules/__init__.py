"""Rules as data: what an author writes, the SQL they may use, the machine that runs it, and loading by packs."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from linewise.policy.rules.candidates import CompiledRules
from linewise.policy.rules.compiled import RuleSet, compile_rules
from linewise.policy.rules.entry import RuleEntry
from linewise.policy.rules.loading import default_packs, read_rules, rules_in_force
from linewise.policy.rules.source import RuleSource
from linewise.policy.rules.vocabulary import vocabulary

__all__ = [
    "CompiledRules",
    "RuleEntry",
    "RuleSet",
    "RuleSource",
    "compile_rules",
    "default_packs",
    "load_rules",
    "read_rules",
    "rules_in_force",
    "vocabulary",
]


def load_rules(
    folder: Path,
    feature_names: Sequence[str],
    on: date,
    currency: str = "CNY",
    packs: Sequence[str] | None = None,
    absent_tables: Collection[str] = (),
    feature_tables: Mapping[str, frozenset[str]] | None = None,
) -> CompiledRules:
    """The rules of a policy folder's packs that are in force on that day, compiled.

    Amounts are filled in `currency`. Rules over columns of absent_tables are switched off; feature_tables
    says which tables a feature needs. Raises PolicyInvalid for an unknown pack or column, a doubled id, a
    construct that rules may not use, and where no rule at all is in force.
    """
    sources = rules_in_force(read_rules(folder, currency, packs), on)
    return CompiledRules(sources, feature_names, absent_tables, feature_tables)

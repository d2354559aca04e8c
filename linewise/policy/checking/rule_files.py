"""Whether the rules as a whole can be taken: packs, ids, dates, and the tables that they need."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from linewise.core.errors import PolicyInvalid
from linewise.policy.checking.draft import Draft, kinds_of
from linewise.policy.checking.finding import Finding
from linewise.policy.rules import RuleSource, vocabulary
from linewise.policy.rules.compiled import columns_of_rule
from linewise.policy.rules.vocabulary import tables_needed
from linewise.policy.stoppable import unstoppable_kinds

__all__ = ["chosen_packs", "kill_switches", "rule_amounts", "rule_dates", "rule_ids", "rule_tables"]


def chosen_packs(draft: Draft) -> Iterator[Finding]:
    """Every pack that the settings choose is there, and each file says which pack it is of."""
    there = set(draft.packs.values())
    for pack in draft.chosen_packs:
        if pack not in there:
            problem = f"the settings choose the pack {pack!r}; there are {', '.join(sorted(there)) or 'none'}."
            next_step = "Name another one in the setting 'packs'."
            yield Finding("packs", "error", "rules", 0, pack, problem, next_step)
    for file, pack in draft.packs.items():
        if not pack:
            yield Finding(
                "packs", "error", file, 1, file, "the file does not say of which pack it is.", "Add 'pack: …'."
            )
    if not any(True for _ in draft.rules_that_hold()):
        problem = f"no rule of {', '.join(draft.chosen_packs) or 'any pack'} is in force on {draft.bank.on}."
        yield Finding("packs", "error", "rules", 0, "rules", problem, "Without rules everything would be allowed.")


def kill_switches(draft: Draft) -> Iterator[Finding]:
    """Every kind of action can be switched off: a service under another policy does not start."""
    for kind in unstoppable_kinds(source.rule for source in draft.rules_that_hold()):
        problem = f"no rule in force would stop actions of the kind {kind!r}: its kill switch would do nothing."
        next_step = "Copy rules/bank_stops.yaml of the standard policy."
        yield Finding("switches", "error", "rules", 0, kind, problem, next_step)


def _ends(source: RuleSource) -> date:
    return source.rule.effective_to or date.max


def rule_ids(draft: Draft) -> Iterator[Finding]:
    """An id stands once; where it stands twice, it is told whether both would hold on the same day."""
    by_id: dict[str, list[RuleSource]] = defaultdict(list)
    for source in draft.rules:
        by_id[source.rule.rule_id].append(source)
    for rule_id, sources in by_id.items():
        first = sources[0]
        line = draft.documents[draft.name_of(first.path)].line(("rules", first.position, "rule_id"))
        for other in sources[1:]:
            where = f"{draft.name_of(first.path)} line {line}"
            overlaps = other.rule.effective_from <= _ends(first) and first.rule.effective_from <= _ends(other)
            if overlaps:
                begins = max(first.rule.effective_from, other.rule.effective_from)
                problem = f"{rule_id} stands in {where} too, and both hold from {begins} on: their dates overlap."
                yield draft.about_rule("dates", "error", other, ("rule_id",), problem, "End the one before the other.")
            else:
                problem = f"{rule_id} stands in {where} too."
                yield draft.about_rule("ids", "error", other, ("rule_id",), problem, "Give it an id of its own.")


def rule_dates(draft: Draft) -> Iterator[Finding]:
    """A rule that is over, or has not begun, is told; so is one that is switched off."""
    on = draft.bank.on
    for source in draft.rules:
        rule = source.rule
        if _ends(source) < on:
            problem = f"it ended on {rule.effective_to}."
            yield draft.about_rule("dates", "warning", source, ("effective_to",), problem, "Take it out, or renew it.")
        elif rule.effective_from > on:
            problem = f"it begins on {rule.effective_from} only."
            yield draft.about_rule("dates", "note", source, ("effective_from",), problem, "Nothing, if that is meant.")
        if not rule.is_on:
            problem = "it is switched off."
            yield draft.about_rule("dates", "note", source, ("is_on",), problem, "Nothing, if that is meant.")


def rule_amounts(draft: Draft) -> Iterator[Finding]:
    """The amounts of the chosen packs have a value in the bank's currency."""
    for source in draft.rules:
        if source.pack not in draft.chosen_packs:
            continue
        for name, amounts in source.rule.params_amt.items():
            if draft.bank.currency not in amounts:
                problem = f"{name} has no amount in {draft.bank.currency}."
                steps = ("params_amt", name)
                next_step = f"Add '{draft.bank.currency}: …'."
                yield draft.about_rule("currency", "error", source, steps, problem, next_step)


def rule_tables(draft: Draft) -> Iterator[Finding]:
    """A rule that this bank's tables cannot evaluate is switched off, and told."""
    for source in draft.rules_that_hold():
        lacking: frozenset[str] = frozenset()
        for kind in kinds_of(source):
            names = vocabulary(kind, draft.bank.rule_features if source.rule.applies_to else ())
            try:
                columns = columns_of_rule(source, names)
            except PolicyInvalid:
                continue  # told by rule_expressions
            lacking |= tables_needed(columns, draft.bank.feature_tables) & draft.bank.absent_tables
        if lacking:
            problem = f"this bank cannot evaluate it: it delivers no {', '.join(sorted(lacking))}."
            next_step = "It is switched off; deliver the table, or accept that it does not guard."
            yield draft.about_rule("tables", "warning", source, ("when",), problem, next_step)

"""Rules that contradict themselves or each other: no row can meet them, or every row is taken away."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from linewise.core.errors import PolicyInvalid
from linewise.decisioning.columns import RULE_COLUMNS
from linewise.decisioning.rule import TAKING_EFFECTS
from linewise.policy.checking.draft import Draft, kinds_of
from linewise.policy.checking.finding import Finding
from linewise.policy.checking.regions import Box, Span, boxes_of, covers
from linewise.policy.rules import RuleSource, vocabulary
from linewise.policy.rules.folding import number_of
from linewise.policy.rules.language import read_expression

__all__ = ["caps_below_floors", "conditions_that_cannot_hold", "nothing_left", "requirements_of_the_blocked"]

REQUIREMENTS = ("REQUIRE_CONSENT", "REQUIRE_DOC")


@dataclass(frozen=True, slots=True)
class _Analysed:
    """A rule for one kind of candidate, and where it can hold."""

    source: RuleSource
    kind: str
    boxes: list[Box]


def _analysed(draft: Draft, *, only_in_force: bool) -> Iterator[_Analysed]:
    """The rules whose condition can be read and analysed, once for each kind they are for."""
    for source in draft.rules_that_hold() if only_in_force else draft.rules:
        for kind in kinds_of(source):
            columns = vocabulary(kind, draft.bank.rule_features if source.rule.applies_to else ())
            try:
                boxes = boxes_of(read_expression(source.rule.when, "when", source, columns, ("flag",)))
            except PolicyInvalid:
                continue  # told by rule_expressions
            if boxes is not None:
                yield _Analysed(source, kind, boxes)


def conditions_that_cannot_hold(draft: Draft) -> Iterator[Finding]:
    """A condition that no row can meet is a mistake: the rule would never guard."""
    told: set[str] = set()
    for one in _analysed(draft, only_in_force=False):
        rule_id = one.source.rule.rule_id
        if not one.boxes and rule_id not in told:
            told.add(rule_id)
            problem = f"{one.source.rule.when!r} can never hold: its parts contradict each other."
            yield draft.about_rule("contradiction", "error", one.source, ("when",), problem, "Mend the bounds.")


def nothing_left(draft: Draft) -> Iterator[Finding]:
    """Rules that each take away a part by one column, and together everything."""
    parts: dict[tuple[str, str], list[tuple[Span, RuleSource]]] = {}
    for one in _analysed(draft, only_in_force=True):
        if one.source.rule.effect not in TAKING_EFFECTS or not one.source.rule.applies_to:
            continue
        for box in one.boxes:
            if box.is_exact and len(box.spans) <= 1:
                for name, span in box.spans.items() or [("", Span())]:
                    parts.setdefault((one.kind, name), []).append((span, one.source))
    for (kind, name), taken in parts.items():
        is_flag = name in RULE_COLUMNS and RULE_COLUMNS[name].kind == "flag"
        if not covers([span for span, _ in taken], is_flag=is_flag):
            continue
        last = max((source for _, source in taken), key=lambda one: (one.path, one.position))
        others = sorted({source.rule.rule_id for _, source in taken} - {last.rule.rule_id})
        with_whom = f"together with {', '.join(others)} " if others else ""
        by_what = f", whatever {name} is" if name else ""
        problem = f"{with_whom}it takes every {kind} away{by_what}."
        yield draft.about_rule("contradiction", "error", last, ("when",), problem, "Leave something over.")


def requirements_of_the_blocked(draft: Draft) -> Iterator[Finding]:
    """A consent or paper that is asked for only where another rule forbids the thing altogether."""
    analysed = [one for one in _analysed(draft, only_in_force=True) if one.boxes]
    blocks = [one for one in analysed if one.source.rule.effect == "BLOCK"]
    for asked in (one for one in analysed if one.source.rule.effect in REQUIREMENTS):
        for block in blocks:
            same_text = asked.source.rule.when == block.source.rule.when
            if block.kind == asked.kind and (same_text or _lies_in(asked.boxes, block.boxes)):
                problem = f"{block.source.rule.rule_id} blocks every {asked.kind} for which this asks."
                next_step = "Let one of the two go: what is blocked needs no consent or paper."
                yield draft.about_rule("contradiction", "error", asked.source, ("when",), problem, next_step)
                break


def _lies_in(inner: list[Box], outer: list[Box]) -> bool:
    return all(any(box.lies_in(one) for one in outer) for box in inner)


def caps_below_floors(draft: Draft) -> Iterator[Finding]:
    """A cap on limits below the least limit that the bank grants would block where it says to cap."""
    if draft.parameters is None:
        return
    floor = draft.minor(draft.parameters.limit_minimum.value)
    for source in draft.rules_that_hold():
        if source.rule.cap is None or "limit" not in source.rule.applies_to or floor is None:
            continue
        columns = vocabulary("limit", draft.bank.rule_features)
        try:
            cap = _at_most(read_expression(source.rule.cap, "cap", source, columns, ("number",)))
        except PolicyInvalid:
            continue  # told by rule_expressions
        if cap is not None and cap < floor:
            problem = f"it caps a limit at {cap:g}, below the least limit that is granted, {floor} minor units."
            next_step = "Raise the cap, lower limit_minimum in parameters.yaml, or make it a BLOCK."
            yield draft.about_rule("contradiction", "error", source, ("cap",), problem, next_step)


def _at_most(tree: exp.Expression) -> float | None:
    """The constant that a cap can never pass, or None."""
    if isinstance(tree, exp.Least):
        bounds = [bound for one in (tree.this, *tree.expressions) if (bound := _at_most(one)) is not None]
        return min(bounds, default=None)
    return number_of(tree)

"""The list of checks, and running them all over one policy folder."""

from collections.abc import Callable, Iterator
from pathlib import Path

from linewise.policy.checking.actions import (
    action_amounts,
    action_dates,
    action_ids,
    action_relevance,
    bounds,
    disclosure_versions,
    stacking,
)
from linewise.policy.checking.assumptions import assumption_dates
from linewise.policy.checking.contradictions import (
    caps_below_floors,
    conditions_that_cannot_hold,
    nothing_left,
    requirements_of_the_blocked,
)
from linewise.policy.checking.draft import Bank, Draft
from linewise.policy.checking.finding import Finding
from linewise.policy.checking.pricing import credit_wording, stated_rates
from linewise.policy.checking.reading import read_draft
from linewise.policy.checking.reasons import change_codes, constraint_sentences, reason_inputs
from linewise.policy.checking.rule_expressions import rule_examples, rule_expressions
from linewise.policy.checking.rule_files import (
    chosen_packs,
    kill_switches,
    rule_amounts,
    rule_dates,
    rule_ids,
    rule_tables,
)
from linewise.policy.checking.screens import messages_can_be_refused, screen_rules
from linewise.policy.checking.wording import in_their_language, sentence_lengths, time_to_say, treatment_lengths
from linewise.policy.checking.words import prohibited_words

__all__ = ["CHECKS", "check_folder"]

Check = Callable[[Draft], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    action_ids, stacking, action_dates, action_amounts, bounds, disclosure_versions, action_relevance,
    stated_rates, credit_wording, screen_rules, messages_can_be_refused,
    prohibited_words, in_their_language, sentence_lengths, treatment_lengths, time_to_say,
    chosen_packs, kill_switches, rule_ids, rule_dates, rule_amounts, rule_tables, rule_expressions, rule_examples,
    conditions_that_cannot_hold, nothing_left, requirements_of_the_blocked, caps_below_floors,
    reason_inputs, constraint_sentences, change_codes, assumption_dates,
)  # fmt: skip
"""One function a check; what each looks for stands in its docstring."""


def check_folder(root: Path, bank: Bank) -> list[Finding]:
    """All findings about a policy folder, the gravest first, then by file and line."""
    draft = read_draft(root, bank)
    found = [*draft.found, *(finding for check in CHECKS for finding in check(draft))]
    return sorted(set(found), key=lambda one: one.place)

"""The SQL that a rule may use: parsed, checked name by name and type by type, and made plain for the machine.

Nothing else is ever run: no text of a rule reaches Python, and what is not listed here is refused.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp

from linewise.policy.rules.reading import WORDS, Kind, Reader, Refused
from linewise.policy.rules.source import RuleSource

__all__ = ["MOST_CHARACTERS", "Kind", "read_expression"]

MOST_CHARACTERS = 2_000
"""Longer expressions are refused: nobody can judge them, and parsers recurse."""


def read_expression(
    text: str, field: str, source: RuleSource, columns: Mapping[str, Kind], wanted: Sequence[Kind]
) -> exp.Expression:
    """The checked tree of one expression of a rule, its parameters filled in.

    What the machine meets in it: AND, OR, NOT, the six comparisons, IS NULL, IN over constants, columns,
    numbers, texts, TRUE and FALSE, unary minus, +, -, *, COALESCE, LEAST and GREATEST. Flags stand for
    themselves: `flag = 1` has become `flag`. Raises PolicyInvalid with file and line for anything else, for
    an unknown column or parameter, and for a number, a flag or a text used as one of the others.
    """
    try:
        # A copy: what is made of a tree takes parts of it away.
        kind, tree = Reader(columns, source.params).read(_parsed(text).copy())
        if kind not in wanted:
            raise Refused(f"{text!r} gives a {kind}", f"A {' or a '.join(wanted)} was expected.")
    except RecursionError as err:
        raise source.invalid(field, f"{text!r} is nested too deeply", "A flat expression was expected.") from err
    except Refused as err:
        raise source.invalid(field, str(err), err.expected) from err
    return tree


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> exp.Expression:
    """A policy is read for every scope of its rules, and anew with every release: the texts are the same."""
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"an expression of {len(text)} characters", f"At most {MOST_CHARACTERS} were expected.")
    try:
        found = sqlglot.parse(text, read="sqlite")
    except (sqlglot.errors.SqlglotError, RecursionError) as err:
        raise Refused(f"{text!r} is not a SQL expression", f"{WORDS}.") from err
    if len(found) != 1 or not isinstance(found[0], exp.Expression):
        raise Refused(f"{text!r} is not one SQL expression", f"{WORDS}.")
    return found[0]

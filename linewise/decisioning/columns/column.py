"""One column that a rule may name: what it means, of what it is a property, and what it takes to know it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["ColumnOf", "RuleColumn", "flags", "numbers", "texts"]

ColumnOf = Literal["customer", "action", "offer", "limit", "plan", "campaign", "promotion", "screen", "bank"]
"""Of what a column is a property; `action` stands for every candidate alike: an offer, a limit, a plan."""


@dataclass(frozen=True, slots=True)
class RuleColumn:
    """A column beside the features.

    kind: number, flag (1 or 0) or text. unit: that of a number, empty otherwise. needs: the contract tables
    without which the column cannot be known at all; a bank that declares one of them absent has the rules
    over the column switched off. A value that is not known of one row is missing: NaN, or None for a text.
    """

    name: str
    kind: Literal["number", "flag", "text"]
    of: ColumnOf
    meaning: str
    unit: str = ""
    needs: frozenset[str] = frozenset()


def flags(of: ColumnOf, needs: str, meanings: Mapping[str, str]) -> Iterator[RuleColumn]:
    """Flags that need the same tables, named in one text; 1 where the meaning holds, else 0."""
    return (RuleColumn(name, "flag", of, meaning, "", frozenset(needs.split())) for name, meaning in meanings.items())


def texts(of: ColumnOf, needs: str, meanings: Mapping[str, str]) -> Iterator[RuleColumn]:
    """Texts that need the same tables."""
    return (RuleColumn(name, "text", of, meaning, "", frozenset(needs.split())) for name, meaning in meanings.items())


def numbers(of: ColumnOf, needs: str, unit: str, meanings: Mapping[str, str]) -> Iterator[RuleColumn]:
    """Numbers of one unit that need the same tables."""
    tables = frozenset(needs.split())
    return (RuleColumn(name, "number", of, meaning, unit, tables) for name, meaning in meanings.items())

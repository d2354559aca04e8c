"""What a checked expression comes to, from its leaves up: the one walk of everything that runs or rewrites it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlglot import exp

__all__ = ["Forms", "folded", "number_of"]

Result = TypeVar("Result")
Forms = Mapping[type[exp.Expression], Callable[..., Any]]
"""A function for each form of the language, of what its parts come to, in their order: IN's subject comes first."""

LEAVES = (exp.Column, exp.Literal, exp.Boolean)


def folded(node: exp.Expression, leaf: Callable[[exp.Expression], Result], forms: Forms) -> Result:
    """`leaf` of a column or a constant; else the function of its form. IS NULL has one part, for NULL is none."""
    if isinstance(node, LEAVES):
        return leaf(node)
    parts = (one for one in node.iter_expressions() if not isinstance(one, exp.Null))
    result: Result = forms[type(node)](*(folded(one, leaf, forms) for one in parts))
    return result


def number_of(tree: exp.Expression) -> float | None:
    """The number that a checked tree is, or None where it is more than that, or something else."""
    if isinstance(tree, exp.Neg):
        inner = number_of(tree.this)
        return None if inner is None else -inner
    return float(tree.name) if isinstance(tree, exp.Literal) and not tree.is_string else None

"""The answer of a door that puts offers forward and nothing else: no limit, no plan and no probability."""

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["bare_answer"]


def bare_answer(
    context: Mapping[str, Any],
    offers: Sequence[Mapping[str, Any]],
    *,
    binding: str,
    no_limit: Mapping[str, str],
    no_plan: Mapping[str, str],
) -> dict[str, Any]:
    """Every field that a decision's answer has, in the order given: these offers, and why there is nothing else.

    context: as the inputs of the record hold it. no_limit, no_plan: by language.
    """
    language = context["language"]
    nothing: dict[str, Any] = {
        "current_amt": 0,
        "suggested_amt": 0,
        "max_amt": 0,
        "kind": "hold",
        "binding": binding,
    }
    empty: dict[str, list[Any]] = {
        "reasons": [], "why_not": [], "principal_reasons": [], "shape": [], "curve": [],
    }  # fmt: skip
    return {
        "channel": context["channel"],
        "language": language,
        "help": [],
        "offers": [{**one, "rank": rank} for rank, one in enumerate(offers)],
        "offers_none_because": None,
        "not_offered": [],
        "limit": nothing
        | empty
        | {"binding_text": no_limit[language], "request": None, "temporary": None, "standing_quote": None},
        "plans": [],
        "plans_not_offered": [],
        "plans_principal_reasons": [],
        "plans_none_because": no_plan[language],
        "hardship": None,
    }

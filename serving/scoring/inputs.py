"""What was known when a decision was made, in a form that decides the same again."""

from typing import Any

import numpy as np

from linewise.decisioning.types import Decisions, State

__all__ = ["inputs_of"]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value.tolist()]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


def inputs_of(decisions: Decisions, row: int) -> dict[str, Any]:
    """Feature values as used, master data, state, context and seed of one customer of the chunk.

    State over offers is a list in the order of the catalogue.
    """
    customers, state, context = decisions.customers, decisions.state, decisions.context
    values = zip(customers.feature_names, customers.features[row].tolist(), strict=True)
    return {
        "features": {name: _plain(value) for name, value in values},
        "facts": {name: _plain(column[row]) for name, column in customers.facts.items()},
        "current_limit_amt": int(customers.current_limit_amt[row]),
        "state": {name: _plain(getattr(state, name)[row]) for name in State.__slots__},
        "context": {"channel": context.channel, "is_identity_verified": context.is_identity_verified},
        "seed": decisions.seed,
    }

"""What was known when a decision was made, written as JSON and read back to the very same arrays."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from linewise.core.clock import as_utc
from linewise.decisioning.columns import RULE_COLUMNS
from linewise.decisioning.prices import Prices
from linewise.decisioning.types import Context, Customers, Decisions, State

__all__ = ["Known", "from_inputs", "inputs_from", "inputs_of"]

APART = frozenset({"currency", "feature_names", "features", "facts"})
"""Fields of Customers with a shape of their own; every other one is an array with a row a customer."""


@dataclass(frozen=True, slots=True)
class Known:
    """What `decide` takes, of decisions that share context, seed and prices."""

    customers: Customers
    state: State
    context: Context
    prices: Prices
    seed: int


def _plain(value: Any) -> Any:
    """JSON for one value: a missing number or moment is null, an infinite number its name."""
    if isinstance(value, float):
        return _plain_float(float(value))
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else str(value.astype("datetime64[us]"))
    if isinstance(value, np.ndarray):
        return _plain_array(value)
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, datetime):
        return as_utc(value).isoformat()
    return _plain(value.item()) if isinstance(value, np.generic) else value


def _plain_float(value: float) -> float | str | None:
    return value if math.isfinite(value) else None if math.isnan(value) else str(value)


def _plain_item(column: NDArray[Any], row: int) -> Any:
    """The same for one row of a column; hundreds of them are written at every decision."""
    kind = column.dtype.kind
    if column.ndim > 1 or kind == "M":
        return _plain(column[row])
    value = column.item(row)
    return _plain_float(value) if kind == "f" else value if kind in "biuU" else _plain(value)


def _plain_array(values: NDArray[Any]) -> list[Any]:
    """The same for each value; flags and whole numbers are JSON as they are, and so are numbers that are all finite."""
    kind = values.dtype.kind
    if kind in "biu" or (kind == "f" and np.isfinite(values).all()):
        return list(values.tolist())
    if kind == "f":
        return [_plain_float(one) for one in values.tolist()]
    return [_plain(one) for one in (values if kind == "M" else values.tolist())]


def _row(struct: object, row: int, apart: frozenset[str] = frozenset()) -> dict[str, Any]:
    """One row of a struct of arrays, field by field; a mapping of arrays becomes a mapping of values."""
    taken = {}
    for field in fields(struct):  # type: ignore[arg-type]  # every struct of the decision is a dataclass
        if field.name not in apart:
            value = getattr(struct, field.name)
            taken[field.name] = (
                {name: _plain_item(column, row) for name, column in value.items()}
                if isinstance(value, Mapping)
                else _plain_item(value, row)
            )
    return taken


def inputs_of(decisions: Decisions, row: int, prices: Prices) -> dict[str, Any]:
    """All that `decide` was given for one customer of the chunk: nothing else is needed to decide the same again."""
    known = Known(decisions.customers, decisions.state, decisions.context, prices, decisions.seed)
    return inputs_from(known, row)


def inputs_from(known: Known, row: int) -> dict[str, Any]:
    """One customer of what is known, as JSON.

    State over offers is a list in the order of the catalogue; amounts are minor units, moments UTC.
    """
    customers, context = known.customers, known.context
    return {
        "features": dict(zip(customers.feature_names, _plain(customers.features[row]), strict=True)),
        "facts": {name: _plain_item(column, row) for name, column in customers.facts.items()},
        "currency": customers.currency,
        **_row(customers, row, APART),
        "state": _row(known.state, row),
        "context": {field.name: _plain(getattr(context, field.name)) for field in fields(context)},
        # What is not scarce is left out: a release of before a price was known decides on these inputs too.
        "prices": {name: price for name in Prices.__slots__ if (price := getattr(known.prices, name))},
        "seed": known.seed,
    }


@cache
def _hints(struct: type) -> dict[str, Any]:
    return get_type_hints(struct)


def _dtype_of(hint: Any) -> np.dtype[Any]:
    """The type of an array's values from its annotation, NDArray[np.float64] giving float64."""
    scalar = get_args(get_args(hint)[1])[0]
    return np.dtype("datetime64[us]") if scalar is np.datetime64 else np.dtype(scalar)


def _array(values: Sequence[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    if dtype.kind == "f":
        return _floats(values)
    if dtype.kind == "M":
        return np.array(["NaT" if one is None else one for one in values], dtype=dtype)
    return np.array(values, dtype=dtype)


def _floats(values: Sequence[Any]) -> NDArray[np.float64]:
    # Through objects, for which numpy takes null for NaN and reads "inf" as what it names.
    return np.array(values, dtype=object).astype(np.float64)


def _column(name: str, values: Sequence[Any]) -> NDArray[Any]:
    """A column of the register of what rules may name: texts as objects with None, or numbers with NaN."""
    is_text = name in RULE_COLUMNS and RULE_COLUMNS[name].kind == "text"
    return np.array(values, dtype=object) if is_text else _floats(values)


def _columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
    return {name: _column(name, [row[name] for row in rows]) for name in rows[0]}


def _arrays(struct: type, rows: Sequence[Mapping[str, Any]], apart: frozenset[str] = frozenset()) -> dict[str, Any]:
    arrays: dict[str, Any] = {}
    for name, hint in _hints(struct).items():
        if name not in apart:
            values = [row[name] for row in rows]
            is_mapping = isinstance(get_origin(hint), type) and issubclass(get_origin(hint), Mapping)
            arrays[name] = _columns(values) if is_mapping else _array(values, _dtype_of(hint))
    return arrays


def _context(written: Mapping[str, Any]) -> Context:
    return Context(**{**written, "decided_at": datetime.fromisoformat(written["decided_at"])})


def from_inputs(inputs: Sequence[Mapping[str, Any]]) -> Known:
    """The arrays that `inputs_of` wrote, for decisions that share features, context, seed and prices.

    Raises KeyError for inputs that lack a part: those of a release whose decisions took other things.
    """
    first = inputs[0]
    names = tuple(first["features"])
    customers = Customers(
        currency=first["currency"],
        feature_names=names,
        features=_floats([[one["features"][name] for name in names] for one in inputs]),
        facts=_columns([one["facts"] for one in inputs]),
        **_arrays(Customers, inputs, APART),
    )
    return Known(
        customers=customers,
        state=State(**_arrays(State, [one["state"] for one in inputs])),
        context=_context(first["context"]),
        prices=Prices(**first["prices"]),
        seed=first["seed"],
    )

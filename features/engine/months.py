"""What the months of a pair answer: twelve numbers a measure at most, which the walk has summed already.

A month's row is never made. Each reduction goes over the months of all pairs at once, as arrays (n_months, n_pairs).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
from ibis.expr import operations as ops
from numpy.typing import NDArray

from features.engine.plan import MONTH, Asked, Window, asked, plan_of
from features.engine.room import Room
from features.engine.walk import NONE
from features.feature import Feature
from features.grains import GRAIN_COLUMNS
from features.grains.transactions import DAYS_A_MONTH, MONTHS_KEPT, month_measures
from linewise.core.compiling import compiled

if TYPE_CHECKING:
    from ibis.expr.types import Table

__all__ = ["Months"]

_PAIRS_AT_A_TIME = 1024
"""So many pairs' months lie in the cache between two reductions."""

_NUMPY: Mapping[type[Any], Callable[[Any, Any], Any]] = {
    ops.And: np.logical_and,
    ops.Or: np.logical_or,
    ops.Less: np.less,
    ops.LessEqual: np.less_equal,
    ops.Greater: np.greater,
    ops.GreaterEqual: np.greater_equal,
    ops.Equals: np.equal,
    ops.NotEquals: np.not_equal,
    ops.Add: np.add,
    ops.Subtract: np.subtract,
    ops.Multiply: np.multiply,
}
"""What may stand in a condition or a value: a month's measures are never missing, so nothing asks for that."""

_QUARTERS = (0.25, 0.5, 0.75)
"""Between two amounts up to 2**51 they are exact, in whatever order they are computed."""


class Months:
    """The questions that features put to months; `plan` holds the arithmetic over the answers.

    `needed` are the sums of transactions, month by month, that the answers are made of. Raises ValueError where a
    feature is of another shape.
    """

    def __init__(self, features: Sequence[Feature], transactions: "Table") -> None:
        rows = ibis.table({name: kind for name, (kind, _) in GRAIN_COLUMNS["month"].items()}, name="month_rows")
        self.plan = plan_of({feature.name: feature.expression(rows) for feature in features}, "m", by=MONTH)
        measures = {name: asked(measure).measure for name, measure in month_measures(transactions).items()}
        windows = [Window(month * DAYS_A_MONTH, (month + 1) * DAYS_A_MONTH) for month in range(MONTHS_KEPT)]
        self._names = tuple(measures)
        self.needed = [Asked(measure, window) for measure in measures.values() for window in windows]
        for one in self.plan.asked:
            _check(one)

    def answers(self, months: NDArray[np.int64], first_age_days: NDArray[np.int64], room: Room) -> NDArray[np.int64]:
        """The answers (n_asked, n_pairs), NONE where there is none; a quantile's are float64 bit for bit.

        months (n_needed, n_pairs): the answers to `needed`; first_age_days (n_pairs,): NONE where a pair knows of no
        transaction.
        """
        measures = months.reshape(len(self._names), MONTHS_KEPT, -1)
        answers = room.array(len(self.plan.asked), len(first_age_days))
        for start in range(0, len(first_age_days), _PAIRS_AT_A_TIME):
            pairs = slice(start, start + _PAIRS_AT_A_TIME)
            # A month without rows holds zeros, from the first known transaction on.
            told = np.where(measures[:, :, pairs] == NONE, 0, measures[:, :, pairs])
            by_name = dict(zip(self._names, told, strict=True))
            is_known = np.arange(0, MONTHS_KEPT * DAYS_A_MONTH, DAYS_A_MONTH)[:, np.newaxis] <= first_age_days[pairs]
            for one, row in zip(self.plan.asked, answers, strict=True):
                row[pairs] = _answer(one, by_name, is_known)
        return answers


def _check(one: Asked) -> None:
    measure = one.measure
    if measure.how not in {"sum", "count", "quantile"} or (measure.how == "quantile" and measure.at not in _QUARTERS):
        raise ValueError(f"{measure.how} of months: a sum, a count or a quarter was expected")
    for op in (measure.value, measure.where):
        for part in () if op is None else op.find(ops.Value):
            if not isinstance(part, (ops.Field, ops.Literal, *_NUMPY)):
                raise ValueError(f"{part.name} of months: a comparison, a sum or a product was expected")


def _answer(one: Asked, measures: Mapping[str, NDArray[np.int64]], is_known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The answer of each pair; measures (n_months, n_pairs) by name, is_known (n_months, n_pairs)."""
    months = slice(one.window.start, one.window.end)
    shown = {name: told[months] for name, told in measures.items()}
    counts = is_known[months]
    if one.measure.where is not None:
        counts = counts & _value(one.measure.where, shown)
    if one.measure.how == "count":
        return counts.sum(axis=0)
    values = _value(one.measure.value, shown)
    if one.measure.how == "sum":
        return np.where(counts.any(axis=0), np.where(counts, values, 0).sum(axis=0), NONE)
    return _quantiles(values, counts, one.measure.at)


def _value(op: Any, measures: Mapping[str, NDArray[np.int64]]) -> Any:
    match op:
        case ops.Field(name=name):
            return measures[name]
        case ops.Literal(value=value):
            return value
        case _:
            return _NUMPY[type(op)](*(_value(part, measures) for part in op.args))


@compiled
def _quantiles(values: Any, counts: Any, at: float) -> Any:
    """The value that the share `at` of each pair's values lies below, NONE where none counts; float64 bit for bit.

    Between two values it lies as far as the share lies between their places, as in SQL's PERCENTILE_CONT.
    """
    months, pairs = values.shape
    found, ordered = np.empty(pairs, dtype=np.int64), np.empty(months, dtype=np.int64)
    between = found.view(np.float64)
    for pair in range(pairs):
        count = 0
        for month in range(months):
            if counts[month, pair]:
                place, value = count, values[month, pair]
                while place > 0 and ordered[place - 1] > value:
                    ordered[place] = ordered[place - 1]
                    place -= 1
                ordered[place] = value
                count += 1
        if count == 0:
            found[pair] = NONE
            continue
        reach = (count - 1) * at
        low = int(reach)
        part = reach - low
        between[pair] = ordered[low]
        if part > 0:
            between[pair] = ordered[low] * (1.0 - part) + ordered[low + 1] * part
    return found

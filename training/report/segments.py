"""How a model does in groups of customers: by attributes that are judged and never an input."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linewise.bank.tables import Bank
from linewise.quality.calibration import cell_of
from linewise.quality.ranked import Ranked
from linewise.quality.resampling import percentiles, resampled
from training.report.model_report import Segment

__all__ = ["Groups", "protected_groups", "segments_of"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CUSTOMERS_MINIMUM = 30
"""With the label and without it, below which a figure of ranking says nothing."""

TABLE = "protected_attributes"
UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Groups:
    """The value of an attribute for each customer, (n_customers,) by their number in a dataset."""

    attribute: str
    is_protected: bool
    values: tuple[str, ...]


def protected_groups(bank: Bank, customer_ids: Sequence[str]) -> tuple[Groups, ...]:
    """The protected attributes that the bank delivers, of these customers; none where it delivers none."""
    if not bank.has(TABLE):
        return ()
    rows = bank.read(TABLE, ["customer_id", "attribute", "value"]).to_pylist()
    by_attribute: dict[str, dict[str, str]] = {}
    for row in rows:
        by_attribute.setdefault(row["attribute"], {})[row["customer_id"]] = row["value"]
    return tuple(
        Groups(attribute, True, tuple(known.get(customer_id, UNKNOWN) for customer_id in customer_ids))
        for attribute, known in sorted(by_attribute.items())
    )


def segments_of(
    y: Integers, probability: Floats, groups: Integers, by: Sequence[Groups], seed: int
) -> tuple[Segment, ...]:
    """Rows (n_rows,) of customers `groups`, told apart by each attribute."""
    found = []
    for one in by:
        value_of_row = np.array(one.values, dtype=object)[groups]
        for value in sorted(set(value_of_row.tolist())):
            rows = np.flatnonzero(value_of_row == value)
            found.append(_segment(one, str(value), (y[rows], probability[rows], groups[rows]), seed))
    return tuple(found)


def _segment(of: Groups, value: str, rows: tuple[Integers, Floats, Integers], seed: int) -> Segment:
    y, probability, groups = rows
    with_it = len(np.unique(groups[y == 1]))
    auc = None
    if min(with_it, len(np.unique(groups)) - with_it) >= CUSTOMERS_MINIMUM:
        ranked = Ranked.by(probability, y)
        once, drawn = resampled(lambda weight: ranked.figures(weight)[:1], groups, seed)
        auc = percentiles(float(once[0]), drawn[:, 0])
    return Segment(
        attribute=of.attribute,
        is_protected=of.is_protected,
        value=value,
        row_count=len(y),
        positive_count=int(y.sum()),
        auc=auc,
        calibration=cell_of("overall", value, y, probability, groups),
    )

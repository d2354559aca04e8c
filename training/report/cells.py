"""By what rows are told apart in a report: the action that was taken, and the month."""

import numpy as np
import numpy.typing as npt

from training.dataset import Dataset

__all__ = ["actions_of", "months_of"]

Integers = npt.NDArray[np.int64]
Places = tuple[tuple[str, ...], Integers]

RAISE_EDGES = (0.0, 0.10, 0.25, 0.50, 1.00)
MOST_ACTIONS, MOST_MONTHS = 24, 12


def actions_of(data: Dataset) -> Places | None:
    """By what was given: bands of the raise or loan over its scale, or the offers by their attributes.

    The words of the cells, and the place of each row's (n_rows,). None where nothing was given.
    """
    if data.principal_amt is not None and data.scale_amt is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(data.principal_amt > 0, data.principal_amt / data.scale_amt, 0.0)
        words = (
            "nothing given",
            *(f"up to {edge:.0%}" for edge in RAISE_EDGES[1:]),
            f"above {RAISE_EDGES[-1]:.0%}",
        )
        return words, np.searchsorted(RAISE_EDGES, np.nan_to_num(ratio, nan=np.inf), side="left")
    if not data.offer_attributes:
        return None
    values = data.x[:, len(data.feature_names) :]
    distinct, place = np.unique(values, axis=0, return_inverse=True)
    if len(distinct) > MOST_ACTIONS:
        return None
    telling = _telling(distinct)
    words = tuple(
        ", ".join(f"{data.offer_attributes[at].removeprefix('offer_').replace('_', ' ')} {row[at]:g}" for at in telling)
        or "all"
        for row in distinct
    )
    return words, place.reshape(-1).astype(np.int64)


def _telling(distinct: npt.NDArray[np.float64]) -> list[int]:
    """The columns, in order, of a few that tell all these rows apart: each time the one that tells most apart."""
    found: list[int] = []
    apart = 1
    while apart < len(distinct):
        counts = {
            at: len(np.unique(distinct[:, [*found, at]], axis=0)) for at in range(distinct.shape[1]) if at not in found
        }
        best = max(counts, key=lambda at: counts[at])
        found.append(best)
        apart = counts[best]
    return sorted(found)


def months_of(data: Dataset) -> Places | None:
    """By the month of the row, or its quarter where there are many; None where rows carry no time."""
    if data.as_of is None or not len(data.as_of):
        return None
    month = data.as_of.astype("datetime64[M]").astype(np.int64)
    if len(np.unique(month)) > MOST_MONTHS:
        quarters, place = np.unique(month // 3, return_inverse=True)
        return tuple(f"{1970 + q // 4}, quarter {q % 4 + 1}" for q in quarters.tolist()), place.astype(np.int64)
    months, place = np.unique(month, return_inverse=True)
    return tuple(str(np.datetime64(int(m), "M")) for m in months), place.astype(np.int64)

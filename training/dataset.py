"""The arrays that a model is fitted on: inputs read through Feast's historical door beside their labels."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from linewise.core.errors import DataCheckFailed
from linewise.core.home import Home
from linewise.decisioning.hashing import words_of
from training.folds import lasting_folds
from training.labels import AmountLabels, Labels, ShowingLabels
from training.specs import ModelSpec

__all__ = [
    "CASES_MINIMUM",
    "AmountDataset",
    "Dataset",
    "ShowingDataset",
    "build_dataset",
    "enforce_learnable",
    "read_frames",
]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]

CASES_MINIMUM = 10  # of each class: two for each of five folds; below that no fold says anything


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows to learn from; every array has n_rows along its first axis.

    x (n_rows, n_inputs) holds the features, then the attributes of the offer; NaN is missing. y is 0 or 1.
    groups numbers the customers (a fold never parts one), cases numbers the questions asked (a customer
    at a moment; several offers of one case are several rows). principal_amt and scale_amt (minor units)
    are there for models with a dose and None otherwise. as_of and ripe_at (datetime64[us], UTC): the moment of each
    row and the one from which its label could be known; None where rows carry no time. weight: for how many rows
    each stands, None where each is one. owed_amt (minor units): what is owed on cards after the label's horizon,
    is_randomised: whether chance alone decided on the raise; None where nobody knows. customer_key: a number of each
    row's customer that hangs on nothing but the id, where groups number those who are in the rows; None where groups
    do so themselves. offer_ids and has_control_group are those of the labels.
    """

    by_row: ClassVar[tuple[str, ...]] = (
        *("x", "y", "groups", "cases", "principal_amt", "scale_amt"),
        *("as_of", "ripe_at", "weight", "owed_amt", "is_randomised", "customer_key"),
    )

    name: str
    feature_names: tuple[str, ...]
    offer_attributes: tuple[str, ...]
    x: Floats
    y: Integers
    groups: Integers
    cases: Integers
    principal_amt: Floats | None = None
    scale_amt: Floats | None = None
    as_of: Moments | None = None
    ripe_at: Moments | None = None
    weight: Floats | None = None
    owed_amt: Floats | None = None
    is_randomised: Bools | None = None
    customer_key: Integers | None = None
    offer_ids: tuple[str, ...] = ()
    has_control_group: bool = False
    horizon_months: float = 12.0
    definitions_hash: str = ""
    data_hash: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns of x, in order."""
        return self.feature_names + self.offer_attributes

    def lasting_folds(self, fold_count: int, purpose: str, label: Integers | None = None) -> Integers:
        """The fold of each row (n_rows,) as `training.folds.lasting_folds` deals them, by y or another label."""
        customers = self.groups if self.customer_key is None else self.customer_key
        return lasting_folds(self.y if label is None else label, customers, fold_count, purpose)

    def rows(self, index: Integers) -> Self:
        """The same dataset with only these rows."""
        cut = {name: value[index] for name in self.by_row if (value := getattr(self, name)) is not None}
        return replace(self, **cut)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountDataset(Dataset):
    """Rows to learn an amount (minor units) from, beside the raise and the line; y says whether there is any.

    is_share: as of the labels.
    """

    by_row: ClassVar = (*Dataset.by_row, "amount_amt")

    principal_amt: Floats
    scale_amt: Floats
    amount_amt: Floats
    is_share: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingDataset(Dataset):
    """Pairs of a customer at a moment and an offer that was shown then, or was not; see `ShowingLabels`.

    The last input says which. agents numbers the agents, -1 where there was none; propensity: where a lot decided,
    with what probability a row is one of an offer that was shown, else NaN; None where none ever did. pscore: of what
    was shown the probability with which it was chosen, NaN where nobody wrote it down and of what was not shown; None
    where nobody knows any.
    """

    by_row: ClassVar = (*Dataset.by_row, "is_shown", "is_pitched", "is_censored", "agents", "propensity", "pscore")

    is_shown: Integers
    is_pitched: Floats
    is_censored: npt.NDArray[np.bool_]
    agents: Integers
    propensity: Floats | None = None
    pscore: Floats | None = None

    def as_if(self, is_shown: int) -> Floats:
        """The inputs as if every offer had been shown (1), or none (0), (n_rows, n_inputs)."""
        x = self.x.copy()
        x[:, -1] = is_shown
        return x


def read_frames(home: Home, labels: Sequence[Labels]) -> list[pd.DataFrame]:
    """The features of each labels' rows, in their order, read through Feast's point-in-time join.

    They are built first, all in one pass over the bank; labels of the same rows share one frame. Raises
    FeaturesMissing where the features cannot be read.
    """
    # Feast and Ibis take 8 s to load, which no other command of this package should wait for.
    from features.building import build_features  # noqa: PLC0415
    from features.historical import historical  # noqa: PLC0415

    pairs = [one.pairs() for one in labels]
    distinct: list[pa.Table] = []
    for one in pairs:
        if not any(one.equals(other) for other in distinct):
            distinct.append(one)
    build_features(home, pa.concat_tables(distinct))
    frames = [historical(home, one.to_pandas().rename(columns={"as_of": "event_timestamp"})) for one in distinct]
    return [next(frame for frame, other in zip(frames, distinct, strict=True) if one.equals(other)) for one in pairs]


def build_dataset(spec: ModelSpec, labels: Labels, frame: pd.DataFrame) -> Dataset:
    """The labels beside their features, `frame` (n_rows,) of `read_frames`.

    A raise of the line in force asks for a line: rows without one are left out. Raises DataCheckFailed where a
    label has too few cases to learn from.
    """
    from features.catalogue import FEATURES, definitions_hash  # noqa: PLC0415  Ibis, as above

    names = tuple(feature.name for feature in FEATURES if spec.purpose in feature.allowed_for)
    features = frame[list(names)].to_numpy(dtype=np.float64)
    told: dict[str, Any] = {
        "name": spec.name,
        "feature_names": names,
        "offer_attributes": labels.offer_attributes,
        "x": np.ascontiguousarray(np.hstack([features, labels.offer_values])),
        "y": labels.y,
        "groups": _numbered(labels.customer_id),
        "cases": _numbered(labels.customer_id, labels.as_of),
        "principal_amt": labels.principal_amt if spec.dose else None,
        "scale_amt": frame[spec.dose.scale_feature].to_numpy(dtype=np.float64) if spec.dose else None,
        "as_of": labels.as_of,
        "ripe_at": labels.known_at,
        "owed_amt": labels.owed_amt,
        "is_randomised": labels.is_randomised,
        "customer_key": words_of("customer|", np.asarray(labels.customer_id, dtype=np.str_)).view(np.int64),
        "offer_ids": labels.offer_ids,
        "has_control_group": labels.has_control_group,
        "horizon_months": labels.horizon_months,
        "definitions_hash": definitions_hash(),
    }
    dataset = Dataset(**told)
    if isinstance(labels, AmountLabels):
        dataset = AmountDataset(**told, amount_amt=labels.amount_amt, is_share=labels.is_share)
    if isinstance(labels, ShowingLabels):
        dataset = ShowingDataset(
            **told,
            is_shown=labels.is_shown,
            is_pitched=labels.is_pitched,
            is_censored=labels.is_censored,
            agents=np.where(labels.agent_id == "", -1, _numbered(labels.agent_id)),
            pscore=labels.pscore,
            propensity=_known(labels.propensity),
        )
    dataset = replace(dataset, data_hash=_hash(dataset, labels))
    if spec.dose is not None and spec.dose.anchor == "line" and dataset.scale_amt is not None:
        dataset = dataset.rows(np.flatnonzero(dataset.scale_amt > 0))
    if isinstance(dataset, AmountDataset):
        _enforce_raised(dataset)
    else:
        enforce_learnable(spec.name, dataset.y, dataset.groups)
    return dataset


def _known(propensity: Floats | None) -> Floats | None:
    """None where not one is known."""
    return None if propensity is None or np.isnan(propensity).all() else propensity


def _enforce_raised(data: AmountDataset) -> None:
    """Refuse an amount where too few customers ever had it, or had their line raised (DataCheckFailed)."""
    raised_count, with_it = (len(np.unique(data.groups[rows])) for rows in (data.principal_amt > 0, data.y == 1))
    if min(raised_count, with_it) < CASES_MINIMUM:
        raise DataCheckFailed(
            f"The model {data.name!r} cannot be trained: {with_it} customers have the amount, and of {raised_count} "
            "the line was raised.",
            f"At least {CASES_MINIMUM} of each are needed. The champion, if there is one, stays as it is.",
            "See which tables the bank delivers with: linewise bank check",
        )


def enforce_learnable(name: str, y: Integers, customer_id: Sequence[str] | Integers) -> None:
    """Refuse a label with fewer than CASES_MINIMUM customers of either class (DataCheckFailed)."""
    customers = np.asarray(customer_id, dtype=object)
    with_it = len(set(customers[y == 1]))
    without = len(set(customers) - set(customers[y == 1]))
    if min(with_it, without) < CASES_MINIMUM:
        raise DataCheckFailed(
            f"The model {name!r} cannot be trained: {with_it} customers have the label, {without} do not.",
            f"At least {CASES_MINIMUM} of each are needed. The champion, if there is one, stays as it is.",
            "See which tables the bank delivers with: linewise bank check",
        )


def _numbered(*keys: Sequence[str] | npt.NDArray[np.generic]) -> Integers:
    """Numbers 0, 1, … for distinct keys in order of appearance."""
    frame = pd.DataFrame({str(place): list(key) for place, key in enumerate(keys)})
    return np.asarray(frame.groupby(list(frame.columns), sort=False).ngroup(), dtype=np.int64)


def _hash(dataset: Dataset, labels: Labels) -> str:
    """SHA-256 of everything the fit depends on, so that two runs can be told to have seen the same data."""
    digest = hashlib.sha256(repr((dataset.name, dataset.inputs, dataset.definitions_hash)).encode())
    digest.update("\n".join(labels.customer_id).encode())
    digest.update(labels.as_of.astype("datetime64[us]").astype(np.int64).tobytes())
    amount_amt = dataset.amount_amt if isinstance(dataset, AmountDataset) else None
    beside = (dataset.owed_amt, dataset.is_randomised)
    for array in (dataset.x, dataset.y, dataset.principal_amt, dataset.scale_amt, amount_amt, *beside):
        digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()

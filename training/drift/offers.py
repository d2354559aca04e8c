"""What the offers are like that are shown in calls, beside the same days a year before: inputs of take-up, too."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from features.profiling.stability import stability_index
from linewise.bank.tables import Bank
from training.drift.report import Moved
from training.drift.thresholds import DriftThresholds
from training.labels import Offer
from training.querying import floats, paths_of, query, texts
from training.showings import CALL_CHANNEL, IS_SHOWN

__all__ = ["offers_moved"]

Floats = npt.NDArray[np.float64]

_COUNTS = """
SELECT offer_id, count(*) FILTER (shown_at > $since)::DOUBLE AS now,
       count(*) FILTER (shown_at <= $until_then)::DOUBLE AS before
FROM read_parquet($exposures)
WHERE channel = $channel AND recorded_at <= $until
  AND ((shown_at > $since AND shown_at <= $until) OR (shown_at > $since_then AND shown_at <= $until_then))
GROUP BY offer_id ORDER BY offer_id
"""


class ReadsOffers(Protocol):
    """What is needed of a champion: its specification as served."""

    @property
    def spec(self) -> Mapping[str, Any]:
        """With the attributes of an offer that are among its inputs."""


def offers_moved(
    bank: Bank,
    offers: Sequence[Offer],
    champions: Sequence[ReadsOffers],
    dates: tuple[datetime, datetime],
    asked: DriftThresholds,
) -> list[Moved]:
    """How far each attribute of an offer, which a champion reads, has moved among the showings, the farthest first.

    dates: the moment, and the same a year before. Counted are the catalogue's offers by its present attributes; too
    few showings at either date say nothing. The bound is that of mixes, for whole tables are counted.
    """
    read = dict.fromkeys(name for one in champions for name in one.spec["offer_attributes"] if name != IS_SHOWN)
    if not read or not bank.has("exposures"):
        return []
    as_of, reference = dates
    days = timedelta(days=asked.mix_days)
    counts = query(
        _COUNTS,
        {},
        {"exposures": paths_of(bank, "exposures"), "channel": CALL_CHANNEL, "until": as_of, "since": as_of - days,
         "until_then": reference, "since_then": reference - days},
    )  # fmt: skip
    by_id = {one.offer_id: one.attributes for one in offers}
    known = [place for place, offer_id in enumerate(texts(counts, "offer_id")) if offer_id in by_id]
    before, now = (floats(counts, name)[known] for name in ("before", "now"))
    if min(before.sum(), now.sum()) < asked.mix_rows_least:
        return []
    told = [by_id[texts(counts, "offer_id")[place]] for place in known]
    found = [
        _moved(name, np.array([one[name] for one in told]), before / before.sum(), now / now.sum(), asked)
        for name in read
        if all(name in one for one in told)
    ]
    return sorted(found, key=lambda one: -one.figure)


def _moved(name: str, values: Floats, before: Floats, now: Floats, asked: DriftThresholds) -> Moved:
    distinct, place = np.unique(values, return_inverse=True)
    were, are = (np.bincount(place, shares, minlength=len(distinct)).astype(np.float64) for shares in (before, now))
    index = stability_index(were, are)
    most = int(np.abs(are - were).argmax())
    return Moved(
        part="input",
        what=f"{name} of offers shown",
        figure=index,
        bound=f"at most {asked.mix_psi_most:g}",
        is_alarm=index > asked.mix_psi_most,
        says=f"{distinct[most]:g}: {were[most]:.1%} of the showings a year ago, {are[most]:.1%} now",
    )

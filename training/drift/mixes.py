"""The mix of values in a column of the bank's events, beside the same days a year before."""

from datetime import datetime, timedelta

import numpy as np

from features.profiling.stability import stability_index
from linewise.bank.tables import Bank
from training.drift.report import Moved
from training.drift.thresholds import DriftThresholds, Mix
from training.querying import paths_of, query

__all__ = ["mixes_moved"]

VALUES_MOST = 30
"""Beyond so many values of a column the rest is one: a shop that is new says nothing of the mix."""

_COUNTS = """
WITH told AS (
    SELECT coalesce({column}::VARCHAR, 'missing') AS value, {at} > $since AS is_now
    FROM read_parquet($files)
    WHERE recorded_at <= $until AND {kind}
      AND (({at} > $since AND {at} <= $until) OR ({at} > $since_then AND {at} <= $until_then))
)
SELECT value, count(*) FILTER (is_now) AS now, count(*) FILTER (NOT is_now) AS before
FROM told GROUP BY value ORDER BY count(*) DESC, value
"""


def mixes_moved(bank: Bank, as_of: datetime, reference: datetime, asked: DriftThresholds) -> list[Moved]:
    """How far each watched mix has moved; tables that the bank does not deliver, or with too few rows, are left out."""
    found = []
    for mix in asked.mixes:
        if bank.has(mix.table) and (moved := _moved(bank, mix, as_of, reference, asked)) is not None:
            found.append(moved)
    return found


def _moved(bank: Bank, mix: Mix, as_of: datetime, reference: datetime, asked: DriftThresholds) -> Moved | None:
    days = timedelta(days=asked.mix_days)
    # The names are those of a checked file, each a word of small letters.
    counts = query(
        _COUNTS.format(column=mix.column, at=mix.at, kind=f"kind = '{mix.kind}'" if mix.kind else "true"),
        {},
        {"files": paths_of(bank, mix.table), "until": as_of, "since": as_of - days,
         "until_then": reference, "since_then": reference - days},
    )  # fmt: skip
    values = counts["value"].to_pylist()
    now, before = (np.asarray(counts[name].to_numpy(), dtype=np.float64) for name in ("now", "before"))
    if min(now.sum(), before.sum()) < asked.mix_rows_least:
        return None
    shares = [np.append(one[:VALUES_MOST], one[VALUES_MOST:].sum()) / one.sum() for one in (before, now)]
    index = stability_index(shares[0], shares[1])
    change = shares[1] - shares[0]
    most = int(np.abs(change).argmax())
    name = values[most] if most < min(len(values), VALUES_MOST) else "the rest"
    return Moved(
        part="mix",
        what=str(mix),
        figure=index,
        bound=f"at most {asked.mix_psi_most:g}",
        is_alarm=index > asked.mix_psi_most,
        says=f"{name}: {shares[0][most]:.1%} of the rows a year ago, {shares[1][most]:.1%} now",
    )

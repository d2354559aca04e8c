"""The champions' inputs and scores on customers of today and of the same day a year before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from features.building import computed
from features.catalogue import FEATURES
from features.profiling.distributions import Distribution, Gathering
from features.profiling.stability import bin_shares, bin_starts, index_by_tenths, stability_index
from linewise.bank.tables import Bank
from training.drift.champions import Loaded
from training.drift.report import Moved
from training.drift.thresholds import DriftThresholds

__all__ = ["Snapshot", "inputs_moved", "scores_moved", "snapshots", "window_days"]

Floats = npt.NDArray[np.float64]

HISTORY = "history_days"
_WINDOW = re.compile(r"_(\d+)([dm])$")
DAYS_A_MONTH = 31
RECENCY_DAYS = 365


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Features by name, each (n_customers,), of the customers known at that date."""

    as_of: datetime
    values: Mapping[str, Floats]


def window_days(name: str) -> int:
    """How many days back a feature looks, by its name; 0 where it tells what stands.

    >>> window_days("txn_count_90d"), window_days("net_flow_mean_amt_6m"), window_days("credit_limit_amt")
    (90, 186, 0)
    """
    found = _WINDOW.search(name)
    if found is None:
        return RECENCY_DAYS if name.endswith("_recency_days") else 0
    return int(found[1]) * (1 if found[2] == "d" else DAYS_A_MONTH)


def snapshots(
    bank: Bank, dates: Sequence[datetime], names: Sequence[str], sample_count: int, seed: int
) -> list[Snapshot]:
    """The features of a sample of customers at these dates, computed in memory alone; nothing is stored."""
    everybody = bank.read("customers", ["customer_id"])["customer_id"].to_pylist()
    drawn = np.random.default_rng(seed).permutation(len(everybody))[:sample_count]
    ids = sorted(everybody[place] for place in drawn)
    wanted = list(dict.fromkeys([HISTORY, *names]))
    found = []
    for date in dates:
        moments = pa.array([date] * len(ids), pa.timestamp("us", tz="UTC"))
        pairs = pa.table({"customer_id": pa.array(ids, pa.string()), "as_of": moments})
        rows = pa.concat_tables([part for _, part in computed(bank, pairs, wanted)])
        is_known = ~np.isnan(_column(rows, HISTORY))
        found.append(Snapshot(date, {name: _column(rows, name)[is_known] for name in wanted}))
    return found


def _column(rows: pa.Table, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(), dtype=np.float64)


def inputs_moved(
    now: Snapshot, before: Snapshot, names: Sequence[str], history_days: int, asked: DriftThresholds
) -> list[Moved]:
    """How far each input has moved, the farthest first.

    history_days: what the bank's data told at the earlier date; a feature that looks further back was not whole then
    and is left out. Those that grow with the bank's age are told and raise no alarm.
    """
    of = {feature.name: feature for feature in FEATURES}
    found = []
    for name in names:
        if window_days(name) > history_days:
            continue
        were, are = (_distribution(one, name, Gathering(of[name])) for one in (before, now))
        starts = bin_starts(were)
        index = stability_index(bin_shares(were, starts), bin_shares(are, starts))
        grows = name in asked.growing
        found.append(
            Moved(
                part="input",
                what=name,
                figure=index,
                bound=f"at most {asked.input_psi_most:g}",
                is_alarm=index > asked.input_psi_most and not grows,
                says="grows with the bank's age" if grows else "",
            )
        )
    return sorted(found, key=lambda one: -one.figure)


def _distribution(one: Snapshot, name: str, gathering: Gathering) -> Distribution:
    gathering.add(one.values[name])
    return gathering.distribution()


def scores_moved(now: Snapshot, before: Snapshot, champions: Sequence[Loaded], asked: DriftThresholds) -> list[Moved]:
    """How far each champion's scores have moved, by tenths of the earlier ones."""
    found = []
    for champion in champions:
        were, are = (champion.margins(one.values) for one in (before, now))
        index = index_by_tenths(were, are)
        found.append(
            Moved(
                part="score",
                what=f"{champion.name} {champion.version}",
                figure=index,
                bound=f"at most {asked.score_psi_most:g}",
                is_alarm=index > asked.score_psi_most,
                says=f"mean score {were.mean():.3f} a year ago, {are.mean():.3f} now",
            )
        )
    return found

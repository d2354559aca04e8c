"""Features for training: each pair's row as it was known at its date, by a point-in-time join through Feast."""

import pandas as pd

from features.catalogue import FEATURE_NAMES
from features.rows import BUILD_COMMAND, open_rows
from features.store import applied_store, quietly
from features.view import VIEW
from linewise.core.errors import FeaturesMissing, UsageError
from linewise.core.home import Home

__all__ = ["historical"]

_KEYS = ["customer_id", "event_timestamp"]


def historical(home: Home, pairs: pd.DataFrame) -> pd.DataFrame:
    """The latest feature row at or before each pair's moment, not older than the view's time to live.

    `pairs` holds customer_id and event_timestamp (UTC); the answer has a row a pair, in the same order, with
    those two and FEATURE_NAMES as float64 (NaN = missing). Raises UsageError for other columns and
    FeaturesMissing where a pair has no row: a training set with silent gaps would teach the gaps.
    """
    if not set(_KEYS) <= set(pairs.columns):
        given = ", ".join(map(str, pairs.columns))
        raise UsageError(f"Pairs with the columns {given} were given.", f"{' and '.join(_KEYS)} were expected.")
    open_rows(home)
    asked = pairs[_KEYS].reset_index(drop=True)
    asked["event_timestamp"] = pd.to_datetime(asked["event_timestamp"], utc=True).astype("datetime64[us, UTC]")
    if asked.empty:
        # Joined on at once: pandas warns of a hundred columns that come one by one.
        return asked.join(pd.DataFrame(columns=list(FEATURE_NAMES), index=asked.index, dtype="float64"))
    store = applied_store(home)
    with quietly():
        job = store.get_historical_features(entity_df=asked, features=[f"{VIEW}:{name}" for name in FEATURE_NAMES])
        rows = job.to_df()
    if gaps := int(rows[list(FEATURE_NAMES)].isna().all(axis="columns").sum()):
        raise FeaturesMissing(f"{gaps} of {len(rows)} pairs have no feature row as of their date", BUILD_COMMAND)
    return rows

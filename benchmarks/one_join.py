"""`python -m benchmarks.one_join HOME CUSTOMERS DATES ours|feast RUNS`: seconds, peak memory and hash of one join.

A process of its own, so that the peak is the join's and nobody else's. The pairs are those of a training set: every
customer some days after every date, in order of customer and date as `features.observation` gives them.
"""

import hashlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.peak import peak_gb
from benchmarks.plain_feast import plain_feast
from benchmarks.synthetic_rows import customer_ids, month_ends
from features.catalogue import FEATURE_NAMES
from features.store import applied_store, quietly
from features.view import VIEW
from linewise.core.home import Home

DAYS_AFTER = 25
ASKED = 120
"""Features asked for, of those that the rows have."""


def pairs_of(customers: int, dates: int) -> pd.DataFrame:
    """customer_id, event_timestamp and the pair's place."""
    us_a_day = 86_400_000_000
    moments = np.array([moment.replace(tzinfo=None) for moment in month_ends(dates)], "datetime64[us]").astype(np.int64)
    later = np.random.default_rng(0).integers(0, DAYS_AFTER * us_a_day, (customers, dates))
    at = (moments + later).ravel().view("datetime64[us]")
    frame = pd.DataFrame({"customer_id": np.repeat(np.array(customer_ids(customers), dtype=object), dates)})
    return frame.assign(event_timestamp=pd.Series(at).dt.tz_localize("UTC"), place=np.arange(len(frame)))


def main(root: str, customers: int, dates: int, who: str, runs: int) -> None:
    """Join so many times after a first one that is not counted, and print the median as JSON."""
    home, pairs = Home(Path(root)), pairs_of(customers, dates)
    references = [f"{VIEW}:{name}" for name in FEATURE_NAMES[:ASKED]]
    seconds = []
    with tempfile.TemporaryDirectory() as folder, quietly():
        store = applied_store(home) if who == "ours" else plain_feast(home, Path(folder))
        for _ in range(runs + 1):
            # Let go of the former answer first, or the peak would be that of two.
            answer = None
            began = time.perf_counter()
            answer = store.get_historical_features(pairs, references).to_df()
            seconds.append(time.perf_counter() - began)
    peak = peak_gb()
    answer = answer.sort_values("place")
    digest = hashlib.sha256()
    for name in FEATURE_NAMES[:ASKED]:
        values = answer[name].to_numpy(dtype=np.float64, copy=True)
        values[np.isnan(values)] = np.nan  # whatever bits it had
        digest.update(values.tobytes())
    told = {"seconds": statistics.median(seconds[1:]), "peak_gb": peak, "rows": len(answer), "hash": digest.hexdigest()}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5]))

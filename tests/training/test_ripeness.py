from datetime import datetime, timedelta

import numpy as np
import pytest

from linewise.core.errors import DataCheckFailed
from linewise.core.home import Home
from tests.linewise.bank.builders import END, a_transaction, small_tables, write_small
from training.labels import Labels
from training.ripeness import SLACK_DAYS, enforce_ripe
from training.specs import SPECS

SPEC = SPECS["default"].model_copy(update={"tables": ("transactions", "customers")})


def labels(ripe_at: datetime) -> Labels:
    as_of = np.array([np.datetime64("2025-01-01", "us")])
    ripe = np.array([np.datetime64(ripe_at.replace(tzinfo=None), "us")])
    return Labels(("c1",), as_of, np.array([0]), 12.0, np.empty((1, 0)), ripe_at=ripe)


@pytest.mark.parametrize(("late_days", "is_refused"), [(0, False), (SLACK_DAYS, False), (SLACK_DAYS + 1, True)])
def test_a_label_window_that_reaches_past_the_data_is_refused(home: Home, late_days: int, is_refused: bool):
    posted = [END - timedelta(days=day) for day in range(400)]
    rows = [a_transaction(at, posted_at=moment, recorded_at=moment) for at, moment in enumerate(posted)]
    bank = write_small(home, small_tables(*rows))
    asked = labels(END + timedelta(days=late_days))
    if not is_refused:
        enforce_ripe(SPEC, asked, bank)
        return
    with pytest.raises(DataCheckFailed) as caught:
        enforce_ripe(SPEC, asked, bank)
    assert f"'transactions' ends on {END:%Y-%m-%d}" in str(caught.value)
    assert "--now" in str(caught.value)


def test_a_table_of_rare_rows_may_be_silent_for_longer(home: Home):
    moments = [END, END - timedelta(days=200), END - timedelta(days=400)]
    rows = [a_transaction(at, posted_at=moment, recorded_at=moment) for at, moment in enumerate(moments)]
    bank = write_small(home, small_tables(*rows))
    enforce_ripe(SPEC, labels(END + timedelta(days=300)), bank)


def test_no_labels_reach_nowhere(home: Home):
    bank = write_small(home, small_tables())
    none = Labels((), np.empty(0, "datetime64[us]"), np.empty(0, np.int64), 12.0, np.empty((0, 0)))
    enforce_ripe(SPEC, none, bank)

"""Which statements the bank's books hold at the end of the data."""

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Ints
from linewise.simulation.tables.chunk import Chunk

__all__ = ["statements_recorded"]


def statements_recorded(chunk: Chunk) -> tuple[NDArray[np.bool_], Ints, Ints]:
    """Whether each statement is recorded, on which day its cycle closed, and when it was recorded.

    All (n_customers, n_months); days since 1970, moments in microseconds. A statement is recorded an hour
    after the last moment at which it could be paid in time: only then is it known what was paid.
    """
    calendar, months = chunk.world.calendar, chunk.lives.months[:, : chunk.world.month_count]
    end_day = calendar.cycle_end_day(chunk.of_people("cycle_day")[:, None], np.arange(months.shape[1])[None, :])
    recorded_us = chunk.local_us(end_day + chunk.world.profile.terms.due_days + 1, 1.0)
    is_there = (months["is_open"] == 1) & (months["days_past_due"] >= 0) & (recorded_us <= chunk.until_us)
    return is_there, end_day, recorded_us

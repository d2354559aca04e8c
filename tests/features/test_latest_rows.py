"""The latest row of each customer of a window, whatever month and bucket it lies in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.catalogue import FEATURE_NAMES
from features.latest_rows import latest_rows
from features.rows import rows_dir
from linewise.core.home import Home
from tests.features.builders import feature_rows, write_row_files

APRIL, MAY, JUNE = (datetime(2026, month, 28, tzinfo=UTC) for month in (4, 5, 6))
HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)
Pair = tuple[str, datetime, float]


def found(home: Home, first: datetime, last: datetime) -> dict[str, tuple[datetime, float]]:
    """Moment and value by customer; every feature of a row has the same value, and the order is that of the ids."""
    answers: dict[str, tuple[datetime, float]] = {}
    for rows in latest_rows(rows_dir(home), FEATURE_NAMES, first, last):
        assert rows.keys == sorted(rows.keys)
        assert rows.values.shape == (len(rows.keys), len(FEATURE_NAMES))
        assert (np.isnan(rows.values) | (rows.values == rows.values[:, :1])).all()
        moments = rows.event_us.view("datetime64[us]").tolist()
        for key, moment, value in zip(rows.keys, moments, rows.values[:, 0].tolist(), strict=True):
            answers[key] = (moment.replace(tzinfo=UTC), value)
    return answers


@pytest.mark.parametrize(
    ("rows", "window", "expected"),
    [
        ([("a", MAY, 1)], (MAY, MAY), {"a": (MAY, 1)}),
        ([("a", MAY, 1)], (MAY + INSTANT, JUNE), {}),
        ([("a", MAY, 1)], (APRIL, MAY - INSTANT), {}),
        ([("a", APRIL, 1), ("a", JUNE, 2), ("b", APRIL, 3)], (APRIL, JUNE), {"a": (JUNE, 2), "b": (APRIL, 3)}),
        ([("a", JUNE, 1), ("a", JUNE - HOUR, 2), ("b", JUNE, 3)], (APRIL, JUNE), {"a": (JUNE, 1), "b": (JUNE, 3)}),
        ([("a", JUNE, 1), ("a", JUNE - HOUR, 2)], (APRIL, JUNE - HOUR), {"a": (JUNE - HOUR, 2)}),
        ([("z", JUNE, 1), ("a", MAY, 2), ("m", MAY, 3)], (MAY, JUNE), {"a": (MAY, 2), "m": (MAY, 3), "z": (JUNE, 1)}),
    ],
    ids=[
        "both ends belong to the window",
        "a row an instant before it does not",
        "a row an instant after it does not",
        "a customer with rows in an older month only",
        "two dates of one month",
        "the later date of a month lies after the window",
        "the newest month's customers are not the first",
    ],
)
@pytest.mark.parametrize("bucket_starts", [(), ("b",), ("b", "n", "zz")])
def test_the_latest_row_of_the_window_is_found(
    home: Home,
    rows: list[Pair],
    window: tuple[datetime, datetime],
    expected: dict[str, tuple[datetime, float]],
    bucket_starts: tuple[str, ...],
) -> None:
    write_row_files(home, feature_rows(*rows), bucket_starts)
    assert found(home, *window) == expected


def test_of_two_rows_of_one_moment_the_one_created_later_stands(home: Home) -> None:
    import pyarrow as pa

    late, early = (feature_rows(("a", MAY, value), created_at=at) for value, at in ((1, JUNE), (2, MAY)))
    write_row_files(home, pa.concat_tables([late, early]))
    assert found(home, MAY, MAY) == {"a": (MAY, 1)}


def test_a_missing_value_is_nan(home: Home) -> None:
    write_row_files(home, feature_rows(("a", MAY, float("nan"))))
    assert np.isnan(found(home, MAY, MAY)["a"][1])


moments = st.integers(0, 80).map(lambda days: APRIL + timedelta(days=days))
some_rows = st.dictionaries(st.tuples(st.sampled_from("abcdef"), moments), st.integers(0, 99), min_size=1)


# Each example writes the files of its rows.
@settings(max_examples=40)
@given(some_rows, moments, moments, st.sets(st.sampled_from("bcdef")))
def test_it_is_what_sorting_all_rows_would_find(
    rows: dict[tuple[str, datetime], int], one: datetime, other: datetime, starts: set[str]
) -> None:
    first, last = sorted((one, other))
    expected = {key: (moment, float(value)) for (key, moment), value in sorted(rows.items()) if first <= moment <= last}
    with TemporaryDirectory() as folder:
        home = Home(Path(folder))
        write_row_files(home, feature_rows(*((*pair, value) for pair, value in rows.items())), sorted(starts))
        assert found(home, first, last) == expected

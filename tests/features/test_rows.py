"""The rows on disk: replaced by pair, never mixed with rows of other definitions or of another bank."""

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features import rows
from features.catalogue import FEATURE_NAMES
from features.rows import SCHEMA, observation_dates, observed_span, open_rows, row_files, rows_at, rows_dir
from features.rows_draft import Merged
from linewise.core.errors import FeaturesMissing
from linewise.core.home import Home
from tests.features.builders import merge_rows
from tests.linewise.bank.builders import bytes_below

MAY, JUNE = datetime(2026, 5, 31, tzinfo=UTC), datetime(2026, 6, 30, tzinfo=UTC)


def some(*pairs: tuple[str, datetime], value: float = 1.0) -> pa.Table:
    """A row a pair with the same value in every feature."""
    return pa.Table.from_pylist(
        [
            {"customer_id": c, "event_timestamp": t, "created_timestamp": t, **dict.fromkeys(FEATURE_NAMES, value)}
            for c, t in pairs
        ],
        schema=SCHEMA,
    )


def held(home: Home) -> list[tuple[str, datetime, float]]:
    table = pa.concat_tables(pq.read_table(path) for path in row_files(home))
    columns = (table[name].to_pylist() for name in ("customer_id", "event_timestamp", FEATURE_NAMES[0]))
    return list(zip(*columns, strict=True))


def test_a_pair_built_again_takes_the_place_of_the_former_row(home: Home) -> None:
    merge_rows(home, some(("c1", MAY), ("c1", JUNE), ("c2", JUNE)), "small", "one")
    merged = merge_rows(home, some(("c1", JUNE), ("c3", JUNE), value=2.0), "small", "two")
    assert merged == Merged(kept=2, dropped=0)
    assert held(home) == [("c1", MAY, 1.0), ("c1", JUNE, 2.0), ("c2", JUNE, 1.0), ("c3", JUNE, 2.0)]
    assert open_rows(home).data_hash == "two"
    assert observed_span(home) == (MAY, JUNE)


def test_rows_of_another_bank_are_dropped(home: Home) -> None:
    merge_rows(home, some(("c1", MAY), ("c2", JUNE)), "small", "one")
    assert merge_rows(home, some(("d1", JUNE)), "other", "two") == Merged(kept=0, dropped=2)
    assert held(home) == [("d1", JUNE, 1.0)]


def test_rows_of_other_definitions_are_refused_by_readers_and_dropped_by_the_next_build(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge_rows(home, some(("c1", MAY)), "small", "one")
    monkeypatch.setattr(rows, "definitions_hash", lambda: "another")
    with pytest.raises(FeaturesMissing, match="linewise features build"):
        open_rows(home)
    assert merge_rows(home, some(("c1", JUNE)), "small", "one") == Merged(kept=0, dropped=1)
    assert held(home) == [("c1", JUNE, 1.0)]


def test_a_merge_that_fails_leaves_the_rows_as_they_were(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    merge_rows(home, some(("c1", MAY), ("c1", JUNE)), "small", "one")
    before = bytes_below(rows_dir(home))

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on the device")

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(OSError, match="no space"):
        merge_rows(home, some(("c1", JUNE), value=2.0), "small", "two")
    assert bytes_below(rows_dir(home)) == before
    monkeypatch.undo()
    assert merge_rows(home, some(("c1", JUNE), value=2.0), "small", "two") == Merged(kept=1, dropped=0)


def test_where_nothing_was_built_readers_say_what_to_run(home: Home) -> None:
    with pytest.raises(FeaturesMissing, match="No features have been built"):
        open_rows(home)


def test_the_rows_of_one_date_are_read_by_themselves(home: Home) -> None:
    merge_rows(home, some(("c1", MAY), ("c2", JUNE), ("c1", JUNE), value=2.0), "small", "one")
    assert observation_dates(home) == [MAY, JUNE]
    (rows,) = rows_at(home, JUNE, FEATURE_NAMES[:1])
    assert rows.to_pylist() == [{"customer_id": c, FEATURE_NAMES[0]: 2.0} for c in ("c1", "c2")]

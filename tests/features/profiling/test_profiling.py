"""The profile of rows on disk: every feature once, each date read once, the moved ones named."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from features.catalogue import FAMILIES, FEATURE_NAMES
from features.profiling import profiling
from features.profiling.profiling import profile_features
from features.rows import rows_at
from linewise.core.home import Home
from tests.features.profiling.builders import A_COUNT, A_RATIO, AN_AMOUNT, JUNE, MAY, a_bank, keep


@pytest.fixture
def two_dates(home: Home) -> Home:
    """A hundred customers on two dates: an amount that moved, a ratio that got lost, a count out of its range."""
    a_bank(home)
    keep(home, MAY, 100, **{AN_AMOUNT.name: [*range(100)]})
    keep(
        home, JUNE, 100,
        **{AN_AMOUNT.name: [*range(50, 150)], A_RATIO.name: [None] * 100, A_COUNT.name: [-1.0, *[1.0] * 99]},
    )  # fmt: skip
    return home


def test_every_feature_has_its_figures_in_catalogue_order(two_dates: Home) -> None:
    made = profile_features(two_dates, JUNE)
    assert tuple(one.name for one in made.features) == FEATURE_NAMES == tuple(made.bars)
    assert [one.family for one in made.features] == [f for f, members in FAMILIES.items() for _ in members]
    assert (made.current.as_of, made.current.rows) == (JUNE, 100)
    assert made.reference is not None
    assert (made.reference.as_of, made.reference.rows) == (MAY, 100)


def test_what_moved_comes_first_and_what_is_odd_is_named(two_dates: Home) -> None:
    made = profile_features(two_dates, JUNE)
    assert {one.name for one in made.in_band("shifted")} == {AN_AMOUNT.name, A_RATIO.name}
    assert [one.psi for one in made.by_psi] == sorted((one.psi for one in made.by_psi), reverse=True)
    assert [one.name for one in made.mostly_missing] == [A_RATIO.name]
    assert [one.name for one in made.beyond_range] == [A_COUNT.name]
    assert len(made.constant) == len(FEATURE_NAMES) - 3
    by_name = {one.name: one.current for one in made.features}
    assert by_name[A_RATIO.name].is_never_filled
    assert (by_name[AN_AMOUNT.name].median, by_name[AN_AMOUNT.name].mean) == (99, 99.5)
    assert by_name[A_COUNT.name].beyond_range == 1


def test_a_date_beside_itself_has_not_moved_at_all(two_dates: Home) -> None:
    made = profile_features(two_dates, JUNE, JUNE, JUNE)
    assert {one.psi for one in made.features} == {0.0}
    assert len(made.in_band("stable")) == len(FEATURE_NAMES)


def test_a_single_date_is_profiled_without_an_index(home: Home) -> None:
    a_bank(home)
    keep(home, JUNE, 3)
    made = profile_features(home, JUNE)
    assert (made.reference, made.chance_psi, made.by_psi) == (None, None, ())
    assert {(one.psi, one.band, one.reference) for one in made.features} == {(None, None, None)}


@pytest.mark.parametrize(("days", "word"), [(0, "fresh"), (31, "fresh"), (32, "stale"), (92, "stale"), (93, "too old")])
def test_the_age_of_the_rows_is_counted_and_has_a_word(two_dates: Home, days: int, word: str) -> None:
    made = profile_features(two_dates, JUNE + timedelta(days=days))
    assert (made.age_days, made.freshness) == (days, word)


def test_each_date_is_read_once_whole_and_a_file_at_a_time(two_dates: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[tuple[datetime, int]] = []
    told: list[int] = []

    def counted(home: Home, as_of: datetime, columns: Sequence[str]) -> Iterator[pa.Table]:
        passes.append((as_of, len(columns)))
        return rows_at(home, as_of, columns)

    monkeypatch.setattr(profiling, "rows_at", counted)
    profile_features(two_dates, JUNE, progress=told.append)
    assert passes == [(JUNE, len(FEATURE_NAMES)), (MAY, len(FEATURE_NAMES))]
    assert sum(told) == 200


def test_rows_in_many_files_have_the_profile_of_rows_in_one(two_dates: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    in_one = profile_features(two_dates, JUNE)

    def in_sevens(home: Home, as_of: datetime, columns: Sequence[str]) -> Iterator[pa.Table]:
        for rows in rows_at(home, as_of, columns):
            yield from (rows.slice(start, 7) for start in range(0, rows.num_rows, 7))

    monkeypatch.setattr(profiling, "rows_at", in_sevens)
    assert profile_features(two_dates, JUNE) == in_one

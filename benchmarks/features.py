"""Features at a bank's scale, each beside its rival: `make bench NAME=features`."""

from collections.abc import Iterator

from benchmarks import feature_build, feature_store
from benchmarks.rows import Row

__all__ = ["rows"]


def rows() -> Iterator[Row]:
    """The feature store: filling, joining, reading; then the builds, the longest last."""
    yield from feature_store.rows()
    yield from feature_build.rows()

"""A Feast online store of generations that pack all features of a customer into one row (features.packed_rows).

Feast finds it by the name in feature_store.yaml and its configuration class beside it; `feast materialize`
and `get_online_features` work on it as on Feast's own.
"""

import math
import shutil
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from feast import Entity, FeatureView
from feast.infra.online_stores.online_store import OnlineStore
from feast.protos.feast.types.EntityKey_pb2 import EntityKey
from feast.protos.feast.types.Value_pb2 import Value
from feast.repo_config import FeastConfigBaseModel, RepoConfig
from feast.utils import to_naive_utc

from features.generations import new_generation
from features.packed_reader import PackedReader
from features.packed_rows import View
from linewise.core.moments import from_microseconds

__all__ = ["HASH_TAG", "PackedOnlineStore", "PackedOnlineStoreConfig", "store_dir", "view_of"]

HASH_TAG = "definitions_hash"
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  Feast hands over naive UTC
_MICROSECOND = timedelta(microseconds=1)

Row = tuple[EntityKey, dict[str, Value], datetime, datetime | None]


class PackedOnlineStoreConfig(FeastConfigBaseModel):
    """The store's folder; a relative path starts at the folder of feature_store.yaml."""

    type: Literal["features.packed_online_store.PackedOnlineStore"] = "features.packed_online_store.PackedOnlineStore"
    path: str


class PackedOnlineStore(OnlineStore):
    """One row a key of one text column, holding float64 features; a missing value is NaN.

    A generation never changes, so whatever Feast writes itself (a push, a view that the engine does not fill) makes a
    copy of the live one with the rows added: right at any size, and meant for few rows.
    """

    # Feast would otherwise import every store it knows to find out.
    _versioned_read_supported = False

    def __init__(self) -> None:
        self._reader: PackedReader | None = None

    def online_write_batch(
        self,
        config: RepoConfig,
        table: FeatureView,
        data: list[Row],
        progress: Callable[[int], Any] | None,
    ) -> None:
        """Write the rows into a generation of their own; rows of the view's former definitions are left out of it."""
        view = view_of(table)
        names = view.feature_names
        pack = struct.Struct(f"={len(names)}d").pack
        rows = [
            (_key(entity), _microseconds(moment), pack(*(_number(values.get(name)) for name in names)))
            for entity, values, moment, _ in data
        ]
        if rows:
            moments = [from_microseconds(event_us) for _, event_us, _ in rows]
            with new_generation(store_dir(config), from_live=True) as writer:
                writer.add(writer.begin(view, (min(moments), max(moments)), datetime.now(UTC)), sorted(rows))
        if progress is not None:
            progress(len(data))

    def online_read(
        self,
        config: RepoConfig,
        table: FeatureView,
        entity_keys: list[EntityKey],
        requested_features: list[str] | None = None,
    ) -> list[tuple[datetime | None, dict[str, Value] | None]]:
        """Event time and values per key, all of one generation; (None, None) for a key that is not there."""
        keys = [_key(entity) for entity in entity_keys]
        generation = self._reader_of(config).generation()
        filled = None if generation is None else generation.views.get(table.name)
        if generation is None or filled is None:
            return [(None, None)] * len(entity_keys)
        names = filled.view.feature_names
        wanted = set(requested_features or names)
        slots = [(place, name) for place, name in enumerate(names) if name in wanted]
        unpack = struct.Struct(f"={len(names)}d").unpack
        found = generation.rows(table.name, keys)
        answers: list[tuple[datetime | None, dict[str, Value] | None]] = []
        for key in keys:
            if key not in found:
                answers.append((None, None))
                continue
            event_us, packed = found[key]
            values = unpack(packed)
            answers.append((from_microseconds(event_us), {name: _value(values[place]) for place, name in slots}))
        return answers

    def update(
        self,
        config: RepoConfig,
        tables_to_delete: Sequence[FeatureView],
        tables_to_keep: Sequence[FeatureView],
        entities_to_delete: Sequence[Entity],
        entities_to_keep: Sequence[Entity],
        partial: bool,
    ) -> None:
        """Forget deleted views in a generation without them; the rows of changed ones serve until the next filling."""
        generation = self._reader_of(config).generation()
        gone = [table.name for table in tables_to_delete if generation and table.name in generation.views]
        if gone:
            with new_generation(store_dir(config), from_live=True) as writer:
                for name in gone:
                    writer.drop(name)

    def teardown(self, config: RepoConfig, tables: Sequence[FeatureView], entities: Sequence[Entity]) -> None:
        """Remove all generations."""
        shutil.rmtree(store_dir(config), ignore_errors=True)

    def _reader_of(self, config: RepoConfig) -> PackedReader:
        folder = store_dir(config)
        if self._reader is None or self._reader.folder != folder:
            self._reader = PackedReader(folder)
        return self._reader


def store_dir(config: RepoConfig) -> Path:
    """The folder of the store's generations."""
    path = Path(config.online_store.path)
    return path if path.is_absolute() or config.repo_path is None else Path(config.repo_path) / path


def view_of(table: FeatureView) -> View:
    """What the store keeps of a view's definition."""
    return View(table.name, table.tags.get(HASH_TAG, ""), tuple(field.name for field in table.features))


def _key(entity: EntityKey) -> str:
    if len(entity.entity_values) != 1 or entity.entity_values[0].WhichOneof("val") != "string_val":
        raise ValueError("the packed store keeps views of one entity with a text key")
    return str(entity.entity_values[0].string_val)


def _number(value: Value | None) -> float:
    if value is None or value.WhichOneof("val") is None:
        return math.nan
    return float(value.double_val)


def _value(number: float) -> Value:
    return Value() if math.isnan(number) else Value(double_val=number)


def _microseconds(moment: datetime) -> int:
    # A pandas time counts nanoseconds; a plain datetime has the microseconds that every row was written with.
    return (to_naive_utc(moment) - _EPOCH) // _MICROSECOND

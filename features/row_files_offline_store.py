"""A Feast offline store that joins training pairs with the files of the feature rows itself (features.point_in_time).

Feast finds it by the name in feature_store.yaml and its configuration class beside it. It is Feast's DuckDB store in
all else: what reads other views, several at once, or whole windows goes that way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from feast import FeatureView
from feast.infra.offline_stores.duckdb import DuckDBOfflineStore, DuckDBOfflineStoreConfig
from feast.infra.offline_stores.ibis import IbisRetrievalJob
from feast.infra.offline_stores.offline_store import RetrievalJob, RetrievalMetadata
from feast.infra.offline_stores.offline_utils import infer_event_timestamp_from_entity_df
from feast.infra.registry.base_registry import BaseRegistry
from feast.on_demand_feature_view import OnDemandFeatureView
from feast.repo_config import RepoConfig
from feast.saved_dataset import SavedDatasetStorage
from ibis import memtable
from numpy.typing import NDArray

from features.point_in_time import Pairs, rows_as_of
from features.row_files_view import RowFiles, row_files_of

__all__ = ["RowFilesOfflineStore", "RowFilesOfflineStoreConfig"]


class RowFilesOfflineStoreConfig(DuckDBOfflineStoreConfig):
    """What the DuckDB store may be told; where the files lie is the view's own source."""

    type: str = "features.row_files_offline_store.RowFilesOfflineStore"


class RowFilesOfflineStore(DuckDBOfflineStore):
    """The pairs of one view of row files are joined bucket by bucket; all else is DuckDB's."""

    @staticmethod
    def get_historical_features(
        config: RepoConfig,
        feature_views: list[FeatureView],
        feature_refs: list[str],
        entity_df: pd.DataFrame | str,
        registry: BaseRegistry,
        project: str,
        full_feature_names: bool = False,
        filter_by_created_timestamp: bool = False,
    ) -> RetrievalJob:
        """A job that answers the pairs in the order asked; Feast's transformations on demand follow as always."""

        def by_duckdb() -> IbisRetrievalJob:
            return DuckDBOfflineStore.get_historical_features(
                config,
                feature_views,
                feature_refs,
                entity_df,
                registry,
                project,
                full_feature_names,
                filter_by_created_timestamp,
            )

        if len(feature_views) != 1 or not isinstance(entity_df, pd.DataFrame) or filter_by_created_timestamp:
            return by_duckdb()
        (view,) = feature_views
        files = row_files_of(view)
        if files is None or view.projection.join_key_map:
            return by_duckdb()
        return RowFilesRetrievalJob(
            entity_df,
            files,
            _columns(view, feature_refs, full_feature_names),
            int(view.ttl.total_seconds() * 1_000_000) if view.ttl else None,
            _Asked(
                feature_refs,
                OnDemandFeatureView.get_requested_odfvs(feature_refs, project, registry),
                full_feature_names,
            ),
            by_duckdb,
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What Feast wants to hear again from a job."""

    feature_refs: Sequence[str]
    on_demand: list[OnDemandFeatureView]
    full_feature_names: bool


class RowFilesRetrievalJob(RetrievalJob):
    """The pairs with their features, joined when the answer is asked for."""

    def __init__(
        self,
        entity_df: pd.DataFrame,
        files: RowFiles,
        columns: dict[str, str],
        longest_us: int | None,
        asked: _Asked,
        by_duckdb: Callable[[], IbisRetrievalJob],
    ) -> None:
        super().__init__()
        self._entity_df, self._files, self._columns, self._longest_us = entity_df, files, columns, longest_us
        self._asked, self._by_duckdb = asked, by_duckdb
        self._moment = infer_event_timestamp_from_entity_df(dict(zip(entity_df.columns, entity_df.dtypes, strict=True)))

    def to_df(self, validation_reference: Any = None, timeout: int | None = None) -> pd.DataFrame:
        """As Feast's own, without a copy of the values where there is nothing to transform or to validate."""
        if validation_reference is not None or self.on_demand_feature_views:
            return super().to_df(validation_reference, timeout)
        return self._to_df_internal(timeout)

    def persist(self, storage: SavedDatasetStorage, allow_overwrite: bool = False, timeout: int | None = None) -> None:
        """Write the answer where Feast's DuckDB store would."""
        job = self._by_duckdb()
        job.table = memtable(self._to_arrow_internal(timeout))
        job.persist(storage, allow_overwrite, timeout)

    @property
    def full_feature_names(self) -> bool:
        """Whether the names of the features begin with that of their view."""
        return self._asked.full_feature_names

    @property
    def on_demand_feature_views(self) -> list[OnDemandFeatureView]:
        """What is to be computed from the answer and from the columns that came with the pairs."""
        return self._asked.on_demand

    @property
    def metadata(self) -> RetrievalMetadata:
        """The features and keys asked for, and the span of the pairs' moments."""
        moments = pd.to_datetime(self._entity_df[self._moment], utc=True)
        keys = [column for column in self._entity_df.columns if column != self._moment]
        return RetrievalMetadata(list(self._asked.feature_refs), keys, moments.min(), moments.max())

    def _to_df_internal(self, timeout: int | None = None) -> pd.DataFrame:
        # The frame holds the array itself, and the pairs are put beside it: a join of two frames would copy both.
        answer = pd.DataFrame(self._values().T, columns=list(self._columns), copy=False)
        for place, column in enumerate(self._entity_df.columns):
            answer.insert(place, column, self._entity_df[column].array)
        return answer

    def _to_arrow_internal(self, timeout: int | None = None) -> pa.Table:
        table = pa.Table.from_pandas(self._entity_df, preserve_index=False)
        for column, values in zip(self._columns, self._values(), strict=True):
            table = table.append_column(column, pa.array(values, from_pandas=True))
        return table

    def _values(self) -> NDArray[np.float64]:
        moments = pd.to_datetime(self._entity_df[self._moment], utc=True).astype("datetime64[us, UTC]")
        customers = pa.array(self._entity_df["customer_id"], pa.string(), from_pandas=True)
        pairs = Pairs(customers, moments.to_numpy("datetime64[us]").view(np.int64))
        names = list(self._columns.values())
        return rows_as_of(self._files.folder, self._files.bucket_starts, pairs, names, self._longest_us)


def _columns(view: FeatureView, feature_refs: Sequence[str], full_feature_names: bool) -> dict[str, str]:
    """The view's features that are asked for, by the name of their column in the answer."""
    prefix = f"{view.projection.name_to_use()}:"
    names = [ref.removeprefix(prefix) for ref in feature_refs if ref.startswith(prefix)]
    shown = f"{view.projection.name_alias or view.name}__" if full_feature_names else ""
    return {f"{shown}{name}": name for name in names}

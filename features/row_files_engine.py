"""A Feast compute engine that fills the packed online store from the files of the feature rows, without a detour.

Feast finds it by the name in feature_store.yaml and its configuration class beside it. What `feast materialize`
fills by it is a new generation, which takes the place of the live one when it is whole (features.generations).
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from feast import Entity, FeatureView
from feast.infra.common.materialization_job import MaterializationTask
from feast.infra.compute_engines.base import ComputeEngine
from feast.infra.compute_engines.local.compute import LocalComputeEngine
from feast.infra.compute_engines.local.job import LocalMaterializationJob, MaterializationJobStatus
from feast.infra.registry.base_registry import BaseRegistry
from feast.repo_config import FeastConfigBaseModel

from features.generations import live_path, new_generation
from features.latest_rows import LatestRows, latest_rows
from features.packed_online_store import PackedOnlineStore, store_dir, view_of
from features.packed_rows import PackedRow
from features.row_files_view import row_files_of
from features.rows import BUILD_COMMAND
from linewise.core.clock import as_utc
from linewise.core.errors import FeaturesMissing

__all__ = ["RowFilesEngine", "RowFilesEngineConfig"]


class RowFilesEngineConfig(FeastConfigBaseModel):
    """Nothing but its name: where the files lie is the view's own source."""

    type: Literal["features.row_files_engine.RowFilesEngine"] = "features.row_files_engine.RowFilesEngine"


class RowFilesEngine(ComputeEngine):
    """Fills views whose source is a folder of feature rows; any other view goes the way of Feast's own engine.

    A window fills a generation of the latest row of each customer within it, both ends included. Rows of the live
    generation from before the window stay where it has no newer one, for they are outside of what is filled again:
    so `feast materialize-incremental` adds, and a filling from the first date on leaves out whoever is no longer built.
    As in Feast, the time to live plays no part in filling: it says how far back an incremental filling looks and how
    old a row training may take.
    """

    def update(
        self,
        project: str,
        views_to_delete: Sequence[Any],
        views_to_keep: Sequence[Any],
        entities_to_delete: Sequence[Entity],
        entities_to_keep: Sequence[Entity],
    ) -> None:
        """Nothing to prepare: the store makes its own folder."""

    def teardown_infra(self, project: str, fvs: Sequence[Any], entities: Sequence[Entity]) -> None:
        """Nothing to remove."""

    def _materialize_one(
        self, registry: BaseRegistry, task: MaterializationTask, **kwargs: Any
    ) -> LocalMaterializationJob:
        view = task.feature_view
        files = row_files_of(view)
        if files is None or not isinstance(self.online_store, PackedOnlineStore):
            others = LocalComputeEngine(
                repo_config=self.repo_config, offline_store=self.offline_store, online_store=self.online_store
            )
            return others._materialize_one(registry, task, **kwargs)
        job_id = f"{view.name}-{task.start_time}-{task.end_time}"
        try:
            self._fill(view, files.folder, as_utc(task.start_time), as_utc(task.end_time))
        except Exception as err:  # noqa: BLE001  Feast raises what a job carries
            return LocalMaterializationJob(job_id, MaterializationJobStatus.ERROR, err)
        return LocalMaterializationJob(job_id, MaterializationJobStatus.SUCCEEDED)

    def _fill(self, table: FeatureView, folder: Path, first: datetime, last: datetime) -> None:
        view = view_of(table)
        online = store_dir(self.repo_config)
        with new_generation(online) as writer:
            view_id = writer.begin(view, (first, last), datetime.now(UTC))
            filled = 0
            for rows in latest_rows(folder, view.feature_names, first, last):
                writer.add(view_id, _packed(rows))
                filled += len(rows.keys)
            if not filled:
                # Feast takes a window without a row for success.
                raise FeaturesMissing(
                    f"There is no feature row from {first:%Y-%m-%d} to {last:%Y-%m-%d}", BUILD_COMMAND
                )
            live = live_path(online)
            if live is not None:
                writer.keep_before(view_id, live, first)
                writer.keep_others(view.name, live)


def _packed(rows: LatestRows) -> Iterator[PackedRow]:
    """The rows as they are written; the bytes of a row are cut out of the array's own."""
    width = rows.values.shape[1] * rows.values.itemsize
    packed = rows.values.view(f"V{width}").ravel().tolist()
    return zip(rows.keys, rows.event_us.tolist(), packed, strict=True)

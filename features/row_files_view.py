"""Which of Feast's views lie in row files (features.rows): those that our engine and offline store read themselves."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feast import FileSource

from features.packed_online_store import view_of
from features.rows import BUILD_COMMAND, manifest_in
from linewise.core.errors import FeaturesMissing

__all__ = ["RowFiles", "row_files_of"]


@dataclass(frozen=True, slots=True)
class RowFiles:
    """A folder of feature rows and the first customers of its second bucket and those after it."""

    folder: Path
    bucket_starts: tuple[str, ...]


def row_files_of(table: Any) -> RowFiles | None:
    """The row files of a Feast view; None for a view of anything else.

    Raises FeaturesMissing where the rows are of other definitions than the view.
    """
    source = table.batch_source
    if not isinstance(source, FileSource) or source.field_mapping:
        return None
    folder = Path(source.path)
    manifest = manifest_in(folder)
    if manifest is None:
        return None
    if manifest.definitions_hash != view_of(table).definitions_hash:
        raise FeaturesMissing("The feature rows were built from other definitions than Feast's view", BUILD_COMMAND)
    return RowFiles(folder, manifest.bucket_starts)

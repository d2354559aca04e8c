"""Feast's store of a home: its configuration, and today's definitions applied to it."""

import contextlib
import io
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from feast import FeatureStore
from feast.repo_config import RepoConfig

from features.feast_objects import feast_objects
from features.view import ONLINE_DIR
from linewise.core.files import write_text_whole
from linewise.core.home import Home

__all__ = ["applied_store", "feature_store", "online_dir", "quietly"]

PROJECT = "linewise"

# Feast, once imported, has every deprecation shown, among them one that only Ibis can mend.
warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)


def online_dir(home: Home) -> Path:
    """The folder of the online store's generations."""
    return home.feast_dir / ONLINE_DIR


def feature_store(home: Home, online: Path | None = None) -> FeatureStore:
    """Feast's store over a home's paths; `online` names another folder of the online store."""
    home.feast_dir.mkdir(parents=True, exist_ok=True)
    return FeatureStore(config=RepoConfig(**_configuration(home, online or online_dir(home))))


def applied_store(home: Home, online: Path | None = None) -> FeatureStore:
    """The store with today's definitions in its registry.

    Applied at each opening, for that takes a tenth of a second, and a moved home or a changed definition
    never meets an old registry. Beside the registry lies a feature_store.yaml for Feast's own commands
    on this home: feast -c features -f <home>/data/feast/feature_store.yaml ...
    """
    store = feature_store(home, online)
    with quietly():
        store.apply(feast_objects(home).all())
    text = yaml.safe_dump(_configuration(home, online_dir(home)), sort_keys=False)
    path = home.feast_dir / "feature_store.yaml"
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text_whole(path, text)
    return store


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Feast at work without its chatter.

    It prints to standard output, which belongs to the answer of the command, and asks for every
    deprecation to be shown, those of Ibis calling DuckDB among them.
    """
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", "On demand feature view is an experimental", RuntimeWarning)
        yield


def _configuration(home: Home, online: Path) -> dict[str, Any]:
    return {
        "project": PROJECT,
        "provider": "local",
        "registry": str(home.feast_dir / "registry.db"),
        "offline_store": {"type": "features.row_files_offline_store.RowFilesOfflineStore"},
        "batch_engine": {"type": "features.row_files_engine.RowFilesEngine"},
        "online_store": {"type": "features.packed_online_store.PackedOnlineStore", "path": str(online)},
        "entity_key_serialization_version": 3,
    }

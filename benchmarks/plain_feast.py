"""Feast as it comes: the registry objects of a home on Feast's own DuckDB store, local engine and SQLite store."""

from pathlib import Path

from feast import FeatureStore
from feast.repo_config import RepoConfig

from features.feast_objects import feast_objects
from features.store import quietly
from linewise.core.home import Home

__all__ = ["plain_feast"]


def plain_feast(home: Home, folder: Path) -> FeatureStore:
    """The store, whose registry and online store lie in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    config = RepoConfig(
        project="linewise",
        provider="local",
        registry=str(folder / "registry.db"),
        offline_store={"type": "duckdb"},
        online_store={"type": "sqlite", "path": str(folder / "online.db")},
        batch_engine="local",
        entity_key_serialization_version=3,
    )
    store = FeatureStore(config=config)
    with quietly():
        store.apply(feast_objects(home).all())
    return store

"""The same registry objects on Feast's own offline store, engine and online store, to compare ours with."""

from pathlib import Path

from feast import FeatureStore
from feast.infra.online_stores.sqlite import SqliteOnlineStoreConfig
from feast.repo_config import RepoConfig

from features.store import applied_store, quietly
from linewise.core.home import Home

__all__ = ["feast_as_it_comes"]


def feast_as_it_comes(home: Home, folder: Path) -> FeatureStore:
    """A store over the home's feature rows whose every part is Feast's: DuckDB, the local engine, SQLite."""
    ours = applied_store(home)
    folder.mkdir(parents=True, exist_ok=True)
    config: RepoConfig = ours.config.model_copy(
        update={
            "registry": str(folder / "registry.db"),
            "offline_config": {"type": "duckdb"},
            "online_config": SqliteOnlineStoreConfig(path=str(folder / "online.db")).model_dump(),
            "batch_engine_config": "local",
        }
    )
    store = FeatureStore(config=config)
    with quietly():
        store.apply(
            [
                *ours.list_entities(),
                *ours.list_feature_views(),
                *ours.list_on_demand_feature_views(),
                *ours.list_feature_services(),
            ]
        )
    return store

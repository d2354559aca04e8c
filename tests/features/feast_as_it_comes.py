"""The same registry objects on Feast's own offline store, engine and online store, to compare ours with."""

from pathlib import Path

from feast import FeatureStore
from feast.repo_config import RepoConfig

from features.store import applied_store, quietly
from linewise.core.home import Home

__all__ = ["feast_as_it_comes"]


def feast_as_it_comes(home: Home, folder: Path) -> FeatureStore:
    """A store over the home's feature rows whose every part is Feast's: DuckDB, the local engine, SQLite."""
    ours = applied_store(home)
    folder.mkdir(parents=True, exist_ok=True)
    # Made anew: a copy of our configuration would keep the stores that it has opened already.
    config = RepoConfig(
        project=ours.project,
        provider="local",
        registry=str(folder / "registry.db"),
        offline_store={"type": "duckdb"},
        online_store={"type": "sqlite", "path": str(folder / "online.db")},
        batch_engine="local",
        entity_key_serialization_version=3,
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

"""Reading a customer's features, and filling the store, beside Feast as it comes."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from feast import FeatureStore, RepoConfig
from feast.infra.online_stores.sqlite import SqliteOnlineStoreConfig

from benchmarks.home import served_settings
from benchmarks.rows import Row, beside
from features.online import OnlineStore
from features.store import feature_store
from linewise.bank.tables import open_bank

__all__ = ["rows"]


def _as_it_comes(ours: FeatureStore, folder: Path) -> FeatureStore:
    """The same registry objects on Feast's own SQLite store, filled from the same offline rows."""
    folder.mkdir(parents=True, exist_ok=True)
    config: RepoConfig = ours.config.model_copy(
        update={
            "registry": str(folder / "registry.db"),
            "online_config": SqliteOnlineStoreConfig(path=str(folder / "online.db")).model_dump(),
            "batch_engine_config": "local",
        }
    )
    store = FeatureStore(config=config)
    store.apply([*ours.list_entities(), *ours.list_feature_views(), *ours.list_feature_services()])
    return store


def rows() -> Iterator[Row]:
    """One online read: the packed row, and Feast's retrieval on the packed store, beside Feast's own store."""
    settings = served_settings()
    home = settings.paths
    ours = feature_store(home)
    plain = _as_it_comes(ours, home.data_dir / "plain-feast")
    now = open_bank(home).clock(settings).now()
    plain.materialize(now.replace(year=now.year - 5), now)
    ids = open_bank(home).read("customers", ["customer_id"])["customer_id"].to_pylist()
    direct = OnlineStore(home)
    service, plain_service = ours.get_feature_service("decisioning"), plain.get_feature_service("decisioning")
    a, b, c, d = (cycle(ids) for _ in range(4))
    yield beside(
        "online read of one customer",
        lambda: direct.read([next(a)]),
        lambda: plain.get_online_features(plain_service, [{"customer_id": next(b)}]).to_dict(),
        bar=">=10",
        runs=300,
        note="features.online on the packed store beside get_online_features on Feast's SQLite store; seconds",
    )
    yield beside(
        "get_online_features of one customer",
        lambda: ours.get_online_features(service, [{"customer_id": next(c)}]).to_dict(),
        lambda: plain.get_online_features(plain_service, [{"customer_id": next(d)}]).to_dict(),
        bar="<=1.1",
        runs=300,
        note="Feast's own call on the packed store beside the same call on Feast's SQLite store; seconds",
    )

"""One complete decision beside the plain stack that a tutorial would build with the same models and features."""

import sqlite3
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import lightgbm as lgb
import numpy as np
import pandas as pd

from benchmarks.home import served_settings
from benchmarks.rows import Row, beside
from features.store import feature_store
from serving.scoring.batch import score_base
from serving.scoring.opening import open_recommender
from serving.scoring.recommender import Recommender
from serving.scoring.registry import open_release

__all__ = ["rows"]


class PlainStack:
    """Feast's own retrieval, boosters on a DataFrame, TreeSHAP of what is shown, one SQLite row.

    As its user would build it: the store and the models are opened once, one wide request for the
    features, the three cards in one prediction. It has no rules, no limit, no plans and no why-not.
    """

    def __init__(self, recommender: Recommender) -> None:
        home = recommender.settings.paths
        release = open_release(home)
        self.specs = {name: files.spec for name, files in release.models.items()}
        self.boosters = {
            name: lgb.Booster(model_file=str(files.folder / "model.txt")) for name, files in release.models.items()
        }
        self.store = feature_store(home)
        self.service = self.store.get_feature_service("decisioning")
        self.offers = recommender.policy.decision.offers
        self.database = sqlite3.connect(home.data_dir / "plain.db")
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=FULL")
        self.database.execute("CREATE TABLE IF NOT EXISTS answers (customer_id TEXT, answer TEXT)")

    def decide(self, customer_id: str) -> dict[str, Any]:
        known = self.store.get_online_features(self.service, [{"customer_id": customer_id}]).to_df()
        spec = self.specs["card_take_up"]
        rows = pd.concat([known[spec["feature_names"]]] * len(self.offers), ignore_index=True)
        attributes = pd.DataFrame(self.offers.attributes, columns=list(self.offers.attribute_names))
        frame = pd.concat([rows, attributes[spec["offer_attributes"]]], axis=1)[spec["inputs"]].astype(float)
        scores = self.boosters["card_take_up"].predict(frame, num_threads=1)
        best = int(np.argmax(scores))
        reasons = self.boosters["card_take_up"].predict(frame.iloc[[best]], pred_contrib=True, num_threads=1)
        inputs = known[self.specs["default"]["inputs"]].astype(float)
        risk = float(self.boosters["default"].predict(inputs, num_threads=1)[0])
        answer = {"offer": self.offers.offer_id[best], "score": float(scores[best]), "risk": risk}
        answer["reasons"] = np.argsort(-reasons[0, :-1])[:3].tolist()
        with self.database:
            self.database.execute("INSERT INTO answers VALUES (?, ?)", (customer_id, str(answer)))
        return answer


def rows() -> Iterator[Row]:
    """The decision of one customer, and the rate of a batch beside calls one by one."""
    recommender = open_recommender(served_settings())
    plain = PlainStack(recommender)
    ids = recommender.customer_ids()
    one, other = cycle(ids), cycle(ids)
    yield beside(
        "one decision",
        lambda: recommender.decide_one(next(one), "voice"),
        lambda: plain.decide(next(other)),
        bar=">=1",
        runs=200,
        note="complete: rules, limit with curve, plans, why and why not, durable record; "
        "rival: get_online_features + DataFrame predict + TreeSHAP + insert, none of these; seconds",
    )

    out = recommender.settings.paths.data_dir / "bench.parquet"
    some = ids[:100]
    context = recommender.context("voice", explain=False)
    yield beside(
        "a decision in a batch",
        lambda: score_base(recommender, out),
        lambda: [recommender.decide([one], context) for one in some],
        bar=">=10",
        runs=5,
        units=(len(ids), len(some)),
        note=f"{len(ids)} customers scored and written, beside the same decision one by one; seconds a customer",
    )

"""The stack of a tutorial: FastAPI, Feast's SDK, mlflow.pyfunc, shap.TreeExplainer, a row inserted by SQLAlchemy.

The same store, model files, candidates and numbers of reasons as ours; no rules, plans or why-not. Its models are our
release's, saved once as MLflow's own LightGBM flavour by `save_models`, for pyfunc loads nothing else.
"""

import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import lightgbm as lgb
import mlflow
import numpy as np
import pandas as pd
import shap
from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, MetaData, String, Table, Text, create_engine, event, insert

from features.catalogue import FEATURE_NAMES
from features.store import feature_store
from linewise.core.home import Home

__all__ = ["FOLDER", "make_app", "save_models"]

FOLDER = "LINEWISE_BENCH_PLAIN"
"""The variable that names its folder: models, what they take, its own database."""

TAKE_UP, DEFAULT = "offer_take_up", "card_default"
AMOUNTS = ("card_balance", "card_spend", "card_declined", "card_attrition")
"""Beside the two the models that ours asks on a call; what its release holds for other banks neither loads."""

OFFERS_SHOWN, REASONS = 3, 4


class Asked(BaseModel):
    """The body of ours."""

    customer_id: str
    channel: str = "voice"
    language: str = "en"


def save_models(folder: Path, release: Any, offers: list[dict[str, Any]], home: Path) -> None:
    """Lay down what the stack loads: boosters in MLflow's flavour, their inputs, the offers with their attributes."""
    told: dict[str, Any] = {"home": str(home), "offers": offers, "models": {}}
    for name in (TAKE_UP, DEFAULT, *AMOUNTS):
        if name not in release.models:
            continue
        files = release.models[name]
        booster = lgb.Booster(model_file=str(files.folder / "model.txt"))
        mlflow.lightgbm.save_model(booster, str(folder / name))
        told["models"][name] = {"inputs": list(files.spec["inputs"]), "calibration": files.spec.get("calibration")}
    (folder / "plain.json").write_text(json.dumps(told), encoding="utf-8")


def _engine(path: Path) -> tuple[Any, Table]:
    """Durable as ours: WAL and synchronous FULL."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 60})

    @event.listens_for(engine, "connect")
    def durable(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    metadata = MetaData()
    table = Table(
        "decisions",
        metadata,
        Column("decision_id", String, primary_key=True),
        Column("customer_id", String),
        Column("inputs", Text),
        Column("answer", Text),
    )
    metadata.create_all(engine)
    return engine, table


def make_app() -> FastAPI:
    """The app, as each of its processes makes it."""
    folder = Path(os.environ[FOLDER])
    told = json.loads((folder / "plain.json").read_text(encoding="utf-8"))
    models = {name: mlflow.pyfunc.load_model(str(folder / name)) for name in told["models"]}
    inputs = {name: one["inputs"] for name, one in told["models"].items()}
    explainers = {
        name: shap.TreeExplainer(mlflow.lightgbm.load_model(str(folder / name))) for name in (TAKE_UP, DEFAULT)
    }
    store = feature_store(Home(Path(told["home"])))
    refs = [f"{store.list_feature_views()[0].name}:{name}" for name in FEATURE_NAMES]
    engine, table = _engine(folder / "plain.db")
    attributes = pd.DataFrame(told["offers"])

    def probability(name: str, rows: pd.DataFrame) -> np.ndarray:
        calibration = told["models"][name]["calibration"]
        p = models[name].predict(rows[inputs[name]])
        raw = np.log(p / (1.0 - p))
        return 1.0 / (1.0 + np.exp(-(calibration["intercept"] + calibration["slope"] * raw)))

    def reasons(name: str, rows: pd.DataFrame) -> list[list[dict[str, Any]]]:
        wanted = rows[inputs[name]]
        added = np.asarray(explainers[name].shap_values(wanted))
        most = np.argsort(-np.abs(added), axis=1)[:, :REASONS]
        return [
            [{"feature": inputs[name][i], "weight": float(added[row, i])} for i in most[row]]
            for row in range(len(wanted))
        ]

    app = FastAPI()

    @app.post("/v1/decisions", status_code=201)
    def decide(asked: Asked) -> dict[str, Any]:
        known = store.get_online_features(refs, [{"customer_id": asked.customer_id}]).to_df()
        known = known.apply(pd.to_numeric, errors="coerce")
        offers = attributes.join(pd.concat([known] * len(attributes), ignore_index=True), rsuffix="_known")
        take_up = probability(TAKE_UP, offers.assign(is_shown=1.0))
        shown = np.argsort(-take_up)[:OFFERS_SHOWN]
        why = reasons(TAKE_UP, offers.assign(is_shown=1.0).iloc[shown])
        amounts = {
            name: float(models[name].predict(known[inputs[name]])[0]) for name in models if name not in explainers
        }
        risk = float(probability(DEFAULT, known)[0])
        line = float(known["credit_limit_amt"].fillna(0.0).iloc[0])
        answer = {
            "decision_id": str(uuid4()),
            "customer_id": asked.customer_id,
            "offers": [
                {"offer_id": told["offers"][i]["offer_id"], "propensity": float(take_up[i]), "reasons": one}
                for i, one in zip(shown, why, strict=True)
            ],
            "limit": {
                "pd_12m": risk,
                "curve": [{"limit_amt": line * (1 + step / 24), "share": amounts} for step in range(25)],
                "reasons": reasons(DEFAULT, known)[0],
            },
        }
        with engine.begin() as connection:
            connection.execute(
                insert(table).values(
                    decision_id=answer["decision_id"],
                    customer_id=asked.customer_id,
                    inputs=known.iloc[0].to_json(),
                    answer=json.dumps(answer),
                )
            )
        return answer

    return app

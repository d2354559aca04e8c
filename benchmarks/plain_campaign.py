"""A campaign's list as a notebook makes it: one wide frame, a pyfunc of MLflow, rules by DataFrame.eval."""

import shutil
import time
from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm as lgb
import mlflow.lightgbm
import mlflow.pyfunc
import numpy as np
import pandas as pd
import yaml

from benchmarks.campaign_file import settings_of
from features.catalogue import FEATURE_NAMES
from features.online import OnlineStore
from linewise.bank.tables import open_bank
from linewise.core.home import Home
from serving.scoring.registry import open_release

__all__ = ["plain"]

RULES = (
    "age_years >= 18",
    "days_past_due_max_180d <= 0 or days_past_due_max_180d != days_past_due_max_180d",
    "credit_limit_amt >= 0",
)
"""What a notebook keeps of the rules: those that a feature alone can judge; one that names no feature is left out."""


def plain(customer_count: int) -> dict[str, Any]:
    """The list of the campaign that is measured, on the same home."""
    settings = settings_of(customer_count)
    assert settings.policy is not None
    catalogue = yaml.safe_load((settings.policy / "catalogue.yaml").read_text(encoding="utf-8"))
    sold = [one for one in catalogue["offers"] if one["kind"] == "promotional"]
    return plain_seconds(settings.paths, sold, most_count=customer_count // 10)


def plain_seconds(home: Home, sold: Sequence[Mapping[str, Any]], most_count: int) -> dict[str, Any]:
    """Seconds from the stored features to the list on disk; the model as MLflow keeps it is saved beforehand."""
    take_up = open_release(home).models["offer_take_up"]
    saved = home.root / "pyfunc"
    shutil.rmtree(saved, ignore_errors=True)
    mlflow.lightgbm.save_model(lgb.Booster(model_file=str(take_up.folder / "model.txt")), str(saved))
    began = time.perf_counter()
    model = mlflow.pyfunc.load_model(str(saved))
    ids = open_bank(home).read("customers", ["customer_id"])["customer_id"].to_pylist()
    rows = OnlineStore(home).generation().read(ids)
    frame = pd.DataFrame(rows.values, columns=list(FEATURE_NAMES), index=pd.Index(ids, name="customer_id"))
    is_eligible = np.ones(len(frame), dtype=bool)
    for rule in RULES:
        if {word for word in rule.split() if word.isidentifier()} - {"or", "and"} <= set(frame.columns):
            is_eligible &= frame.eval(rule).to_numpy(dtype=bool)
    some, inputs = frame[is_eligible], list(take_up.spec["inputs"])
    worth = pd.DataFrame({one["offer_id"]: _worth(model, some, one, inputs) for one in sold}, index=some.index)
    best = pd.DataFrame({"offer_id": worth.idxmax(axis=1), "priority": worth.max(axis=1)})
    listed = best[best["priority"] > 0].sort_values("priority", ascending=False).head(most_count)
    listed.sort_index().reset_index().to_parquet(home.root / "plain.parquet")
    return {"seconds": time.perf_counter() - began, "listed": len(listed), "eligible": len(some)}


def _worth(model: Any, some: pd.DataFrame, offer: Mapping[str, Any], inputs: list[str]) -> np.ndarray:
    """What showing the offer adds to its take-up, times its margin, less its cost, of every row."""
    wide = some.assign(**_told(offer, inputs))[inputs]
    shown = np.asarray(model.predict(wide))
    held = np.asarray(model.predict(wide.assign(is_shown=0.0))) if "is_shown" in inputs else 0.0
    margin, cost = (float((offer.get(name) or {}).get("CNY", 0.0)) for name in ("margin", "cost"))
    return (shown - held) * margin - cost


def _told(offer: Mapping[str, Any], inputs: Sequence[str]) -> dict[str, float]:
    """What the model is told of an offer, as a notebook would write it down."""
    credit = offer.get("credit") or {}
    known = {
        "offer_tier": float(offer.get("tier", 1)),
        "offer_annual_fee_amt": 100.0 * float((offer.get("annual_fee") or {}).get("CNY", 0.0)),
        "offer_maximum_age_years": float(offer.get("maximum_age_years", 150)),
        "offer_is_credit": float(bool(credit)),
        "offer_annualised_cost_ratio": 0.15 if credit else 0.0,
        "offer_term_months": 12.0 if credit else 0.0,
        "offer_is_cash": float(credit.get("purpose") == "cash"),
        "offer_card_spend_share_ratio": float(offer.get("card_spend_share_ratio", 0.0)),
        "is_shown": 1.0,
    }
    return {name: value for name, value in known.items() if name in inputs}

"""The predictions that a campaign's plan asks for, made by LightGBM alone."""

import time
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import lightgbm as lgb
import numpy as np

from benchmarks.campaign_file import THREADS, brief_of, offer_ids, settings_of
from features.catalogue import FEATURE_NAMES
from features.online import OnlineStore
from linewise.bank.tables import open_bank
from linewise.core.settings import Settings
from serving.campaigns.base import Opening, open_base
from serving.campaigns.brief.audience import read_audience
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.gathering.first_pass import gather
from serving.campaigns.gathering.several import Several
from serving.scoring import boosters
from serving.scoring.forest import Forest
from serving.scoring.registry import open_release

__all__ = ["bare"]

MODELLED = 10
"""Offers of the twelve that are modelled; the others have a prior in the place of a model."""

EFFECT = " effect"
PART = 50_000
"""Customers on which the rows that a plan asks for are counted."""


def bare(customer_count: int) -> dict[str, Any]:
    """LightGBM's own predictions of as many rows as the plan asks of each forest, of the same inputs, by itself.

    What rows are asked for is counted on the first frame of the base, where the plan is made once more.
    """
    settings = settings_of(customer_count)
    counts = rows_asked(settings, customer_count)
    ids = open_bank(settings.paths).read("customers", ["customer_id"])["customer_id"].to_pylist()[:PART]
    features = OnlineStore(settings.paths).generation().read(ids).values
    seconds, of_all = 0.0, 0.0
    for name, booster, inputs in _boosters(settings):
        count = counts.get(name, 0)
        took = _predicted(booster, inputs, features, count)
        seconds += took
        # Of every customer and every offer that a model scores: shown, not shown, and the correction between them.
        every = customer_count * (MODELLED * (1 if name.endswith(EFFECT) else 2) if "take_up" in name else 1)
        of_all += took * every / count if count else 0.0
    return {"seconds": seconds, "rows": sum(counts.values()), "seconds_of_all": of_all, "counts": counts}


def _boosters(settings: Settings) -> Iterator[tuple[str, Any, list[str]]]:
    """Each forest of the release with its name and its inputs."""
    for name, model in open_release(settings.paths).models.items():
        inputs = list(model.spec["inputs"])
        yield name, lgb.Booster(model_file=str(model.folder / "model.txt")), inputs
        if (model.spec.get("effect") or {}).get("correction"):
            yield f"{name}{EFFECT}", lgb.Booster(model_str=model.spec["effect"]["correction"]), inputs[:-1]


def _predicted(booster: Any, names: list[str], features: Any, count: int) -> float:
    """Seconds of predicting so many rows; what is no feature is told as of the first offer."""
    inputs = np.ones((len(features), len(names)))
    for at, name in enumerate(names):
        if name in FEATURE_NAMES:
            inputs[:, at] = features[:, FEATURE_NAMES.index(name)]
    seconds = 0.0
    while count > 0:
        some = inputs[: min(count, len(inputs))]
        began = time.perf_counter()
        booster.predict(some, num_threads=THREADS, raw_score=True)
        seconds += time.perf_counter() - began
        count -= len(some)
    return seconds


def rows_asked(settings: Settings, customer_count: int) -> dict[str, int]:
    """Rows asked of each forest by the plan of the whole base, counted on a part of it and scaled."""
    counted: dict[int, int] = {}
    names: dict[int, str] = {}

    class Counting(Forest):
        def summed(self, rows: Any) -> Any:
            counted[id(self)] = counted.get(id(self), 0) + len(rows)
            return super().summed(rows)

        def predicted(self, rows: Any) -> Any:
            counted[id(self)] = counted.get(id(self), 0) + len(rows)
            return super().predicted(rows)

    with patch.object(boosters, "Forest", Counting):
        base = open_base(Opening(settings))
        part = min(PART, customer_count)
        base.ids = base.ids.slice(0, part)
        for attribute in ("_default", "_take_up", "_balance", "_spend", "_declined", "_attrition"):
            model = getattr(base.desk.scorers, attribute)
            if model is not None:
                names[id(model.forest)] = model.source.partition(":")[0]
                if getattr(model, "_effect", None) is not None:
                    names[id(model._effect._trees)] = f"{model.source.partition(':')[0]}{EFFECT}"
        path = brief_of(offer_ids(settings), customer_count, settings.paths.root)
        brief = read_brief(path)
        gather(base, Several.of(base, [brief], [read_audience(brief, path, base.bank)]))
    return {names[one]: round(count * customer_count / part) for one, count in counted.items() if one in names}

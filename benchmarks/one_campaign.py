"""`python -m benchmarks.one_campaign base|ours|exported|bare|plain CUSTOMERS`: seconds and peak memory of one campaign.

A process of its own. `base` makes the bank, its features and the release that the others read, where they are not
there yet. What is timed of ours is the whole command, from opening the home to the list on disk.
"""

import json
import os
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import lightgbm as lgb
import numpy as np
import yaml

from benchmarks.campaigns import brief_of
from benchmarks.home import card_use_kept, served_settings
from benchmarks.one_bank import peak_gb
from benchmarks.plain_campaign import plain_seconds
from features.building import build_features, observation_pairs
from features.catalogue import FEATURE_NAMES
from features.materialising import materialise
from features.online import OnlineStore
from linewise.bank.tables import open_bank
from linewise.core.settings import Settings, checkout_dir, load_settings
from linewise.ledger.within import Transaction
from linewise.policy.standard_folder import policy_folder
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import world_of
from serving.campaigns.base import Opening, open_base
from serving.campaigns.brief.audience import read_audience
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.exporting.asking import ExportOptions
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.export import export_campaign
from serving.campaigns.gathering.first_pass import gather
from serving.campaigns.gathering.several import Several
from serving.campaigns.plan.files import read_plan
from serving.campaigns.planning.together import plan_campaigns
from serving.scoring import boosters
from serving.scoring.forest import Forest
from serving.scoring.opening import open_to_send
from serving.scoring.registry import open_release

THREADS = os.cpu_count() or 1
MONTHS = 12
OFFERS = 12
MODELLED = 10
"""The others have a prior in the place of a model."""

EFFECT = " effect"
COPIED = ("CARD_JUNIOR", "CARD_CLASSIC", "CARD_GOLD", "CARD_TRAVEL", "BILL_INSTALMENT")
BASE = "bench-campaigns"
PART = 50_000
"""Customers on which the rows that a plan asks for are counted."""


def settings_of(customer_count: int) -> Settings:
    """The home of a base of that size, with a policy of twelve promotional offers."""
    root = checkout_dir() / "data" / f"{BASE}-{customer_count}"
    return load_settings(home=root, language="en").model_copy(update={"policy": root / "policy"})


def make_base(customer_count: int) -> None:
    """A simulated bank, its features in the store, and the champions of the benchmarks' small home."""
    settings = settings_of(customer_count)
    home = settings.paths
    if (home.root / "whole").exists():
        # A ledger of an older version is refused, and nothing in it is needed.
        for left in (
            home.data_dir.glob("ledger.db*"),
            [home.campaigns_dir, home.checkpoints_dir, home.keys_path.parent],
        ):
            for path in left:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        card_use_kept(settings)
        return
    shutil.rmtree(home.root, ignore_errors=True)
    small = served_settings("bench").paths
    bank = simulate_bank(home, world_of(customer_count=customer_count, month_count=MONTHS), overwrite=True)
    now = bank.manifest.horizon
    build_features(home, observation_pairs(bank, now))
    materialise(home, now)
    shutil.copytree(small.releases_dir, home.releases_dir, ignore=shutil.ignore_patterns("archive"))
    twelve_offers(home.root / "policy")
    (home.root / "whole").touch()


def twelve_offers(folder: Path) -> None:
    """The standard policy with copies of its modelled offers in groups of their own, until there are twelve to sell."""
    shutil.copytree(policy_folder(None), folder)
    path = folder / "catalogue.yaml"
    catalogue = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {one["offer_id"]: one for one in catalogue["offers"]}
    sold = sum(one["kind"] == "promotional" for one in known.values())
    copies = [
        {**known[name], "offer_id": f"{name}_B", "group": f"{known[name]['group']}_{name.lower()}"} for name in COPIED
    ]
    catalogue["offers"] = [*copies[: OFFERS - sold], *catalogue["offers"]]
    path.write_text(yaml.safe_dump(catalogue, allow_unicode=True, sort_keys=False), encoding="utf-8")


def ours(customer_count: int) -> dict[str, Any]:
    """The plan as the command makes it."""
    settings = settings_of(customer_count)
    path = brief_of(offer_ids(settings), customer_count, settings.paths.root)
    began = time.perf_counter()
    (planned,) = plan_campaigns(settings, [path], processes=THREADS)
    return {"seconds": time.perf_counter() - began, "treated": planned.told["arms"]["treated"], "offers": OFFERS}


def offer_ids(settings: Settings) -> list[str]:
    """The promotional offers of the home's policy."""
    assert settings.policy is not None
    catalogue = yaml.safe_load((settings.policy / "catalogue.yaml").read_text(encoding="utf-8"))
    return [one["offer_id"] for one in catalogue["offers"] if one["kind"] == "promotional"]


# ---- the bare predictions ----------------------------------------------------------------------------------


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


def plain(customer_count: int) -> dict[str, Any]:
    """The rival, on the same home."""
    settings = settings_of(customer_count)
    assert settings.policy is not None
    catalogue = yaml.safe_load((settings.policy / "catalogue.yaml").read_text(encoding="utf-8"))
    sold = [one for one in catalogue["offers"] if one["kind"] == "promotional"]
    return plain_seconds(settings.paths, sold, most_count=customer_count // 10)


def _helpers_gb() -> float:
    """What the processes that shared the work held at most, each as much as the one that held most."""
    held = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e9
    return held * (THREADS - 1)


class Unsigned:
    """What is measured is sent to nobody, and so signed by nobody."""

    def approvers(self) -> Sequence[Mapping[str, Any]]:
        """Nobody."""
        return ()

    def mark_exported(self, _connection: Transaction, _by: str, _at: datetime) -> None:
        """Of no campaign that lives."""


def exported(customer_count: int) -> dict[str, Any]:
    """The files of the plan that `ours` made, from opening the home to the manifest."""
    settings = settings_of(customer_count)
    began, used = time.perf_counter(), time.process_time()
    recommender = open_to_send(settings)
    made = export_campaign(
        ExportDesk.of(recommender),
        read_plan(settings.paths, "BENCHMARK"),
        Unsigned(),
        ExportOptions(by="bench", supersede=True),
    )
    recommender.ledger.close()
    took = {"seconds": time.perf_counter() - began, "processor_seconds": time.process_time() - used}
    return took | {"rows": sum(made.manifest["export"]["listed"].values())}


def main(who: str, customer_count: int) -> None:
    """Make the base, or run one of the four and tell seconds and peak as JSON."""
    if who == "base":
        make_base(customer_count)
        told: dict[str, Any] = {}
    else:
        told = {"ours": ours, "exported": exported, "bare": bare, "plain": plain}[who](customer_count)
    print(json.dumps(told | {"peak_gb": peak_gb() + _helpers_gb(), "threads": THREADS}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

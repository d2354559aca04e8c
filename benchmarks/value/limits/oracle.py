"""The best that can be done with the same features: fitted to noise-free outcomes, once for each world."""

from pathlib import Path

import lightgbm as lgb
import numpy as np
from filelock import FileLock

from benchmarks.value.kept import Kept
from benchmarks.value.limits.choosing import Wish
from benchmarks.value.limits.worth import TrueWorth, economics_of, true_worth
from linewise.decisioning.types import Floats
from linewise.simulation.logged import LoggedWorld, People, draw_people, logged_world
from linewise.simulation.logged.limits import RAISES

__all__ = ["latent_oracle", "oracle_on_features"]

FIT_FROM, FIT_COUNT = 50_000_000, 400_000
PARAMETERS = {
    "objective": "regression", "num_leaves": 31, "learning_rate": 0.08, "min_data_in_leaf": 500, "max_bin": 63,
    "feature_fraction": 0.6, "num_threads": 1, "verbosity": -1, "seed": 1, "deterministic": True,
    "force_row_wise": True,
}  # fmt: skip
TREES = 250
PARTS = ("gain_amt", "loss_amt")


def latent_oracle(truth: TrueWorth) -> Wish:
    """What who knows everything would wish for."""
    return Wish(truth.gain_amt, truth.loss_amt).only_open(truth)


def oracle_on_features(world: LoggedWorld, people: People, truth: TrueWorth) -> Wish:
    """What is best by the features alone: the truth as trees see it that learnt from FIT_COUNT of its answers.

    Outcomes without noise, whose population is the same whatever the seed: one fit serves all seeds of a world.
    """
    folder = Kept.of_this_code().folder / "oracle" / world.name
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "done").is_file():
            _fit(world.name, folder)
            (folder / "done").touch()
    found = {part: np.zeros((len(people), len(RAISES))) for part in PARTS}
    for part, values in found.items():
        for place in range(1, len(RAISES)):
            booster = lgb.Booster(model_file=folder / f"{part}-{place}.txt")
            values[:, place] = booster.predict(people.features, num_threads=1) * people.limit_amt
    return Wish(found["gain_amt"], np.maximum(found["loss_amt"], 0.0)).only_open(truth)


def _fit(name: str, folder: Path) -> None:
    world = logged_world(name=name)
    people = draw_people(world, FIT_COUNT, FIT_FROM)
    truth = true_worth(world, people, economics_of(world))
    weight = people.limit_amt / people.limit_amt.mean()
    binned = lgb.Dataset(
        people.features, np.zeros(FIT_COUNT), weight=weight, params=PARAMETERS, free_raw_data=False
    ).construct()
    for part in PARTS:
        amounts: Floats = getattr(truth, part)
        for place in range(1, len(RAISES)):
            binned.set_label(amounts[:, place] / people.limit_amt)
            lgb.train(PARAMETERS, binned, TREES).save_model(folder / f"{part}-{place}.txt")

"""The best that can be done with the same features: fitted to noise-free outcomes, once for each world."""

from pathlib import Path

import lightgbm as lgb
import numpy as np
from filelock import FileLock

from benchmarks.value.kept import kept_folder
from benchmarks.value.limits.choosing import Wish
from benchmarks.value.limits.worth import TrueWorth, economics_of, true_worth
from benchmarks.value.numbers import ORACLE_START
from benchmarks.value.reached_code import ReachedCode
from benchmarks.value.trees import grown_each, told
from linewise.core.settings import checkout_dir
from linewise.decisioning.types import Floats
from linewise.simulation.logged import LoggedWorld, People, draw_people, logged_world
from linewise.simulation.logged.limits import RAISES

__all__ = ["latent_oracle", "oracle_on_features"]

FIT_COUNT = 400_000
PARAMETERS = {
    "objective": "regression", "num_leaves": 31, "learning_rate": 0.08, "min_data_in_leaf": 500, "max_bin": 63,
    "feature_fraction": 0.6,
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
    code = ReachedCode.of_checkout(checkout_dir()).digest(__name__)
    folder = kept_folder() / "oracle" / f"{world.name}-{code}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if not (folder / "done").is_file():
            _fit(world.name, folder)
            (folder / "done").touch()
    found = {part: np.zeros((len(people), len(RAISES))) for part in PARTS}
    for part, values in found.items():
        boosters = [lgb.Booster(model_file=folder / f"{part}-{place}.txt") for place in range(1, len(RAISES))]
        values[:, 1:] = told(boosters, people.features) * people.limit_amt[:, None]
    return Wish(found["gain_amt"], np.maximum(found["loss_amt"], 0.0)).only_open(truth)


def _fit(name: str, folder: Path) -> None:
    world = logged_world(name=name)
    people = draw_people(world, FIT_COUNT, ORACLE_START)
    truth = true_worth(world, people, economics_of(world))
    weight = people.limit_amt / people.limit_amt.mean()
    amounts: list[Floats] = [getattr(truth, part)[:, 1:] / people.limit_amt[:, None] for part in PARTS]
    names = [f"{part}-{place}.txt" for part in PARTS for place in range(1, len(RAISES))]
    boosters = grown_each(people.features, np.hstack(amounts), TREES, PARAMETERS, weight)
    for file, booster in zip(names, boosters, strict=True):
        booster.save_model(folder / file)

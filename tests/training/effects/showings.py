"""Showings whose effect is known: more for a high x0, less than nothing for a low x1, and shown by x0."""

from dataclasses import dataclass

import numpy as np

from tests.training.builders import a_spec
from training.dataset import ShowingDataset
from training.specs import ModelSpec

SPEC: ModelSpec = a_spec("offer_take_up", tree_count=60, leaf_count=8, learning_rate=0.1, leaf_rows_minimum=50)


@dataclass(frozen=True)
class Showings:
    """Pairs, and what showing truly adds to each, (n_rows,)."""

    data: ShowingDataset
    true_effect: np.ndarray
    true_taken: np.ndarray


def some_showings(seed: int = 0, row_count: int = 20_000, put_off_ratio: float = 0.0) -> Showings:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(row_count, 3))
    tier = draw.integers(1, 4, row_count).astype(np.float64)
    by_itself = 0.04 + 0.02 * (x[:, 2] > 0)
    shown = np.clip(by_itself + 0.10 + 0.05 * np.tanh(x[:, 0]) * tier / 2 - 0.12 * (x[:, 1] < -0.8), 0.005, 1)
    chance = 1 / (1 + np.exp(-(x[:, 0] - 0.3)))
    is_shown = (draw.random(row_count) < chance).astype(np.int64)
    pitched = (draw.random(row_count) < 0.7).astype(np.float64)
    # Who is asked takes it by itself or because of it; the mean over being asked is the effect of showing.
    once = np.where(pitched == 1, by_itself + (shown - by_itself) / 0.7, by_itself)
    taken_with = np.where(is_shown == 1, once, by_itself)
    y = (draw.random(row_count) < taken_with).astype(np.int64)
    put_off = (is_shown == 1) & (pitched == 1) & (draw.random(row_count) < put_off_ratio * (1 + (x[:, 0] > 0)))
    numbers = np.arange(row_count)
    data = ShowingDataset(
        name="offer_take_up",
        feature_names=("x0", "x1", "x2"),
        offer_attributes=("offer_tier", "is_shown"),
        x=np.column_stack([x, tier, is_shown]),
        y=np.where(put_off, 0, y),
        groups=numbers,
        cases=numbers,
        has_control_group=True,
        is_shown=is_shown,
        is_pitched=np.where(is_shown == 1, pitched, np.nan),
        is_censored=put_off,
        agents=np.where(is_shown == 1, numbers % 60, -1),
        propensity=chance,
    )
    return Showings(data, shown - by_itself, shown)

"""A small world of logged decisions whose values are known."""

from dataclasses import dataclass

import numpy as np

from training.off_policy import Clusters, Logged


@dataclass(frozen=True)
class ASmallWorld:
    """Three actions; reward 1 with a probability by x and action; the log prefers what x points to."""

    logged: Logged
    expected: np.ndarray
    policy: np.ndarray
    true_value: float


def a_small_world(seed: int, row_count: int = 4_000, floor: float = 0.05, model_error: float = 0.0) -> ASmallWorld:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=row_count)
    chance = np.column_stack([np.full(row_count, 0.1), 0.15 + 0.1 * np.tanh(x), 0.15 - 0.1 * np.tanh(x)])
    likely = np.exp(np.column_stack([np.zeros(row_count), -x, x]))
    chosen_with = floor + (1 - 3 * floor) * likely / likely.sum(axis=1, keepdims=True)
    action = (draw.random(row_count)[:, None] > chosen_with.cumsum(axis=1)).sum(axis=1)
    rows = np.arange(row_count)
    reward = (draw.random(row_count) < chance[rows, action]).astype(np.float64)
    policy = np.eye(3)[chance.argmax(axis=1)]
    logged = Logged(action, chosen_with[rows, action], reward, Clusters((), row_count))
    # The truth of the population, not of the rows that were drawn.
    many = np.random.default_rng(0).normal(size=400_000)
    return ASmallWorld(logged, chance * (1 + model_error), policy, float((0.15 + 0.1 * np.abs(np.tanh(many))).mean()))

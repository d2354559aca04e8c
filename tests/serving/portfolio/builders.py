"""Candidates of a made-up base: raises whose gain bends, offers that cost money and a contact."""

import numpy as np

from linewise.decisioning.types import Floats
from serving.portfolio.candidates import OFFER, RAISE, USES, Candidates

RUNGS = 6


def some_candidates(n_customers: int = 400, seed: int = 3) -> Candidates:
    """One row of raises and one of offers for each customer, minor units; a higher rung brings less for each unit."""
    draw = np.random.default_rng(seed)
    size = draw.lognormal(0.0, 0.7, (n_customers, 1))
    exposure = 100_000.0 * size * np.arange(1, RUNGS + 1)
    loss = exposure * 0.03 * draw.lognormal(0.0, 0.8, (n_customers, 1))
    gain = 40_000.0 * size * np.log1p(np.arange(1, RUNGS + 1)) - 0.3 * loss
    raises, offers = np.zeros((n_customers, RUNGS, len(USES))), np.zeros((n_customers, RUNGS, len(USES)))
    raises[:, :, 2], raises[:, :, 3], raises[:, :, 4] = exposure, loss, 0.1 * exposure
    offers[:, :3, 0], offers[:, :3, 1] = [500.0, 800.0, 200.0], 1.0
    worth = np.full((n_customers, RUNGS), -np.inf)
    worth[:, :3] = draw.normal(500.0, 2_000.0, (n_customers, 3))
    return Candidates(
        customer_id=np.tile([f"C{place:05d}" for place in range(n_customers)], 2),
        kind=np.repeat([RAISE, OFFER], n_customers),
        values_amt=_positive(np.concatenate([gain, worth])),
        expected_amt=np.concatenate([1.1 * gain, np.where(np.isfinite(worth), worth, 0.0)]),
        uses=np.concatenate([raises, offers]),
        keys=np.arange(2 * n_customers, dtype=np.uint64),
        unpriced_uses=np.zeros(len(USES)),
    )


def _positive(values: Floats) -> Floats:
    return np.where(values > 0.0, values, -np.inf)

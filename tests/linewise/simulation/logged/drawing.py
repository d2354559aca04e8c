"""What holds of whoever is drawn into a world of logged decisions."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from features.catalogue import FEATURES
from linewise.simulation.logged import LoggedWorld, logged_world

__all__ = ["bears_the_products_names", "is_the_same_alone"]


class Drawn(Protocol):
    """Customers, with their features by name."""

    features: np.ndarray

    def feature(self, name: str) -> np.ndarray: ...


def is_the_same_alone(draw: Callable[[LoggedWorld, int, int], Drawn], everybody: Drawn, hidden: str) -> None:
    """Ten of them drawn by themselves have the same features and the same of what is hidden."""
    alone = draw(logged_world(), 10, 500)
    np.testing.assert_array_equal(alone.features, everybody.features[500:510])
    np.testing.assert_array_equal(getattr(alone, hidden), getattr(everybody, hidden)[500:510])


def bears_the_products_names(drawn: Drawn, names: Sequence[str], allowed_for: set[str]) -> None:
    """Features have names of the catalogue that are allowed for this use, and values within their ranges."""
    known = {feature.name: feature for feature in FEATURES}
    for name in names:
        assert allowed_for <= set(known[name].allowed_for)
        assert np.isfinite(drawn.feature(name)).all()
        assert drawn.feature(name).min() >= known[name].minimum

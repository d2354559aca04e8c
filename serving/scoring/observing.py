"""How long the stages of a decision took, and what came of it, told to whoever listens."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

__all__ = ["UNOBSERVED", "Observer", "Stage"]

Stage = Literal["promises", "features", "facts", "decide", "answer", "record"]
"""In the order in which they come. What was promised, the row of features, what rules name beside them, the decision
itself with rules and models, its answer in words, and the durable record."""


class Observer:
    """Told of every decision that is served; this one keeps nothing. Called from several threads at once."""

    def took(self, stage: Stage, seconds: float) -> None:
        """A stage ended well after so long."""

    def decided(self, answer: Mapping[str, Any]) -> None:
        """A decision was recorded, with this full answer."""

    def told(self, outcome: str) -> None:
        """A new outcome was recorded."""

    @contextmanager
    def timing(self, stage: Stage) -> Iterator[None]:
        """Time a stage; one that fails is not counted."""
        began = time.perf_counter()
        yield
        self.took(stage, time.perf_counter() - began)


UNOBSERVED = Observer()

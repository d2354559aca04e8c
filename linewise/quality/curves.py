"""What the figures of a report are made of, and curves over shares of rows."""

from pydantic import BaseModel, ConfigDict

__all__ = ["POINTS", "Curve", "Figures"]

POINTS = 50
"""Steps of a curve over the share of rows."""


class Figures(BaseModel):
    """A part of the report; it is never changed after it was made."""

    model_config = ConfigDict(frozen=True)


class Curve(Figures):
    """Points (x, y) from (0, 0) on, the best first: share of rows, and what is reached with them."""

    x: tuple[float, ...]
    y: tuple[float, ...]

    def at(self, share: float) -> float:
        """What is reached with that share of rows, between two points on the line between them."""
        for (left, low), (right, high) in zip(
            zip(self.x, self.y, strict=True), zip(self.x[1:], self.y[1:], strict=True), strict=False
        ):
            if share <= right:
                return low + (high - low) * ((share - left) / (right - left) if right > left else 1.0)
        return self.y[-1]

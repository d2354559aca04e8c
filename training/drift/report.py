"""What drift found, figure by figure."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

__all__ = ["DriftReport", "Moved", "Part"]

Part = Literal["mix", "input", "score", "vintage", "calibration", "value"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Moved(_Frozen):
    """One figure: of what, how far, what may be, and whether somebody must look.

    figure: a stability index (mix, input, score) or a ratio (vintage, calibration, value).
    """

    part: Part
    what: str
    figure: float
    bound: str
    is_alarm: bool
    says: str = ""


class DriftReport(_Frozen):
    """Everything that was compared at a moment with the same season a year before; notes say what could not be."""

    bank: str
    as_of: datetime
    reference: datetime
    thresholds: str
    moved: tuple[Moved, ...]
    notes: tuple[str, ...]

    @property
    def alarms(self) -> tuple[Moved, ...]:
        """What somebody must look at, the farthest first within its part."""
        return tuple(one for one in self.moved if one.is_alarm)

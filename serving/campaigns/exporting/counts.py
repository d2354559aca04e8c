"""What became of the rows of a list as they were exported, by arm."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from serving.campaigns.plan.files import CONTROL, TREATED

__all__ = ["Counts"]


@dataclass(slots=True)
class Counts:
    """What became of the list's rows, by arm."""

    listed: Counter[str]
    written: Counter[str]
    withheld: Counter[tuple[str, str]]
    moved: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the manifest tells them: each reason beside the arms that it took rows of."""
        reasons = sorted({why for why, _ in self.withheld})
        return {
            "listed": _by_arm(self.listed),
            "withheld": {why: {arm: self.withheld[why, arm] for arm in (TREATED, CONTROL)} for why in reasons},
            "written": _by_arm(self.written),
            "windows_moved": self.moved,
        }


def _by_arm(counts: Counter[str]) -> dict[str, int]:
    return {arm: counts[arm] for arm in (TREATED, CONTROL)}

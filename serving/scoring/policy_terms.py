"""What a policy is loaded with besides its files: kept with a release, so that it is loaded the same again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from features.catalogue import FEATURE_NAMES
from linewise.policy.policy import Policy, load_policy

__all__ = ["PolicyTerms"]


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """The bank's currency, the day whose rules and offers hold, and the rule packs (None: by the currency)."""

    currency: str
    on: date
    packs: Sequence[str] | None = None

    def load(self, folder: Path | None) -> Policy:
        """The policy of a folder (None: the standard one) on these terms; raises PolicyInvalid."""
        return load_policy(folder, self.currency, FEATURE_NAMES, self.on, self.packs)

    def as_json(self) -> dict[str, Any]:
        """The terms as `from_json` reads them."""
        return {"currency": self.currency, "on": self.on.isoformat(), "packs": self.packs}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "PolicyTerms":
        """The terms that `as_json` gave."""
        return cls(currency=told["currency"], on=date.fromisoformat(told["on"]), packs=told["packs"])

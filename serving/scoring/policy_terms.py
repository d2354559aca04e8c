"""What a policy is loaded with besides its files: kept with a release, so that it is loaded the same again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from features.catalogue import FEATURE_NAMES
from features.needs import rule_features
from linewise.bank.tables import Bank
from linewise.core.clock import BankClock
from linewise.core.settings import Settings
from linewise.policy.policy import Policy, load_policy

__all__ = ["PolicyTerms", "terms_for"]


@dataclass(frozen=True, slots=True)
class PolicyTerms:
    """The bank's currency, the day whose rules and offers hold, the rule packs, and the tables it has not.

    packs: None takes those of the currency. Rules over absent tables are switched off.
    """

    currency: str
    on: date
    packs: Sequence[str] | None = None
    absent_tables: Sequence[str] = ()

    def load(self, folder: Path | None) -> Policy:
        """The policy of a folder (None: the standard one) on these terms; raises PolicyInvalid."""
        return load_policy(
            folder, self.currency, FEATURE_NAMES, self.on, self.packs, self.absent_tables, rule_features()
        )

    def as_json(self) -> dict[str, Any]:
        """The terms as `from_json` reads them."""
        return {
            "currency": self.currency,
            "on": self.on.isoformat(),
            "packs": self.packs,
            "absent_tables": list(self.absent_tables),
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "PolicyTerms":
        """The terms that `as_json` gave."""
        return cls(**told | {"on": date.fromisoformat(told["on"])})


def terms_for(bank: Bank, settings: Settings) -> PolicyTerms:
    """The terms of a loaded bank today.

    A historical extract is judged by today's policy too: its own clock stands years before the rules came
    into force, and would leave none of them.
    """
    return PolicyTerms(bank.manifest.currency, BankClock().now().date(), settings.packs, sorted(bank.absent_tables))

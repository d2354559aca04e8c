"""Who was erased from the list of a plan: their rows stay counted under references to which nothing leads.

A plan and its list are signed by their hashes, and those stay. What the list is without the erased stands beside the
plan, signed by the keys of the record, so that no other change of the list passes for an erasure.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from linewise.core.errors import PlanDamaged
from linewise.ledger.keys import KeyStore, is_signed

__all__ = ["ERASED", "Erasures", "read_erasures"]

ERASED = "erased.json"
FORM = "linewise plan without erased customers 1"


@dataclass(frozen=True, slots=True)
class Erasures:
    """customer_refs: what stands in place of the erased; list_sha256: of the list with it; signature: hexadecimal."""

    plan_sha256: str
    list_sha256: str
    customer_refs: Sequence[str]
    signature: str = ""

    def signed(self, keys: KeyStore) -> "Erasures":
        """The same under the signature of the record's keys."""
        return Erasures(self.plan_sha256, self.list_sha256, self.customer_refs, keys.sign(self._said).hex())

    def enforce_signed(self, campaign_id: str, keys: KeyStore) -> None:
        """Raise PlanDamaged where the record did not erase what is said to be erased."""
        try:
            signature = bytes.fromhex(self.signature)
        except ValueError:
            signature = b""
        if not is_signed(keys.public_key, self._said, signature):
            raise PlanDamaged(campaign_id, f"{ERASED} is not signed by this record")

    @property
    def _said(self) -> bytes:
        said = {"form": FORM} | {key: one for key, one in asdict(self).items() if key != "signature"}
        return json.dumps(said, sort_keys=True).encode()

    def as_json(self) -> str:
        """The file beside the plan."""
        return json.dumps({"form": FORM} | asdict(self), indent=1, sort_keys=True) + "\n"


def read_erasures(folder: Path, campaign_id: str) -> Erasures | None:
    """What was erased from the plan in a folder; None where nobody was. Raises PlanDamaged where it cannot be read."""
    path = folder / ERASED
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_bytes())
        names = ("plan_sha256", "list_sha256", "signature")
        plan, listed, signature = (str(told[name]) for name in names)
        return Erasures(plan, listed, tuple(map(str, told["customer_refs"])), signature)
    except (OSError, ValueError, KeyError, TypeError):
        raise PlanDamaged(campaign_id, f"{ERASED} cannot be read") from None

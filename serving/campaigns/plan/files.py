"""A campaign's plan as it lies in a home: what was decided in sum, and the list that it came to.

`<campaign_id>/plan/` holds campaign.yaml (the bytes that were given), plan.json, list.parquet and report.html. The
hash of a plan covers plan.json but for itself, which holds those of the file and of the list.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from linewise.core.errors import PlanDamaged, UnknownCampaign
from linewise.core.files import sha256_of
from linewise.core.home import Home
from linewise.ledger.keys import KeyStore
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.plan.erased import Erasures, read_erasures

__all__ = [
    "CONTROL",
    "LIST_SCHEMA",
    "STEPS",
    "TREATED",
    "Plan",
    "brief_path",
    "campaign_dir",
    "canonical",
    "exports_dir",
    "list_path",
    "plan_dir",
    "plan_path",
    "plan_sha256",
    "planned_campaigns",
    "read_plan",
    "report_path",
]

TREATED, CONTROL = "treated", "control"

STEPS = (
    "universe", "eligibility", "legal", "consent", "contact_caps", "recent_decline", "reachable", "duplicates",
    "capacity", "budget", "holdout",
)  # fmt: skip
"""The waterfall, in its order: who is left after each step."""

MOMENT = pa.timestamp("us", tz="UTC")
LIST_SCHEMA = pa.schema(
    [
        pa.field("customer_id", pa.string(), nullable=False),
        pa.field("arm", pa.string(), nullable=False),
        pa.field("offer_id", pa.string(), nullable=False),
        pa.field("channel", pa.string(), nullable=False),
        pa.field("template_code", pa.string()),
        pa.field("signature", pa.string()),
        pa.field("segment", pa.string(), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        pa.field("time_zone", pa.string(), nullable=False),
        pa.field("send_on", pa.date32(), nullable=False),
        pa.field("send_not_before", MOMENT, nullable=False),
        pa.field("send_not_after", MOMENT, nullable=False),
        pa.field("priority", pa.int64(), nullable=False),
        pa.field("propensity", pa.float64(), nullable=False),
        pa.field("uplift", pa.float64(), nullable=False),
        pa.field("value_amt", pa.int64(), nullable=False),
        pa.field("cost_amt", pa.int64(), nullable=False),
        pa.field("decile", pa.int8(), nullable=False),
        pa.field("contact_ref", pa.string()),
        pa.field("consent_ref", pa.string()),
        pa.field("expires_on", pa.date32(), nullable=False),
    ]
)
"""One row a customer of the list or of its control, who holds what would have been sent; sorted by customer_id.

template_code and signature are missing where a channel sends no template; contact_ref where the bank delivers no
contact points; consent_ref where the consent has no text of its own. decile: 1 are the highest priorities. value_amt
is what the contact is expected to bring before its cost (uplift × value), cost_amt what it is expected to cost.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan that was read back: the campaign's file, what plan.json says, and where the list lies.

    erasures: who was erased from the list since; None where nobody was.
    """

    campaign_id: str
    brief: Brief
    told: Mapping[str, Any]
    list_path: Path
    erasures: Erasures | None = None

    @property
    def plan_sha256(self) -> str:
        """The hash of everything that an approval stands for."""
        return str(self.told["plan_sha256"])

    def enforce_erased_by(self, keys: KeyStore) -> None:
        """Raise PlanDamaged where the list was changed in the name of an erasure that the record does not sign."""
        if self.erasures is not None:
            self.erasures.enforce_signed(self.campaign_id, keys)

    def batches(self, columns: list[str] | None = None, rows: int = 65_536) -> Iterator[pa.RecordBatch]:
        """The list in pieces, in order of customer_id, so that no list is too long for memory."""
        with pq.ParquetFile(self.list_path) as file:
            yield from file.iter_batches(batch_size=rows, columns=columns)


def campaign_dir(home: Home, campaign_id: str) -> Path:
    """The folder of a campaign."""
    return home.campaigns_dir / campaign_id


def plan_dir(home: Home, campaign_id: str) -> Path:
    """The folder of its plan, which is there whole or not at all."""
    return campaign_dir(home, campaign_id) / "plan"


def brief_path(home: Home, campaign_id: str) -> Path:
    """The campaign's file as it was given."""
    return plan_dir(home, campaign_id) / "campaign.yaml"


def plan_path(home: Home, campaign_id: str) -> Path:
    """What was planned, in sum."""
    return plan_dir(home, campaign_id) / "plan.json"


def list_path(home: Home, campaign_id: str) -> Path:
    """The list and its control."""
    return plan_dir(home, campaign_id) / "list.parquet"


def report_path(home: Home, campaign_id: str) -> Path:
    """The page about the plan."""
    return plan_dir(home, campaign_id) / "report.html"


def exports_dir(home: Home, campaign_id: str) -> Path:
    """Where the exports of a campaign lie, a folder each."""
    return campaign_dir(home, campaign_id) / "exports"


def canonical(told: Mapping[str, Any]) -> bytes:
    """The bytes of plan.json: sorted keys and one spelling, so that the same plan has the same hash."""
    return (json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n").encode()


def plan_sha256(told: Mapping[str, Any]) -> str:
    """The hash of a plan: of all that plan.json says but for the hash itself."""
    return hashlib.sha256(canonical({key: one for key, one in told.items() if key != "plan_sha256"})).hexdigest()


def planned_campaigns(home: Home) -> list[str]:
    """The ids of the campaigns that were planned in this home, sorted."""
    if not home.campaigns_dir.is_dir():
        return []
    return sorted(path.name for path in home.campaigns_dir.iterdir() if (path / "plan" / "plan.json").is_file())


def read_plan(home: Home, campaign_id: str, *, verify: bool = True) -> Plan:
    """The plan of a campaign; `verify` holds the list against its hash, which reads it whole.

    Raises UnknownCampaign where nothing of that id was planned, and PlanDamaged where a file is gone or changed.
    """
    # An id with a separator in it would name a folder outside the campaigns'.
    if campaign_id not in planned_campaigns(home):
        raise UnknownCampaign(campaign_id)
    erasures = read_erasures(plan_dir(home, campaign_id), campaign_id)
    try:
        told = json.loads(plan_path(home, campaign_id).read_bytes())
        is_whole = told["plan_sha256"] == plan_sha256(told)
        if erasures is not None and erasures.plan_sha256 != told["plan_sha256"]:
            raise PlanDamaged(campaign_id, "those erased from it were erased from another plan")
        hashes = {brief_path(home, campaign_id): told["brief_sha256"]}
        if verify:
            hashes[list_path(home, campaign_id)] = told["list_sha256"] if erasures is None else erasures.list_sha256
    except (OSError, ValueError, KeyError, TypeError):
        is_whole, hashes, told = False, {}, {}
    if not is_whole:
        raise PlanDamaged(campaign_id, "plan.json does not say what it was hashed with")
    for path, expected in hashes.items():
        if not path.is_file():
            raise PlanDamaged(campaign_id, f"{path.name} is gone")
        if sha256_of(path) != expected:
            raise PlanDamaged(campaign_id, f"{path.name} was changed")
    return Plan(campaign_id, read_brief(brief_path(home, campaign_id)), told, list_path(home, campaign_id), erasures)

"""What stands in each file of an export: no score, no name, no number that a customer could be found by elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from serving.campaigns.exporting.send_windows import SendWindow

__all__ = ["CALLS", "CONTROLS", "GATEWAY", "WITHHELD", "Row", "SentBy", "priority_of", "table_of"]

MOMENT = pa.timestamp("us", tz="UTC")

ENDS = [
    ("send_on", pa.date32()),
    ("send_not_before", MOMENT),
    ("send_not_after", MOMENT),
    ("local_not_before", pa.string()),
    ("local_not_after", pa.string()),
    ("time_zone", pa.string()),
    ("language", pa.string()),
    ("expires_on", pa.date32()),
    ("consent_ref", pa.string()),
    ("decision_id", pa.string()),
    ("release_id", pa.string()),
    ("policy_version", pa.string()),
]

GATEWAY = pa.schema(
    [
        ("campaign_id", pa.string()),
        ("batch_id", pa.string()),
        ("customer_key", pa.string()),
        ("contact_ref", pa.string()),
        ("channel", pa.string()),
        ("template_code", pa.string()),
        ("signature", pa.string()),
        ("segment", pa.string()),
        ("offer_id", pa.string()),
        ("priority", pa.int8()),
        *ENDS,
    ]
)
"""For whoever sends messages. customer_key: a keyed name, another one in each campaign; contact_ref: a token that the
gateway's own vault turns into an address; priority: 1 goes first, then 2, then 3; local_…: by the recipient's clock."""

CALLS = pa.schema(
    [
        ("campaign_id", pa.string()),
        ("batch_id", pa.string()),
        ("send_on", pa.date32()),
        ("call_order", pa.int32()),
        ("customer_id", pa.string()),
        ("contact_ref", pa.string()),
        ("segment", pa.string()),
        ("offer_id", pa.string()),
        *[one for one in ENDS if one[0] != "send_on"],
    ]
)
"""For agents, who open the customer by customer_id; call_order: of a day, 1 is called first."""

CONTROLS = pa.schema(
    [
        ("campaign_id", pa.string()),
        ("batch_id", pa.string()),
        ("customer_id", pa.string()),
        ("segment", pa.string()),
        ("offer_id", pa.string()),
        ("channel", pa.string()),
        ("template_code", pa.string()),
        ("send_on", pa.date32()),
    ]
)
"""Who is not contacted, so that what the campaign does can be measured; for nobody who sends."""

WITHHELD = pa.schema(
    [
        ("campaign_id", pa.string()),
        ("batch_id", pa.string()),
        ("customer_id", pa.string()),
        ("arm", pa.string()),
        ("offer_id", pa.string()),
        ("channel", pa.string()),
        ("because", pa.string()),
    ]
)
"""Who stood on the list and was left out as the files were written, of both arms."""

FIRST_DECILES, SECOND_DECILES = 3, 7


def priority_of(decile: int) -> int:
    """Which third of the list goes first where a gateway cannot send all: 1, 2 or 3; no more is told of a rank."""
    return 1 if decile <= FIRST_DECILES else 2 if decile <= SECOND_DECILES else 3


@dataclass(frozen=True, slots=True)
class SentBy:
    """What is the same in every row of an export."""

    campaign_id: str
    batch_id: str
    release_id: str
    policy_version: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list with what the export adds: why it is withheld (""), its window, its ids."""

    listed: dict[str, Any]
    because: str
    window: SendWindow | None
    decision_id: str
    customer_key: str = ""

    def cells(self, sent_by: SentBy) -> dict[str, Any]:
        """All that may stand of it in a file, by column; which do, the file's schema says."""
        told = self.listed | {
            "campaign_id": sent_by.campaign_id,
            "batch_id": sent_by.batch_id,
            "release_id": sent_by.release_id,
            "policy_version": sent_by.policy_version,
            "priority": priority_of(self.listed["decile"]),
            "because": self.because,
            "decision_id": self.decision_id,
            "customer_key": self.customer_key,
            # Known once all are; see `serving/campaigns/exporting/files.py`.
            "call_order": 0,
        }
        if self.window is not None:
            told |= {
                "send_not_before": self.window.not_before,
                "send_not_after": self.window.not_after,
                "local_not_before": self.window.local_not_before,
                "local_not_after": self.window.local_not_after,
                "time_zone": self.window.zone,
            }
        return told


def table_of(rows: Sequence[Row], schema: pa.Schema, sent_by: SentBy) -> pa.Table:
    """The rows as a table."""
    return pa.Table.from_pylist([row.cells(sent_by) for row in rows], schema=schema)

"""A piece of the list as it leaves: looked at once more, its contacts claimed before they stand in a file."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from linewise.core.clock import as_utc
from linewise.decisioning.contact_hours import ContactHours
from serving.campaigns.brief.gateway_text import Message
from serving.campaigns.exporting.claiming import Claiming, decision_id_of, pseudonym_of
from serving.campaigns.exporting.columns import Row
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.exporting.files import ExportFile
from serving.campaigns.exporting.forbidden_numbers import enforce_no_numbers
from serving.campaigns.exporting.rechecking import Rechecked, recheck
from serving.campaigns.exporting.send_windows import SendWindow, send_window
from serving.campaigns.exporting.sent_text import message_to_send
from serving.campaigns.plan.files import TREATED, Plan

__all__ = ["Messages", "rows_of"]

Messages = dict[ExportFile, Message | None]
"""What each file of a gateway is sent as; None for lists of agents."""


def rows_of(
    desk: ExportDesk, plan: Plan, claiming: Claiming, piece: pa.RecordBatch, messages: Messages
) -> Sequence[Row]:
    """A piece of the list, looked at once more; its contacts are claimed, once it is known that they can be sent."""
    enforce_no_numbers(piece)
    listed, now = piece.to_pylist(), desk.now()
    for file in {ExportFile.for_row(one) for one in listed} - messages.keys():
        sent = (file.offer_id, file.channel, file.language, file.signature)
        messages[file] = message_to_send(desk.policy.catalogue, *sent) if file.offer_id else None
    known = claiming.known([one["customer_id"] for one in listed])
    ids = [decision_id_of(plan.plan_sha256, one["customer_id"], one["offer_id"]) for one in listed]
    standing = {one for one, claimed in known.items() if not claimed.is_withdrawn}
    found = recheck(desk, plan, listed, np.array([one in standing for one in ids], dtype=bool), now)
    hours = ContactHours(plan.brief.window.opens, plan.brief.window.closes)
    rows = []
    for place, one in enumerate(listed):
        decision_id = ids[place]
        because, window = _sending(one, found, place, hours, now)
        if not because and decision_id in known and known[decision_id].is_told:
            because = "answered"
        key = pseudonym_of(desk.ledger.keys, plan.campaign_id, one["customer_id"])
        rows.append(Row(one, because, None if because else window, decision_id, key))
    claiming.claim([row for row in rows if row.listed["arm"] == TREATED], known, now)
    return rows


def _sending(
    one: Mapping[str, Any], found: Rechecked, place: int, hours: ContactHours, now: datetime
) -> tuple[str, SendWindow | None]:
    """Why a row is withheld, or when it is sent."""
    if found.because[place]:
        return str(found.because[place]), None
    zones = one["time_zone"], str(found.zones[place])
    window = send_window(one["send_not_before"], one["send_not_after"], *zones, hours)
    last: date = one["expires_on"]
    if window is None:
        return "outside_hours", None
    if datetime.fromisoformat(window.local_not_after).date() > last:
        return "offer_expired", None
    return ("window_passed", None) if window.not_after < as_utc(now) else ("", window)

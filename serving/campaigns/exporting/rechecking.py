"""Who must not be sent anything after all: looked at again as the files are written, by what is known by then."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.moments import microseconds
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Ints
from linewise.ledger.contacts import contacts_of
from serving.campaigns.exporting.desk import ExportDesk
from serving.campaigns.plan.files import Plan
from serving.scoring.columns.consents import consent_columns, is_opted_out
from serving.scoring.columns.contact import impression_count
from serving.scoring.contacts import ACCEPTED, DECLINED, POSTPONED, Contacts, contacts_seen
from serving.scoring.facts import BankFacts
from serving.scoring.reach import phones_of, zones_of
from serving.scoring.sight import Sight, in_force, sight_of
from serving.scoring.state import FRAUD_CASES, HARDSHIP_CASES

__all__ = ["REASONS", "Rechecked", "recheck"]

REASONS = (
    "unknown_customer", "do_not_contact", "opted_out", "consent_withdrawn", "address_changed", "declined", "postponed",
    "accepted", "contact_cap", "complaint_open", "fraud_open", "in_hardship", "offer_expired", "window_passed",
    "outside_hours", "answered",
)  # fmt: skip
"""Why a row of the list is withheld, the first that holds: what the customer said stands first."""

NOWHERE = ""


class Rechecked:
    """A piece of the list looked at again: because (n_rows,) why a row is withheld, or ""; zones (n_rows,), now."""

    def __init__(self, count: int) -> None:
        self.because: NDArray[Any] = np.full(count, NOWHERE, dtype=object)
        self.zones: NDArray[Any] = np.full(count, NOWHERE, dtype=object)

    def withhold(self, places: NDArray[Any], why: str) -> None:
        """Withhold the rows at these places, unless they are already."""
        open_places = places[self.because[places] == NOWHERE]
        self.because[open_places] = why


def recheck(
    desk: ExportDesk, plan: Plan, rows: Sequence[dict[str, Any]], is_claimed: Bools, now: datetime
) -> Rechecked:
    """Look at each row again: (n_rows,) with customer_id, offer_id, channel, contact_ref and consent_ref.

    is_claimed (n_rows,): whether the contact of the row is claimed already, and so is one of those that are counted.
    What the bank's tables hold and what was told since, in whatever channel, counts up to now. Answers count from the
    plan on: those before it, the plan has weighed. Consent is looked at where the list names the one it relies on.
    """
    found = Rechecked(len(rows))
    for places, facts in desk.facts([one["customer_id"] for one in rows]):
        is_known = np.array([rows[place]["customer_id"] in facts.roster for place in places.tolist()], dtype=bool)
        found.withhold(places[~is_known], "unknown_customer")
        known = places[is_known]
        if len(known):
            _look_at(desk, plan, facts, [rows[place] for place in known.tolist()], is_claimed[known], now, found, known)
    return found


def _look_at(
    desk: ExportDesk,
    plan: Plan,
    facts: BankFacts,
    rows: Sequence[dict[str, Any]],
    is_claimed: Bools,
    now: datetime,
    found: Rechecked,
    places: Ints,
) -> None:
    """Look at the rows of customers of whom these facts tell, which stand at these places (n_rows,) of the piece."""
    offers = desk.policy.decision.offers
    ids = [one["customer_id"] for one in rows]
    sight = sight_of(facts, ids, now)
    told = contacts_of(desk.ledger, list(dict.fromkeys(ids)), now)
    contacts = contacts_seen(ids, sight, told, offers)
    count = impression_count(contacts, sight, offers) - is_claimed
    planned_at = datetime.fromisoformat(plan.told["planned_at"])
    for why, is_so in (
        *_refused(sight, contacts, rows),
        ("address_changed", _addressed_elsewhere(desk, rows, now)),
        *_answered(contacts.only(contacts.at >= microseconds(planned_at)), offers, rows),
        ("contact_cap", count >= plan.brief.caps.contacts_in_30_days),
        *_in_trouble(sight),
    ):
        found.withhold(places[is_so], why)
    found.zones[places] = zones_of(sight, phones_of(sight))


def _refused(sight: Sight, contacts: Contacts, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, Bools]]:
    """Who wants no offers, none by this channel, or took back the consent that the list relies on, (n_rows,) each."""
    refuses = np.zeros(len(rows), dtype=bool)
    refuses[contacts.owner[contacts.refuses_all]] = True
    yield "do_not_contact", refuses
    channels = np.array([one["channel"] for one in rows], dtype=object)
    points = sight.rows("contact_points")
    opted_out, without_consent = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for channel in {*channels}:
        here = channels == channel
        opted_out |= here & is_opted_out(points, channel)
        without_consent |= here & (consent_columns(sight, channel)["has_marketing_consent"] == 0.0)
    yield "opted_out", opted_out
    relies_on_consent = np.array([one["consent_ref"] is not None for one in rows], dtype=bool)
    yield "consent_withdrawn", without_consent & relies_on_consent


def _answered(since: Contacts, offers: Offers, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, Bools]]:
    """Who has answered an offer of the same group since the plan, (n_rows,) each."""
    for why, kind in (("declined", DECLINED), ("postponed", POSTPONED), ("accepted", ACCEPTED)):
        yield why, _about(since.of_kind(kind), offers, rows)


def _in_trouble(sight: Sight) -> Iterator[tuple[str, Bools]]:
    """Who is sold nothing while something else is open, (n_rows,) each."""
    cases = in_force(sight.rows("cases"), sight.at).by_word("kind")
    yield "complaint_open", cases.any("complaint")
    yield "fraud_open", cases.any(*FRAUD_CASES)
    yield "in_hardship", cases.any(*HARDSHIP_CASES)


def _addressed_elsewhere(desk: ExportDesk, rows: Sequence[dict[str, Any]], now: datetime) -> Bools:
    """Whose token on the list is not the latest by which the bank reaches them in that channel, (n_rows,)."""
    found = np.zeros(len(rows), dtype=bool)
    if desk.addresses is None:
        return found
    ids = [one["customer_id"] for one in rows]
    for channel in {one["channel"] for one in rows}:
        latest = desk.addresses(channel, (min(ids), max(ids)), now)
        tokens = dict(zip(latest["customer_id"].to_pylist(), latest["contact_ref"].to_pylist(), strict=True))
        for place, one in enumerate(rows):
            if one["channel"] == channel and one["contact_ref"] is not None:
                found[place] = tokens.get(one["customer_id"]) != one["contact_ref"]
    return found


def _about(contacts: Contacts, offers: Offers, rows: Sequence[dict[str, Any]]) -> Bools:
    """Whose contacts are about the group of the offer on their row, (n_rows,)."""
    group_of = {
        offer_id: contacts.groups.index(group) for offer_id, group in zip(offers.offer_id, offers.group, strict=True)
    }
    of_row = np.array([group_of.get(one["offer_id"], -2) for one in rows], dtype=np.int64)
    found = np.zeros(len(rows), dtype=bool)
    found[contacts.owner[contacts.group == of_row[contacts.owner]]] = True
    return found

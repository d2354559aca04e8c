"""One counter for all channels: what was shown and answered, by our own ledger and by the bank's tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.actions import LIMIT_ACTION, PLAN_GROUP, group_of_action
from linewise.core.moments import DAY_US, microseconds
from linewise.decisioning.offers import Offers
from linewise.decisioning.types import Bools, Floats, Ints
from linewise.ledger.contacts import POSTPONED_REST_DAYS, Contact
from serving.scoring.keyed import Rows
from serving.scoring.reach import phones_of, zone_info, zones_of
from serving.scoring.sight import Sight

__all__ = ["Contacts", "contacts_seen"]

IMPRESSION, ACCEPTED, POSTPONED, DECLINED = range(4)
KINDS = {"impression": IMPRESSION, "accepted": ACCEPTED, "postponed": POSTPONED, "declined": DECLINED}
OF_BANK = {"accepted": ACCEPTED, "ordered": ACCEPTED, "postponed": POSTPONED, "declined": DECLINED}
NO_PLACES: Ints = np.empty(0, dtype=np.int64)
MOST_KEPT = 8
"""Of so many columns it is remembered what their words mean: a service has two, a base that is read in parts many."""

SPOKEN = ("voice", "telephone", "branch")
"""Where the agent must say it: on the screen alone it has not reached the customer."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """What happened about offers, the limit and plans, (n_contacts,) each, in no order.

    owner: the customer in the chunk; offer: its column in the catalogue, -1 for another one or for limit
    and plan; group: its place in `groups`, -1 for none; kind; at: microseconds; rests_until: of what was
    postponed; refuses_all: no offer any more; holds: the customer said to have it already.
    """

    groups: tuple[str, ...]
    owner: Ints
    offer: Ints
    group: Ints
    kind: Ints
    at: Ints
    rests_until: Ints
    refuses_all: Bools
    holds: Bools

    def only(self, is_kept: Bools) -> "Contacts":
        """The contacts where is_kept (n_contacts,) holds."""
        kept = is_kept.nonzero()[0]
        if len(kept) == len(self.owner):
            return self
        return Contacts(
            self.groups, self.owner[kept], self.offer[kept], self.group[kept], self.kind[kept], self.at[kept],
            self.rests_until[kept], self.refuses_all[kept], self.holds[kept],
        )  # fmt: skip

    def of_kind(self, kind: int) -> "Contacts":
        """The contacts of one kind."""
        return self.only(self.kind == kind)

    def of_group(self, group: str) -> "Contacts":
        """The contacts about one group."""
        return self.only(self.group == self.groups.index(group))


class _Names:
    """Offer ids and groups as places in the catalogue and in the list of groups."""

    def __init__(self, offers: Offers) -> None:
        self.groups = tuple(dict.fromkeys((*offers.group, LIMIT_ACTION, PLAN_GROUP)))
        self._offer = {name: place for place, name in enumerate(offers.offer_id)}
        self._group_of = dict(zip(offers.offer_id, offers.group, strict=True))
        self._by_code: dict[int, tuple[Mapping[str, int], Ints, Ints]] = {}

    def offer(self, offer_id: str) -> int:
        return self._offer.get(offer_id, -1)

    def group(self, offer_id: str, said: str = "") -> int:
        name = said or self._group_of.get(offer_id) or group_of_action(offer_id) or _group_by_name(offer_id)
        return self.groups.index(name) if name in self.groups else -1

    def by_code(self, words: Mapping[str, int]) -> tuple[Ints, Ints]:
        """Offer and group of each word of a column by its code; the last place is that of an empty cell, code -1."""
        known, offer, group = self._by_code.get(id(words), (None, NO_PLACES, NO_PLACES))
        if known is not words:
            offer, group = np.full((2, len(words) + 1), -1)
            for word, code in words.items():
                offer[code], group[code] = self.offer(word), self.group(word)
            if len(self._by_code) >= MOST_KEPT:
                self._by_code.clear()
            # What is kept holds the words, so that no others come to have their id.
            self._by_code[id(words)] = (words, offer, group)
        return offer, group


@lru_cache(maxsize=16)
def _names(offers: Offers) -> _Names:
    return _Names(offers)


def _group_by_name(offer_id: str) -> str | None:
    """The group of a bank's own name for a raise or an instalment plan, by the contract's way of naming them."""
    if offer_id.startswith(f"{LIMIT_ACTION}_"):
        return LIMIT_ACTION
    return PLAN_GROUP if "INSTALMENT" in offer_id.upper() else None


def contacts_seen(customer_ids: Sequence[str], sight: Sight, ledger: Sequence[Contact], offers: Offers) -> Contacts:
    """All contacts of the customers of a chunk up to now.

    What the bank's tables hold of a decision that stands in the ledger too is counted once, as the ledger
    has it. A second "not now" to one offer with no other answer between is a refusal, wherever the two were said.
    """
    names = _names(offers)
    parts = [
        *_of_ledger(customer_ids, sight, ledger, names),
        *_of_bank(sight, {one.decision_id for one in ledger}, names),
    ]
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return _with_second_postponements(Contacts(names.groups, *columns))


def _with_second_postponements(contacts: Contacts) -> Contacts:
    if not (contacts.kind == POSTPONED).any():
        return contacts
    answers = np.flatnonzero(contacts.kind != IMPRESSION)
    answers = answers[contacts.offer[answers] >= 0]
    if not len(answers):
        return contacts
    order = answers[np.lexsort((contacts.at[answers], contacts.offer[answers], contacts.owner[answers]))]
    is_postponed = contacts.kind[order] == POSTPONED
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = (np.diff(contacts.owner[order]) != 0) | (np.diff(contacts.offer[order]) != 0)
    # Place within a run of postponements: each second one is a refusal, and the count begins anew.
    breaks = np.maximum.accumulate(np.where(starts | ~is_postponed, np.arange(len(order)), 0))
    place = np.arange(len(order)) - breaks + is_postponed[breaks]
    kind = contacts.kind.copy()
    kind[order[is_postponed & (place % 2 == 0)]] = DECLINED
    return Contacts(
        contacts.groups, contacts.owner, contacts.offer, contacts.group, kind, contacts.at,
        contacts.rests_until, contacts.refuses_all, contacts.holds,
    )  # fmt: skip


Columns = tuple[NDArray[Any], ...]


def _of_ledger(customer_ids: Sequence[str], sight: Sight, ledger: Sequence[Contact], names: _Names) -> list[Columns]:
    row_of = {customer_id: i for i, customer_id in enumerate(customer_ids)}
    # A day that a customer names begins where the customer is.
    has_day = any(one.not_before is not None for one in ledger)
    zones = zones_of(sight, phones_of(sight)) if has_day else np.full(len(sight), "UTC", dtype=object)

    def rests_until(one: Contact) -> int:
        if one.kind != "postponed":
            return 0
        return microseconds(one.rests_until(zone_info(zones[row_of[one.customer_id]])))

    numbers = np.array(
        [
            (
                row_of[one.customer_id], names.offer(one.offer_id), names.group(one.offer_id, one.offer_group),
                KINDS[one.kind], microseconds(one.occurred_at),
                rests_until(one), one.refuses_all, one.holds_until_change,
            )
            for one in ledger
        ],
        dtype=np.int64,
    ).reshape(-1, 8)  # fmt: skip
    return [(*numbers.T[:6], numbers[:, 6] == 1, numbers[:, 7] == 1)]


def _of_bank(sight: Sight, in_ledger: set[str], names: _Names) -> list[Columns]:
    """The bank's own rows: answers of `outcomes`, and of `exposures` what reached the customer."""
    outcomes, exposures = _not_ours(sight.rows("outcomes"), in_ledger), _not_ours(sight.rows("exposures"), in_ledger)
    answers = _standing(outcomes.only(outcomes.is_word("outcome", *OF_BANK)))
    kind = answers.translated("outcome", {name: float(code) for name, code in OF_BANK.items()}).astype(np.int64)
    reached = exposures["is_pitched"] == 1.0
    reached |= np.isnan(exposures["is_pitched"])  # nobody noted it: it counts, so that nobody is tired by a gap
    reached |= ~exposures.is_word("channel", *SPOKEN)
    shown = exposures.only(reached)
    return [
        _columns(answers, answers["occurred_at"], kind, names, answers),
        _columns(shown, shown["shown_at"], np.full(len(shown.owner), IMPRESSION), names, None),
    ]


def _columns(rows: Rows, at: Ints, kind: Ints, names: _Names, answers: Rows | None) -> Columns:
    offer_of, group_of = names.by_code(rows.table.words["offer_id"])
    code = rows["offer_id"]
    nothing = np.zeros(len(at), dtype=bool)
    refuses, holds = nothing, nothing
    if answers is not None:
        declined = kind == DECLINED
        refuses = declined & _is_reason(answers, "do_not_contact")
        holds = declined & _is_reason(answers, "already_has")
    rests_until = at + POSTPONED_REST_DAYS * DAY_US
    return (rows.owner, offer_of[code], group_of[code], kind, at, rests_until, refuses, holds)


def _is_reason(rows: Rows, reason: str) -> Bools:
    return rows.is_word("reason_code", *[word for word in rows.table.words["reason_code"] if word.lower() == reason])


def _not_ours(rows: Rows, in_ledger: set[str]) -> Rows:
    return rows.only(~rows.is_word("decision_id", *in_ledger)) if in_ledger else rows


def _standing(rows: Rows) -> Rows:
    """Of several answers to one offer of one decision the last; each answer without a decision stands alone."""
    decision = rows["decision_id"]
    if not (decision >= 0).any():
        return rows
    order = np.lexsort((rows["occurred_at"], rows["offer_id"], decision, rows.owner))
    key = np.stack([rows.owner, decision, rows["offer_id"]])[:, order]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = (key[:, 1:] != key[:, :-1]).any(axis=0) | (key[1, :-1] < 0)
    kept = np.zeros(len(order), dtype=bool)
    kept[order[is_last]] = True
    return rows.only(kept)


# ---- what is counted, (n_customers,) or (n_customers, n_offers) ----------------------------------------


def days_since(contacts: Contacts, now_us: int, count: int) -> Floats:
    """Days since the latest of the contacts, (n_customers,); NaN where there was none."""
    latest = np.full(count, -1, dtype=np.int64)
    np.maximum.at(latest, contacts.owner, contacts.at)
    return np.where(latest < 0, np.nan, (now_us - latest) / DAY_US)


def by_offer(contacts: Contacts, column: Ints, values: Ints, shape: tuple[int, int]) -> Ints:
    """The greatest of values by customer and column (n_contacts,), -1 where there is none."""
    found = np.full(shape, -1, dtype=np.int64)
    is_known = column >= 0
    np.maximum.at(found, (contacts.owner[is_known], column[is_known]), values[is_known])
    return found


def holdings_changed_us(sight: Sight, products: Sequence[str]) -> Ints:
    """When one of the products was last taken or given up, (n_customers,) microseconds; -1 if never."""
    rows = sight.rows("holdings")
    mine = rows.only(rows.is_word("product", *products))
    latest = np.full(len(sight), -1, dtype=np.int64)
    for name in ("opened_at", "closed_at"):
        moments = mine[name]
        come = moments <= sight.at[mine.owner]
        np.maximum.at(latest, mine.owner[come], moments[come])
    return latest

"""Who of a frame is addressed by which campaign, and how each is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.catalogue import FEATURE_NAMES
from linewise.decisioning.hashing import words_of
from linewise.decisioning.types import Bools, Ints
from serving.campaigns.base import Base, Frame, consents_among, contacts_among
from serving.campaigns.brief.audience import named_of
from serving.campaigns.gathering.several import Several

__all__ = ["Reached", "addressed", "contact_numbers", "reached"]


def addressed(frame: Frame, several: Several) -> tuple[Bools, Ints]:
    """Who is addressed, and the segment of each, (n_customers, n_campaigns)."""
    is_in = np.zeros((len(frame), len(several.briefs)), dtype=np.bool_)
    segment = np.zeros_like(is_in, dtype=np.int64)
    for campaign, audience in enumerate(several.audiences):
        named: dict[str, NDArray[Any]] = {
            name: frame.rows.values[:, FEATURE_NAMES.index(name)] for name in audience.features
        }
        named |= named_of(frame.people, audience.columns)
        is_in[:, campaign], segment[:, campaign] = audience.places(named, len(frame))
    return is_in, segment


@dataclass(frozen=True, slots=True)
class Reached:
    """How customers are reached by one channel, (n_customers,): the token of the address, and the consent to it.

    Missing for who has none, and for all where the bank delivers none.
    """

    contact_ref: pa.Array
    consent_ref: pa.Array

    def of(self, rows: Ints) -> "Reached":
        """Some of the customers."""
        at = pa.array(rows)
        return Reached(self.contact_ref.take(at), self.consent_ref.take(at))

    @classmethod
    def together(cls, parts: Sequence["Reached"]) -> "Reached":
        """Customers one part after the other."""
        none = pa.nulls(0, pa.string())
        return cls(
            pa.concat_arrays([none, *(one.contact_ref for one in parts)]),
            pa.concat_arrays([none, *(one.consent_ref for one in parts)]),
        )


def reached(base: Base, frame: Frame, channel: str) -> Reached:
    """How the customers of a frame are reached by the channel."""
    bank, now = base.bank, base.desk.clock.now()
    ids = base.ids.slice(frame.start, len(frame))
    contact = consent = pa.nulls(len(ids), pa.string())
    if bank.has("contact_points"):
        contact = _of(contacts_among(bank, channel, frame.among, now), "contact_ref", ids)
    if bank.has("consents"):
        consent = _of(consents_among(bank, channel, frame.among, now), "consent_ref", ids)
    return Reached(contact, consent)


def _of(rows: pa.Table, column: str, ids: pa.Array) -> pa.Array:
    at = pc.index_in(ids, value_set=rows["customer_id"].combine_chunks())
    return rows[column].combine_chunks().take(at)


def contact_numbers(base: Base, frame: Frame, by: Reached) -> NDArray[np.uint64]:
    """A number for the address by which each customer of a frame is reached, (n_customers,), 0 for who is not.

    A bank that delivers no contact points keeps the addresses itself: everybody is reached, each by their own.
    """
    if not base.bank.has("contact_points"):
        return np.arange(frame.start + 1, frame.start + 1 + len(frame), dtype=np.uint64)
    tokens, numbers = by.contact_ref, np.zeros(len(frame), dtype=np.uint64)
    told = np.asarray(tokens.drop_null().to_pylist(), dtype=np.str_)
    # Of 64 bits: among a hundred million tokens two fall together once in four thousand plans.
    numbers[np.asarray(tokens.is_valid())] = words_of("contact|", told) | np.uint64(1)
    return numbers

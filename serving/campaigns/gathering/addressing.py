"""Who of a frame is addressed by which campaign, and the number by which each is reached."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.catalogue import FEATURE_NAMES
from linewise.decisioning.hashing import words_of
from linewise.decisioning.types import Bools, Ints
from serving.campaigns.base import Base, Frame, contacts_among
from serving.campaigns.brief.audience import named_of
from serving.campaigns.gathering.several import Several

__all__ = ["addressed", "contact_numbers"]


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


def contact_numbers(base: Base, frame: Frame, channel: str) -> NDArray[np.uint64]:
    """A number for the token by which each customer is reached, (n_customers,), 0 for who is not.

    A bank that delivers no contact points keeps the addresses itself: everybody is reached, each by their own.
    """
    ids = frame.rows.customer_id
    if not base.bank.has("contact_points"):
        return np.arange(frame.start + 1, frame.start + 1 + len(ids), dtype=np.uint64)
    contacts = contacts_among(base.bank, channel, frame.among, base.desk.clock.now())
    numbers = np.zeros(len(ids), dtype=np.uint64)
    known = np.asarray(contacts["customer_id"].to_pylist(), dtype=np.str_)
    at = np.minimum(np.searchsorted(ids, known), len(ids) - 1)
    is_here = ids[at] == known
    tokens = np.asarray(contacts["contact_ref"].filter(pa.array(is_here)).to_pylist(), dtype=np.str_)
    # Of 64 bits: among a hundred million tokens two fall together once in four thousand plans.
    numbers[at[is_here]] = words_of("contact|", tokens) | np.uint64(1)
    return numbers

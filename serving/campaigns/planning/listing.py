"""The second pass: the list of a campaign written in order of customer, with how each is reached."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from linewise.decisioning.types import Bools, Floats, Ints
from serving.campaigns.base import Base
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.gathering.candidates import Gathered
from serving.campaigns.plan.files import CONTROL, LIST_SCHEMA, TREATED
from serving.scoring.reach import zone_info

__all__ = ["Listed", "Words", "by_day_and_channel", "window_of_day", "write_list"]

NOON = time(12)
SPOKEN = frozenset({"voice"})


@dataclass(slots=True)
class Listed:
    """Who is on the list of one campaign or in its control, (n_listed,), in order of the base.

    offer, channel, segment, zone, language: places among offers, the campaign's channels, its segments, and words.
    """

    place: Ints
    is_treated: Bools
    offer: Ints
    channel: Ints
    segment: Ints
    day: Ints
    priority: Ints
    propensity: Floats
    uplift: Floats
    value_amt: Ints
    cost_amt: Ints
    decile: NDArray[np.int8]
    zone: Ints
    language: Ints
    age_band: Ints

    def __len__(self) -> int:
        return len(self.place)

    def only(self, rows: NDArray[np.int64] | slice) -> "Listed":
        """Some of them."""
        return Listed(*(getattr(self, name)[rows] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Words:
    """What the places in a list stand for; holidays: days on whose mornings nobody is called."""

    offer_ids: Sequence[str]
    words: Sequence[str]
    holidays: frozenset[date]


def write_list(path: Path, base: Base, brief: Brief, listed: Listed, words: Words, gathered: Gathered) -> None:
    """Write the list of some of the gathered frame by frame; the same list gives the same bytes."""
    with pq.ParquetWriter(path, LIST_SCHEMA, compression="zstd") as writer:
        for start, end in base.ranges():
            first, last = np.searchsorted(listed.place, (start, end)).tolist()
            if last > first:
                writer.write_table(_rows(base, brief, listed.only(slice(first, last)), words, gathered))


def _rows(base: Base, brief: Brief, listed: Listed, words: Words, gathered: Gathered) -> pa.Table:
    ids = base.ids.take(pa.array(listed.place))
    channels = [one.channel for one in brief.channels]
    offers = _named(listed.offer, words.offer_ids)
    templates = {
        (at, place): brief.template(offer_id, channel)
        for at, channel in enumerate(channels)
        for place, offer_id in enumerate(words.offer_ids)
        if offer_id in brief.offer_ids
    }
    chosen = [templates[pair] for pair in zip(listed.channel.tolist(), listed.offer.tolist(), strict=True)]
    before, after = _windows(brief, listed, channels, words)
    contact, consent = _references(listed, gathered, channels)
    columns = {
        "customer_id": ids,
        "arm": pa.array(np.where(listed.is_treated, TREATED, CONTROL).tolist(), pa.string()),
        "offer_id": offers,
        "channel": _named(listed.channel, channels),
        "template_code": pa.array([None if one is None else one.code for one in chosen], pa.string()),
        "signature": pa.array([None if one is None else one.signature for one in chosen], pa.string()),
        "segment": _named(listed.segment, brief.segment_names),
        "language": _named(listed.language, words.words),
        "time_zone": _named(listed.zone, words.words),
        "send_on": pa.array(_days(brief, listed).astype("datetime64[D]"), pa.date32()),
        "send_not_before": before,
        "send_not_after": after,
        "priority": pa.array(listed.priority, pa.int64()),
        "propensity": pa.array(listed.propensity, pa.float64()),
        "uplift": pa.array(listed.uplift, pa.float64()),
        "value_amt": pa.array(listed.value_amt, pa.int64()),
        "cost_amt": pa.array(listed.cost_amt, pa.int64()),
        "decile": pa.array(listed.decile, pa.int8()),
        "contact_ref": contact,
        "consent_ref": consent,
        "expires_on": _expiries(brief, listed, words),
    }
    return pa.table(columns, schema=LIST_SCHEMA)


def _expiries(brief: Brief, listed: Listed, words: Words) -> pa.Array:
    last = [brief.expires_on(one) if one in brief.offer_ids else None for one in words.offer_ids]
    return pa.array(last, pa.date32()).take(pa.array(listed.offer))


def _named(places: Ints, names: Sequence[str]) -> pa.Array:
    return pa.array(list(names), pa.string()).take(pa.array(places, pa.int64()))


def _days(brief: Brief, listed: Listed) -> NDArray[np.datetime64]:
    return np.datetime64(brief.window.first_day, "D") + listed.day.astype("timedelta64[D]")


def _windows(brief: Brief, listed: Listed, channels: Sequence[str], words: Words) -> tuple[pa.Array, pa.Array]:
    keys, at = np.unique(np.stack([listed.day, listed.zone, listed.channel]), axis=1, return_inverse=True)
    found = [
        window_of_day(
            brief,
            brief.window.first_day + timedelta(days=day),
            words.words[zone],
            is_spoken=channels[channel] in SPOKEN,
            holidays=words.holidays,
        )
        for day, zone, channel in keys.T.tolist()
    ]
    kind = LIST_SCHEMA.field("send_not_before").type
    begins, ends = (pa.array([one[end] for one in found], kind) for end in (0, 1))
    return begins.take(pa.array(at.ravel())), ends.take(pa.array(at.ravel()))


def window_of_day(
    brief: Brief, day: date, zone: str, *, is_spoken: bool, holidays: frozenset[date]
) -> tuple[datetime, datetime]:
    """When a contact of that day may be made, UTC: the campaign's hours where the customer is, no holiday's morning.

    A message whose hours have not come is held and not dropped.
    """
    there, opens = zone_info(zone), brief.window.opens
    if is_spoken and day in holidays:
        opens = min(max(opens, NOON), brief.window.closes)
    begins, ends = (datetime.combine(day, one, there).astimezone(UTC) for one in (opens, brief.window.closes))
    return begins, ends


def _references(listed: Listed, gathered: Gathered, channels: Sequence[str]) -> tuple[pa.Array, pa.Array]:
    """contact_ref and consent_ref of each, by the channel on the list; missing where the bank delivers none."""
    rows = np.searchsorted(gathered.candidates.place, listed.place)
    contact, consent = pa.nulls(len(rows), pa.string()), pa.nulls(len(rows), pa.string())
    for place, channel in enumerate(channels):
        here, those = pa.array(listed.channel == place), gathered.reached[channel].of(rows)
        contact = pc.if_else(here, those.contact_ref, contact)
        consent = pc.if_else(here, those.consent_ref, consent)
    return contact, consent


def by_day_and_channel(listed: Listed, brief: Brief) -> Iterator[tuple[date, str, int, int]]:
    """Day, channel, how many of the list are contacted then, and how many could be."""
    for day, at in enumerate(brief.window.days):
        for place, channel in enumerate(brief.channels):
            mine = listed.is_treated & (listed.day == day) & (listed.channel == place)
            yield at, channel.channel, int(np.count_nonzero(mine)), channel.most_a_day

"""The table of ways to reach customers: a row for each channel, and another for each change or refusal."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from linewise.simulation.chance import Ints
from linewise.simulation.ranking import rank_within
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.tables.columns import coded, contract_table, in_order, moments
from linewise.simulation.tables.customers import changes_us, time_zones
from linewise.simulation.tables.texts import CUSTOMER_DIGITS, identifiers

__all__ = ["contact_point_table"]

_CHANNELS = ("sms", "telephone", "push", "email")
# By channel: share of customers reached there, and share of these who refuse promotion there by now.
_REACHED = np.array([1.0, 0.97, 0.65, 0.40])
_REFUSING = np.array([0.07, 0.10, 0.12, 0.10])
_FROM_THE_START = np.array([True, True, False, False])
_ON_A_NUMBER = np.array([True, True, False, False])
"""A new telephone number changes these."""
_ELSEWHERE_RATIO = 0.03
_POINT_DIGITS = 2
_STATES = 4  # as it began, after one and two changes of the number, and after the refusal


def contact_point_table(chunk: Chunk) -> pa.Table:
    """How each customer could be reached, by customer and moment of the change; the latest row of a channel holds."""
    at_us, is_opted_out, changes_count = _states(chunk)
    person, channel, state = np.nonzero(at_us > 0)
    moment_us = at_us[person, channel, state]
    order = in_order(person, moment_us)
    person, channel, state = person[order], channel[order], state[order]
    rank, moment_us = rank_within(person), moment_us[order]
    number = chunk.number[person]
    zones, zone = time_zones(chunk)
    # A telephone that is used elsewhere than its owner lives, by the channel's number.
    is_elsewhere = chunk.chance.happens(_ELSEWHERE_RATIO, "reached elsewhere", number, channel)
    elsewhere = np.where(is_elsewhere & _ON_A_NUMBER[channel], (zone[person] + 1) % len(zones), -1)
    token = chunk.chance.between(0, 10**15 - 1, "token", number, channel * 8 + changes_count[person, channel, state])
    return contract_table(
        "contact_points",
        len(person),
        contact_point_id=identifiers("CP", (number, CUSTOMER_DIGITS), (rank, _POINT_DIGITS)),
        customer_id=chunk.customer_ids(person),
        channel=coded(channel, _CHANNELS),
        token=identifiers("tok", (token, 15)),
        time_zone=coded(elsewhere, zones),
        is_opted_out=is_opted_out[person, channel, state],
        changed_at=moments(moment_us),
        recorded_at=moments(moment_us),
    )


def _states(chunk: Chunk) -> tuple[Ints, NDArray[np.bool_], Ints]:
    """When each state of a channel began (0 for never), whether it is one of refusal, and changes until then.

    Each is (n_customers, n_channels, n_states).
    """
    chance, number = chunk.chance, chunk.number[:, None]
    channel = np.arange(len(_CHANNELS))[None, :]
    since_day = chunk.of_people("since_day").astype(np.int64)[:, None]
    days = np.maximum(chunk.world.calendar.last_day - since_day, 0)
    later = np.floor(days * chance.uniform("reached from", number, channel)).astype(np.int64)
    began_us = chunk.local_us(since_day + np.where(_FROM_THE_START, 0, later), 9.5)
    refused_day = since_day + np.floor(days * np.sqrt(chance.uniform("refused on", number, channel))).astype(np.int64)
    refused_us = chunk.local_us(refused_day, 19.0)
    is_reached = chance.happens(_REACHED, "reached", number, channel)
    is_refusing = chance.happens(_REFUSING, "refuses", number, channel) & (refused_us > began_us)
    at_us = np.zeros((len(chunk), len(_CHANNELS), _STATES), dtype=np.int64)
    at_us[:, :, 0] = began_us
    at_us[:, :, 1:3] = np.where(_ON_A_NUMBER[None, :, None], changes_us(chunk, 0)[:, None, :], 0)
    at_us[:, :, 3] = np.where(is_refusing, refused_us, 0)
    at_us[:, :, 1:][at_us[:, :, 1:] <= began_us[:, :, None]] = 0
    at_us[~is_reached] = 0
    is_opted_out = is_refusing[:, :, None] & (at_us >= refused_us[:, :, None])
    changes = at_us[:, :, 1:3]
    count = ((changes[:, :, None, :] > 0) & (changes[:, :, None, :] <= at_us[:, :, :, None])).sum(axis=3)
    return at_us, is_opted_out, count

"""Who is on the lists of campaigns that live already, so that nobody is contacted by two at once."""

from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from linewise.ledger.campaign_holds import live_campaigns
from serving.campaigns.base import Base
from serving.campaigns.brief.campaign import Brief
from serving.campaigns.plan.files import read_plan

__all__ = ["live_lists"]


def live_lists(base: Base, briefs: Sequence[Brief]) -> tuple[tuple[str, ...], tuple[NDArray[np.int16], ...]]:
    """The live campaigns by id, and for each of these campaigns who of the base is on which of their lists.

    (n_all,) each: 1 for the first live campaign and so on, 0 for none. Those that a campaign stacks with, and it
    itself, do not count for it. Raises PlanDamaged where a live campaign's list is not what was planned.
    """
    with base.desk.ledger.engine.connect() as connection:
        live = [one.campaign_id for one in live_campaigns(connection, base.desk.clock.now())]
    places = {one: _places(base, one) for one in live}
    found = []
    for brief in briefs:
        on = np.zeros(len(base), dtype=np.int16)
        for number, one in reversed([*enumerate(live, 1)]):
            if one not in {brief.campaign_id, *brief.stacks_with}:
                on[places[one]] = number
        found.append(on)
    return tuple(live), tuple(found)


def _places(base: Base, campaign_id: str) -> NDArray[np.int64]:
    parts = []
    for batch in read_plan(base.desk.settings.paths, campaign_id).batches(["customer_id"]):
        at = pc.index_in(batch["customer_id"], value_set=base.ids)
        parts.append(np.asarray(at.drop_null(), dtype=np.int64))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

"""The tables of the bank's earlier card campaigns: what was shown to whom, and what they answered."""

import numpy as np
import pyarrow as pa

from linewise.simulation.cards import (
    CLASSIC,
    GOLD,
    GOLD_FROM_INCOME_AMT,
    JUNIOR,
    JUNIOR_UNTIL_AGE,
    PRODUCTS,
    Cards,
)
from linewise.simulation.chance import Chance, Floats
from linewise.simulation.columns import coded, contract_table, customer_ids, numbered, optional
from linewise.simulation.days import DAY_US, LAST_DAY, local_us
from linewise.simulation.people import People

__all__ = ["offer_tables"]

_CAMPAIGN_DAYS_AGO = (70, 250, 430)
_SHOWN_RATIO = 0.3
_ANSWERED_WITHIN_US = 30 * DAY_US
_OUTCOMES = ("ordered", "declined", "postponed")


def offer_tables(people: People, cards: Cards, chance: Chance) -> dict[str, pa.Table]:
    """`exposures` and `outcomes`: three campaigns, shown at random to three in ten of those without a card."""
    exposures, outcomes = [], []
    for at, days_ago in enumerate(_CAMPAIGN_DAYS_AGO):
        day = LAST_DAY - days_ago + chance.between(0, 9, "campaign day", people.number, at)
        shown_us = local_us(day, 10 + 8 * chance.uniform("campaign hour", people.number, at))
        may_see = (people.since_day < day) & ~cards.is_held(shown_us)
        rows = np.flatnonzero(may_see & chance.happens(_SHOWN_RATIO, "shown", people.number, at))
        number, shown_us, taken_us = people.number[rows], shown_us[rows], cards.opened_us[rows]
        offer = np.where(people.income_amt[rows] >= GOLD_FROM_INCOME_AMT, GOLD, CLASSIC)
        offer = np.where(people.age_years(day)[rows] < JUNIOR_UNTIL_AGE, JUNIOR, offer)
        ordered = taken_us <= shown_us + _ANSWERED_WITHIN_US
        offer = np.where(ordered, cards.product[rows], offer)
        exposure_id = numbered("E", number, 6, (np.full(len(rows), at), 1))
        exposures.append(
            contract_table(
                "exposures",
                len(rows),
                exposure_id=exposure_id,
                customer_id=customer_ids(number),
                offer_id=coded(offer, PRODUCTS),
                shown_at=shown_us,
                recorded_at=shown_us,
                channel="app",
                pscore=_SHOWN_RATIO,
            )
        )
        answer = np.where(ordered, 0, chance.pick(_answers(len(rows)), "answer", number, at) - 1)
        occurred_us = np.where(ordered, taken_us, shown_us + DAY_US // 24)
        answer = np.where(~ordered & (answer == 0), -1, answer)
        has_answer = answer >= 0
        outcomes.append(
            contract_table(
                "outcomes",
                len(rows),
                outcome_id=numbered("OUT", number, 6, (np.full(len(rows), at), 1)),
                exposure_id=exposure_id,
                customer_id=customer_ids(number),
                offer_id=coded(offer, PRODUCTS),
                outcome=coded(answer, _OUTCOMES),
                occurred_at=occurred_us,
                recorded_at=occurred_us,
                reason_code=optional(coded(np.zeros(len(rows), dtype=np.int64), ("NO_NEED",)), answer == 1),
            ).filter(pa.array(has_answer))
        )
    return {"exposures": pa.concat_tables(exposures), "outcomes": pa.concat_tables(outcomes)}


def _answers(n: int) -> Floats:
    """Half say nothing; of the others more decline than put it off."""
    return np.broadcast_to(np.array([0.5, 0.0, 0.3, 0.2]), (n, 4))

"""Customers at the moment an offer may be made: what the channel, the agent and earlier offers add to a decision."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from linewise.simulation.logged.people import People, draw_people
from linewise.simulation.logged.worlds import LoggedWorld

__all__ = [
    "AGENT_COUNT", "CHANNELS", "CONTEXT_NAMES", "OFFER_FEATURE_NAMES", "OFFER_IDS", "Callers", "draw_callers",
]  # fmt: skip

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Rows = Ints | Bools

OFFER_IDS = (
    "CARD_CLASSIC", "CARD_GOLD", "CARD_TRAVEL", "BILL_INSTALMENT", "PURCHASE_INSTALMENT", "CASH_INSTALMENT",
)  # fmt: skip
CHANNELS = ("voice", "telephone", "app", "sms")
"""Their own call, a call of the bank's, the application, a message: in the first two an agent stands between."""

VOICE, TELEPHONE = 0, 1
AGENT_COUNT = 120
_TRAVEL, _SPENT, _OF_IT_TRAVEL = OFFER_IDS.index("CARD_TRAVEL"), 0.28, 0.06
_GOLD_INCOME_AMT, _BILL_LEAST_AMT = 480_000.0, 50_000.0

OFFER_FEATURE_NAMES = (
    "offer_shown_count_90d", "offer_fatigue_count_365d", "offer_accepted_count_365d",
    "offer_declined_share_ratio_365d", "travel_sum_amt_365d", "purchase_sum_amt_30d", "income_mean_amt_6m",
    "debit_sum_amt_90d",
)  # fmt: skip
"""Beside those of `People`, with the product's names and units."""

CONTEXT_NAMES = ("channel_is_voice", "channel_is_telephone", "channel_is_app", "call_tone", "queue_load_ratio")
"""What is known of the moment itself: the channel, how upset the customer sounds (0 to 2), how busy the queue is."""


@dataclass(frozen=True, slots=True)
class Callers:
    """Customers at one decision about an offer each, (n_people,) unless said.

    features (n_people, n_features) in the order of OFFER_FEATURE_NAMES, context (n_people, n_context) in that of
    CONTEXT_NAMES; channel numbers CHANNELS; agent is -1 where nobody stands between. is_permitted (n_people,
    n_offers): what the bank's rules leave, by features alone. Hidden: taste (n_people, n_offers), eagerness of who
    looks for offers without being asked, keenness of the agent, is_sleeping: whoever is driven off by being asked.
    """

    people: People
    features: Floats
    context: Floats
    channel: Ints
    agent: Ints
    is_permitted: Bools
    taste: Floats
    eagerness: Floats
    keenness: Floats
    is_sleeping: Bools

    def __len__(self) -> int:
        return len(self.people)

    def feature(self, name: str) -> Floats:
        """One feature of all, (n_people,), of either kind."""
        if name in OFFER_FEATURE_NAMES:
            return self.features[:, OFFER_FEATURE_NAMES.index(name)]
        return self.people.feature(name)

    def of_context(self, name: str) -> Floats:
        """One column of the context, (n_people,)."""
        return self.context[:, CONTEXT_NAMES.index(name)]

    def only(self, rows: Rows) -> "Callers":
        """Some of them."""
        rest = (getattr(self, one.name)[rows] for one in fields(self) if one.name != "people")
        return Callers(self.people.only(rows), *rest)


def draw_callers(world: LoggedWorld, count: int, start: int = 0) -> Callers:
    """The customers numbered from `start` on, each in a channel.

    Who calls has chosen to: in need, and riskier, at equal features. The others are reached by the bank.
    """
    people, chance = draw_people(world, count, start), world.chance
    who = people.number
    calls = chance.happens(expit(-0.3 + 0.5 * people.need + 0.3 * people.risk), "calls", who)
    reached = 1 + chance.pick(np.tile([0.25, 0.5, 0.25], (count, 1)), "reached by", who)
    channel = np.where(calls, VOICE, reached)
    has_agent = channel <= TELEPHONE
    agent = np.where(has_agent, chance.between(0, AGENT_COUNT - 1, "agent", who), -1)
    keenness = np.where(has_agent, chance.normal("keenness", np.maximum(agent, 0)), 0.0)
    upset = chance.uniform("tone", who)
    tone = np.where(channel == VOICE, (upset < 0.15).astype(np.float64) + (upset < 0.05), 0.0)
    load = np.where(channel == VOICE, 0.3 + 1.4 * chance.uniform("load", who), 0.0)
    taste = chance.normal("taste", who[:, None], np.arange(len(OFFER_IDS)))
    eagerness = chance.normal("eagerness", who)
    features = _shown(world, people, taste, eagerness)
    declined = features[:, OFFER_FEATURE_NAMES.index("offer_declined_share_ratio_365d")]
    is_permitted = np.tile(people.feature("past_due_days")[:, None] == 0, (1, len(OFFER_IDS)))
    is_permitted[:, OFFER_IDS.index("CARD_GOLD")] &= people.feature("income_p25_amt_6m") >= _GOLD_INCOME_AMT
    is_permitted[:, OFFER_IDS.index("BILL_INSTALMENT")] &= people.feature("statement_balance_amt") > _BILL_LEAST_AMT
    return Callers(
        people=people,
        features=features,
        context=np.column_stack([channel == VOICE, channel == TELEPHONE, channel == 2, tone, load]).astype(np.float64),
        channel=channel,
        agent=agent,
        is_permitted=is_permitted,
        taste=taste,
        eagerness=eagerness,
        keenness=keenness,
        is_sleeping=chance.happens(expit(-3.6 + 2.6 * declined), "sleeping dog", who),
    )


def _shown(world: LoggedWorld, people: People, taste: Floats, eagerness: Floats) -> Floats:
    """The features about offers and the few that a value asks for, (n_people, n_features)."""
    chance, who, income = world.chance, people.number, people.income_amt

    def noise(purpose: str) -> Floats:
        return chance.normal(purpose, who)

    shown = np.floor(-2.0 * np.log(chance.uniform("shown lately", who)))
    shown_90d = np.minimum(shown, 8.0)
    refusing = expit(0.2 + 0.9 * noise("refuses"))
    accepted = np.floor(2.0 * chance.uniform("accepted", who) * np.exp(0.6 * eagerness) * (1.0 - refusing))
    travel = 12.0 * _SPENT * _OF_IT_TRAVEL * income * np.exp(0.8 * taste[:, _TRAVEL] + 0.35 * noise("travel"))
    bought = people.feature("purchase_sum_amt_90d") / 3.0
    columns = {
        "offer_shown_count_90d": shown_90d,
        "offer_fatigue_count_365d": shown_90d + np.floor(4.0 * chance.uniform("shown before", who) * refusing),
        "offer_accepted_count_365d": np.minimum(accepted, 8.0),
        "offer_declined_share_ratio_365d": np.clip(refusing + 0.1 * noise("refused"), 0.0, 1.0),
        "travel_sum_amt_365d": np.rint(travel),
        "purchase_sum_amt_30d": np.rint(bought * np.exp(0.3 * noise("bought this month"))),
        "income_mean_amt_6m": np.rint(income * np.exp(0.08 * noise("mean income"))),
        "debit_sum_amt_90d": np.rint(3.0 * income * np.exp(-0.15 + 0.12 * noise("went out"))),
    }
    return np.column_stack([columns[name] for name in OFFER_FEATURE_NAMES])

"""Offers of the bank's past: campaigns and calls, what agents pitch and how they note it, and who takes what.

Estimand and traps as in life: an agent hears what no table holds, pitches by it, by pay and by the queue;
writes "postponed" for some who declined; and ticks "customer asked" where it pays.
"""

import math
from typing import Any

from linewise.simulation.lives.bank_past import ask_for_limit, ask_for_loan
from linewise.simulation.lives.book import day_second, note
from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.dice import happens, happens_by_logit, key_of, normal, poisson, uniform
from linewise.simulation.lives.events import CHANGED_MONTHS
from linewise.simulation.lives.parameters import Equations, Surroundings
from linewise.simulation.lives.record import CALL, CASE, EXPOSURE, HOLDING, OUTCOME
from linewise.simulation.lives.state import Book, Cycle

__all__ = [
    "AS_IT_WAS",
    "NOTHING_SHOWN",
    "OFFERS_COUNT",
    "call_hotline",
    "run_campaigns",
    "take_by_oneself",
    "take_up_chance",
]

AS_IT_WAS, NOTHING_SHOWN = -1, -2
OFFERS_COUNT = 5
"""The first of record.OFFERS are promotional; the others are limits."""
_JUNIOR, _CLASSIC, _GOLD, _TRAVEL, _BILL = range(5)
_VOICE, _SMS, _PUSH, _TELEPHONE, _EMAIL = range(5)
_FIRST_CARD_PRODUCT = 2
_POSTPONED, _DECLINED, _NOT_PITCHED, _ORDERED, _CANCELLED = 1, 2, 3, 4, 5
_BALANCE, _BILLS, _LIMIT, _CARD, _LOAN, _DIFFICULTY, _COMPLAINT, _OTHER = range(8)
_UPSET, _NO_TIME, _NOT_SUITABLE, _HUNG_UP = range(4)
_QUEUE = (0, 1, 3, 2, 3, 1, 4, 0)
_AGENTS = 120
_CALLS_IN_TROUBLE = 2.0
_TRIP_AHEAD, _MUCH_TO_BUY = 0.9, 0.6
"""What a trip, and a child or a car, add to the logarithm of how well an offer suits."""
_ORGANIC_MOST, _ASKING_MOST = 0.05, 0.5
"""Chances a month that are never passed: most months are done with before the exact one is worked out."""
(
    _CALLS, _CALL_DAY, _CALL_HOUR, _CALL_REASON, _CALL_TONE, _CALL_AGENT, _CALL_LONG, _CALL_END, _PICK, _HEARD,
    _PITCH, _TAKE, _LABEL, _CANCEL, _CAMPAIGN, _CAMPAIGN_DAY, _CAMPAIGN_CHANNEL, _ORGANIC, _CASE, _CASE_DAYS, _ASK,
    _LOAN_WISH, _SHOWN, _REASON,
) = range(600, 624)  # fmt: skip


@compiled
def _match(who: Any, st: Any, e: Equations, s: Surroundings, offer: int) -> float:
    """How well an offer suits the customer, logarithm of a factor on the usual take-up."""
    if offer == _JUNIOR:
        return 0.4 - 0.2 * who.price_sensitivity
    if offer == _CLASSIC:
        return 0.2 - 0.3 * who.price_sensitivity
    if offer == _GOLD:
        return 0.9 * who.relative_income - 0.4 * who.price_sensitivity
    if offer == _TRAVEL:
        ahead = _TRIP_AHEAD if st.trip_end_day > 0 else 0.0
        return 0.8 * math.log(max(who.travel / e.travel_rate, 0.05)) - 0.3 * who.price_sensitivity + ahead
    carries = 0.7 if st.behaviour == 2 else -1.2
    if st.changed_months < CHANGED_MONTHS:
        carries += _MUCH_TO_BUY
    return carries + 0.35 * who.impatience - 0.2 * who.price_sensitivity


@compiled
def _may_have(who: Any, st: Any, e: Equations, s: Surroundings, offer: int, day: int) -> bool:
    age = (day - who.birth_day) / 365.2425
    if st.bucket > 0 or st.is_blocked == 1:
        return False
    if offer == _BILL:
        return st.statement_amt > 150000
    if (st.cards >> offer) & 1 == 1:
        return False
    if offer == _JUNIOR:
        return age < 25.0
    return offer != _GOLD or who.income_amt >= 0.9 * e.income_median_amt


@compiled
def take_up_chance(who: Any, st: Any, e: Equations, s: Surroundings, offer: int, channel: int) -> float:
    """The true probability that the customer takes this offer when it is put to them in this channel."""
    usual = e.take_up_voice if channel == _VOICE else e.take_up_outbound
    if channel == _TELEPHONE:
        usual *= 1.6
    elif channel == _EMAIL:
        usual *= 0.6
    need = 0.35 * who.need if channel == _VOICE else 0.0
    tired = -0.25 * st.shown_recently
    return min(usual * math.exp(_match(who, st, e, s, offer) + need + tired - 0.15), 0.7)


@compiled
def _pick(who: Any, st: Any, e: Equations, s: Surroundings, key: Any, day: int) -> tuple[int, float]:
    """The offer that the bank's engine shows and the probability of it; -1 where none may be shown.

    The engine weighs by what it sees (income, age, use of the card), with a floor of 2% for each offer.
    """
    total, many = 0.0, 0
    for offer in range(OFFERS_COUNT):
        if _may_have(who, st, e, s, offer, day):
            total += _seen(who, st, e, offer)
            many += 1
    if many == 0:
        return -1, 0.0
    draw, floor = uniform(key, _PICK, 0), 0.02
    left = draw
    for offer in range(OFFERS_COUNT):
        if _may_have(who, st, e, s, offer, day):
            chance = floor + (1.0 - floor * many) * _seen(who, st, e, offer) / total
            left -= chance
            if left < 0.0:
                return offer, chance
    return -1, 0.0


@compiled
def _seen(who: Any, st: Any, e: Equations, offer: int) -> float:
    if offer == _JUNIOR:
        return 1.6
    if offer == _GOLD:
        return math.exp(0.8 * who.relative_income)
    if offer == _TRAVEL:
        return 0.6 * math.exp(0.5 * who.relative_income)
    if offer == _BILL:
        return math.exp(1.2 * min(st.utilisation, 1.0))
    return 1.0


@compiled
def take_offer(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, key: Any, offer: int, at_s: int,
    exposure: int,
) -> None:  # fmt: skip
    """The customer takes the offer: a card is held from the next days on, some are given back."""
    note(book, s, cycle.person, OUTCOME, at_s, offer, _ORDERED, -1, exposure, 0, 0, 0, 0.0)
    if offer == _BILL:
        st.cards |= 1 << 8  # asks the cycle to put the last statement into instalments
        return
    st.cards |= 1 << offer
    opened_s = at_s + 3 * 86400
    closed_s = -1
    if happens(e.cancel_ratio, key, _CANCEL, 0):
        closed_s = opened_s + int(86400.0 * (5.0 + 50.0 * uniform(key, _CANCEL, 1)))
        note(book, s, cycle.person, OUTCOME, closed_s, offer, _CANCELLED, -1, exposure, 0, 0, 0, 0.0)
        if closed_s > s.data_until_s:
            closed_s = -1
    else:
        st.card_lift *= 1.03 + 0.015 * offer
    note(book, s, cycle.person, HOLDING, opened_s, _FIRST_CARD_PRODUCT + offer, 0, 0, 0, 0, 0, closed_s, 0.0)


@compiled
def take_by_oneself(who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle) -> None:
    """Some take a card without having been shown it: what a campaign cannot claim. Never more than _ORGANIC_MOST."""
    for offer in range(_BILL):
        draw = uniform(cycle.key, _ORGANIC, offer)
        if draw >= _ORGANIC_MOST or not _may_have(who, st, e, s, offer, cycle.begin_day):
            continue
        if draw < e.organic_rate * math.exp(_match(who, st, e, s, offer)):
            at_s = day_second(s, cycle.begin_day + 2 + offer, 50000)
            take_offer(who, st, e, s, book, cycle, key_of(cycle.key, 700 + offer), offer, at_s, -1)


@compiled
def run_campaigns(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, shown_offer: int, shown_channel: int
) -> None:
    """The month's campaign, where the customer is in it.

    shown_offer: AS_IT_WAS for what the bank did, NOTHING_SHOWN, or an offer that is shown to all who may have
    it, in shown_channel (-1: by the dice). The chance of it being taken is then kept in st.chance.
    """
    key = cycle.key
    if shown_offer == NOTHING_SHOWN:
        return
    if shown_offer < 0 and not happens(e.campaign_rate, key, _CAMPAIGN, 0):
        return
    day = cycle.begin_day + 3 + int(20.0 * uniform(key, _CAMPAIGN_DAY, 0))
    offer, chance = _pick(who, st, e, s, key, day)
    if shown_offer >= 0:
        offer, chance = shown_offer if _may_have(who, st, e, s, shown_offer, day) else -1, 1.0
    if offer < 0:
        return
    draw = uniform(key, _CAMPAIGN_CHANNEL, 0)
    channel = _SMS if draw < 0.4 else (_PUSH if draw < 0.75 else (_TELEPHONE if draw < 0.9 else _EMAIL))
    if shown_offer >= 0 and shown_channel >= 0:
        channel = shown_channel
    at_s = day_second(s, day, 36000 + int(25000.0 * uniform(key, _CAMPAIGN_DAY, 1)))
    agent = int(_AGENTS * uniform(key, _CALL_AGENT, 99)) if channel == _TELEPHONE else -1
    pitched = 1 if channel == _TELEPHONE else -1
    row = note(
        book, s, cycle.person, EXPOSURE, at_s, offer, channel, pitched, -1, agent, -1, 0, chance * e.campaign_rate
    )
    exposure = -1
    if row >= 0:
        exposure = st.exposures
        st.exposures += 1
    st.shown_recently += 1.0
    true = take_up_chance(who, st, e, s, offer, channel)
    st.chance = true
    if uniform(key, _TAKE, 0) < true:
        take_offer(who, st, e, s, book, cycle, key_of(key, 710), offer, at_s + 5400, exposure)
    elif channel == _TELEPHONE:
        _note_refusal(who, e, s, book, cycle, key, offer, agent, at_s + 300, exposure)
    if who.is_sleeping_dog == 1:
        # Promotion does harm: spending falls a little, and some complain.
        st.card_lift *= 0.97
        if happens(0.04, key, _CASE, 7):
            _open_case(who, s, book, cycle, key, 0, at_s + 7200, 30.0)


@compiled
def _note_refusal(
    who: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, key: Any, offer: int, agent: int, at_s: int,
    exposure: int,
) -> None:  # fmt: skip
    draw = uniform(key, _LABEL, 0)
    outcome = _POSTPONED if draw < 0.18 else _DECLINED
    if outcome == _DECLINED and uniform(key, _LABEL, 1) < e.mislabel_ratio * (0.5 + (agent % 5) / 4.0):
        outcome = _POSTPONED
    reason = int(4.0 * uniform(key, _REASON, 0)) if outcome == _DECLINED else 3
    note(book, s, cycle.person, OUTCOME, at_s, offer, outcome, min(reason, 3), exposure, 0, 0, 0, 0.0)


@compiled
def _open_case(
    who: Any, s: Surroundings, book: Book, cycle: Cycle, key: Any, kind: int, at_s: int, usual_days: float
) -> None:
    days = -usual_days * math.log(uniform(key, _CASE_DAYS, kind))
    closed_s = at_s + int(86400.0 * (1.0 + days))
    if closed_s > s.data_until_s:
        closed_s = -1
    note(book, s, cycle.person, CASE, at_s, kind, 0, 0, 0, 0, 0, closed_s, 0.0)


@compiled
def call_hotline(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, score: float, card_is_open: bool
) -> None:
    """The cycle's calls: those in need call more often, at equal features."""
    rate = e.call_rate * who.calling * (0.85 + 0.4 * min(st.utilisation, 1.0))
    if st.bucket > 0 or st.is_jobless == 1:
        rate *= _CALLS_IN_TROUBLE
    # Nobody asks in a cycle in which the limit has just been changed.
    may_ask = card_is_open and st.behaviour > 0 and st.raise_months > 0
    wants_limit = may_ask and _asks_for_limit(who, st, e, uniform(cycle.key, _ASK, 0))
    may_borrow = who.has_payroll == 1 and who.employment != 2 and st.loan_months_left == 0 and st.loan_missed == 0
    wants_loan = may_borrow and _asks_for_loan(who, e, uniform(cycle.key, _LOAN_WISH, 0))
    many = poisson(min(rate, 8.0), cycle.key, _CALLS, 0)
    for k in range(many):
        _one_call(who, st, e, s, book, cycle, k, -1, score)
    if wants_limit:
        at_s = _one_call(who, st, e, s, book, cycle, many, _LIMIT, score)
        ask_for_limit(who, st, e, s, book, cycle, score, at_s + 120)
    if wants_loan:
        at_s = _one_call(who, st, e, s, book, cycle, many + 1, _LOAN, score)
        ask_for_loan(who, st, e, s, book, cycle, score, at_s + 120)


@compiled
def _asks_for_limit(who: Any, st: Any, e: Equations, draw: float) -> bool:
    if draw >= _ASKING_MOST:
        return False
    use = min(st.utilisation, 1.0) - 0.4
    return bool(draw < e.ask_rate * math.exp(e.ask_by_need * who.need + e.ask_by_utilisation * use))


@compiled
def _asks_for_loan(who: Any, e: Equations, draw: float) -> bool:
    return bool(draw < _ASKING_MOST and draw < e.loan_rate * math.exp(0.35 * who.need + 0.3 * who.impatience))


@compiled
def _one_call(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, index: int, reason: int, score: float
) -> int:
    key = key_of(cycle.key, 720 + index)
    day = cycle.begin_day + int((cycle.end_day - cycle.begin_day) * uniform(key, _CALL_DAY, 0))
    hour, draw = 0, uniform(key, _CALL_HOUR, 0)
    while hour < 23 and s.queue_until[hour + 1] <= draw:
        hour += 1
    load = 24.0 * (s.queue_until[hour + 1] - s.queue_until[hour])
    at_s = day_second(s, day, hour * 3600 + int(3600.0 * uniform(key, _CALL_HOUR, 1)))
    if reason < 0:
        reason = _reason(who, st, e, key)
    tone, draw = 0, uniform(key, _CALL_TONE, 0)
    upset = 0.7 if reason == _COMPLAINT else (0.2 if reason == _DIFFICULTY else 0.05)
    if draw < upset:
        tone = 2
    elif draw < upset + 0.15:
        tone = 1
    agent = int(_AGENTS * uniform(key, _CALL_AGENT, 0))
    seconds = int(120.0 + 500.0 * uniform(key, _CALL_LONG, 0) ** 2)
    draw = uniform(key, _CALL_END, 0)
    end = 0 if draw < 0.82 else (1 if draw < 0.93 else 2)
    queue = _QUEUE[reason]
    note(book, s, cycle.person, CALL, at_s, reason, tone, end, agent, seconds, queue, 0, 0.0)
    if reason == _COMPLAINT:
        _open_case(who, s, book, cycle, key, 0, at_s + seconds, 14.0)
    elif reason == _DIFFICULTY and st.hardship_months > 6 and happens(0.35, key, _CASE, 0):
        _open_case(who, s, book, cycle, key, 4, at_s + seconds, 120.0)
        st.hardship_months = 0
    elif st.behaviour > 0 and happens(0.7, key, _SHOWN, 0):
        _show_in_call(who, st, e, s, book, cycle, key, agent, queue, tone, load, at_s + 60, day)
    return int(at_s)


@compiled
def _reason(who: Any, st: Any, e: Equations, key: Any) -> int:
    draw = uniform(key, _CALL_REASON, 0)
    if (st.bucket > 0 or st.is_jobless == 1) and draw < 0.5:
        return _DIFFICULTY
    if draw > 1.0 - e.complaint_rate:
        return _COMPLAINT
    other = int(5.0 * uniform(key, _CALL_REASON, 1))
    return (_BALANCE, _BILLS, _CARD, _OTHER, _BILLS)[other]


@compiled
def _show_in_call(
    who: Any, st: Any, e: Equations, s: Surroundings, book: Book, cycle: Cycle, key: Any, agent: int, queue: int,
    tone: int, load: float, at_s: int, day: int,
) -> None:  # fmt: skip
    """The screen shows an offer; whether it is pitched is the agent's own choice."""
    offer, chance = _pick(who, st, e, s, key, day)
    if offer < 0:
        return
    heard = who.need + 0.7 * normal(key, _HEARD, 0)
    pays = 0.8 if offer == _BILL or offer == _GOLD else 0.0
    keenness = (agent % 7 - 3) / 3.0
    wish = (
        0.9 + 0.8 * heard + pays * (0.6 + 0.4 * keenness) - 1.8 * (tone == 2) - 0.8 * (tone == 1) - 0.7 * (load - 1.0)
    )
    pitched = int(happens_by_logit(wish, key, _PITCH, 0))
    reason = -1
    if pitched == 0:
        reason = _UPSET if tone == 2 else (_NO_TIME if load > 1.5 or tone == 1 else _NOT_SUITABLE)
        if uniform(key, _PITCH, 1) < 0.05:
            reason = _HUNG_UP
    row = note(book, s, cycle.person, EXPOSURE, at_s, offer, _VOICE, pitched, reason, agent, queue, 0, chance)
    exposure = -1
    if row >= 0:
        exposure = st.exposures
        st.exposures += 1
    if pitched == 0:
        note(book, s, cycle.person, OUTCOME, at_s + 60, offer, _NOT_PITCHED, -1, exposure, 0, 0, 0, 0.0)
        return
    st.shown_recently += 1.0
    if uniform(key, _TAKE, 0) < take_up_chance(who, st, e, s, offer, _VOICE):
        asked = 4 if uniform(key, _LABEL, 2) < 0.15 + 0.1 * max(keenness, 0.0) else -1
        if asked == 4:
            # "The customer asked" pays the agent the same and is questioned less.
            note(book, s, cycle.person, OUTCOME, at_s + 90, offer, 0, asked, exposure, 0, 0, 0, 0.0)
        take_offer(who, st, e, s, book, cycle, key_of(key, 711), offer, at_s + 120, exposure)
    else:
        _note_refusal(who, e, s, book, cycle, key, offer, agent, at_s + 90, exposure)

"""What carries over from one month of a customer's life to the next."""

import math
from typing import Any

import numpy as np
from numba import from_dtype, types

from linewise.simulation.lives.compiling import compiled
from linewise.simulation.lives.parameters import GROUPS_MOST, SURROUNDINGS_DTYPE, Equations, Surroundings
from linewise.simulation.lives.record import EVENT, POSTING

__all__ = [
    "BOOK",
    "CYCLE",
    "EVENTS",
    "LINES",
    "PLANS_AT_ONCE",
    "REFUNDS_AT_ONCE",
    "STATE",
    "SURROUNDINGS",
    "Book",
    "Cycle",
    "begin_state",
]

PLANS_AT_ONCE, REFUNDS_AT_ONCE, LINES, CHARGES, EVENTS_A_LIFE = 4, 4, 1024, 8, 8192
"""Instalment plans and refunds under way of one customer, movements and the bank's charges of one cycle, and
events of one life, at most."""

STATE = np.dtype(
    [
        ("bucket", "i1"),
        ("behaviour", "i1"),
        ("is_jobless", "i1"),
        ("is_blocked", "i1"),  # in a repayment agreed in hardship: nothing is bought any more
        ("is_closed", "i1"),
        ("agreed", "i1"),  # a repayment in hardship was agreed in this cycle
        ("is_informed", "i1"),  # fraud on the card was found and told
        ("limit_amt", "i8"),
        ("limit_before_amt", "i8"),  # in force until limit_from_s
        ("limit_from_s", "i8"),
        ("base_amt", "f8"),  # limit to which the wanted debt is a share; follows the limit over many years
        ("temporary_amt", "i8"),
        ("temporary_from_s", "i8"),
        ("temporary_until_s", "i8"),
        ("owed_amt", "i8"),  # on the card, plans included
        ("statement_amt", "i8"),
        ("minimum_amt", "i8"),
        ("cash_owed_amt", "i8"),
        ("current_amt", "i8"),  # balance of the current account
        ("wanted", "f8"),  # slow deviation of the wanted utilisation, logit
        ("income_mood", "f8"),
        ("utilisation", "f8"),  # mean of the last months, weights falling by a quarter a month
        ("spend_mean_amt", "f8"),
        ("spend_before_amt", "f8"),  # the same, slower: their ratio is growth
        ("answer_fast_amt", "f8"),
        ("answer_fast_end_amt", "f8"),
        ("answer_slow_amt", "f8"),
        ("answer_slow_end_amt", "f8"),
        ("dose", "f8"),
        ("dose_end", "f8"),
        ("last_bucket_months", "i4"),
        ("arrears_months", "i4"),  # since the last missed payment
        ("raise_months", "i4"),  # since the last change of the limit
        ("ask_months", "i4"),
        ("idle_months", "i4"),  # without a purchase
        ("hardship_months", "i4"),  # since a hardship case was opened; large where none
        ("shown_recently", "f8"),  # offers shown, halved every month
        ("cards", "i4"),  # bits of offers held
        ("chance", "f8"),  # of the last campaign's offer being taken
        ("card_lift", "f8"),  # factor on spending from cards taken
        ("exposures", "i4"),  # counted where delivered
        ("trip_end_day", "i4"),  # the last day of a trip abroad in this cycle, -1 where there is none
        ("changed_months", "i4"),  # since a child or a car
        ("was_jobless", "i1"),  # the month before
        ("plan_left_amt", "i8", (PLANS_AT_ONCE,)),
        ("plan_part_amt", "i8", (PLANS_AT_ONCE,)),
        ("plan_fee_amt", "i8", (PLANS_AT_ONCE,)),
        ("plan_months_left", "i4", (PLANS_AT_ONCE,)),
        ("plan_event", "i8", (PLANS_AT_ONCE,)),  # row of its event in the book, -1 where not delivered
        ("refund_amt", "i8", (REFUNDS_AT_ONCE,)),
        ("refund_day", "i4", (REFUNDS_AT_ONCE,)),
        ("refund_group", "i4", (REFUNDS_AT_ONCE,)),
        ("refund_merchant", "i4", (REFUNDS_AT_ONCE,)),
        ("paid_out_amt", "i8"),  # a loan that comes on the current account in this cycle, and when
        ("paid_out_s", "i8"),
        ("loan_left_amt", "i8"),
        ("loan_payment_amt", "i8"),
        ("loan_months_left", "i4"),
        ("loan_missed", "i4"),
        ("loan_dose", "f8"),
        ("loan_rate", "f8"),
        ("loan_day", "i4"),
        ("loan_event", "i8"),
    ],
    align=True,
)


BOOK_DTYPE = np.dtype(
    [
        ("postings_count", "i8"),  # of the cycle
        ("events_count", "i8"),  # of the life
        ("is_full", "i1"),  # 1 once there was no room for an event
        ("wants_postings", "i1"),
        ("lines", POSTING, (LINES,)),  # the slip, the movements of one cycle
        ("order", "i8", (2, LINES)),  # the slip's rows in order of time, and their moments
        ("shop_until", "f8", (2, GROUPS_MOST)),  # bought at each kind of shop and those before it, home and abroad
        ("postings", POSTING, (LINES + CHARGES,)),
        ("events", EVENT, (EVENTS_A_LIFE,)),
    ],
    align=True,
)
CYCLE_DTYPE = np.dtype(
    [
        ("month", "i8"),  # as Lives.months counts
        ("begin_day", "i8"),  # first day, and the day of the last statement
        ("end_day", "i8"),  # the day after the last
        ("due_day", "i8"),  # of the last statement
        ("key", "u8"),
        ("person", "i8"),
    ],
    align=True,
)

# Records as well: compiled code is handed the place of one, where a tuple of arrays is copied at every call.
Book = Any
"""Where a life is written down: the postings of a cycle and the events of a life, until they are handed over."""
Cycle = Any
"""One billing cycle of one customer: its place and days, and the key of its dice."""

# The types of what functions compiled on their own are given.
EVENTS = types.Array(from_dtype(EVENT), 1, "C")
BOOK, CYCLE, SURROUNDINGS = from_dtype(BOOK_DTYPE), from_dtype(CYCLE_DTYPE), from_dtype(SURROUNDINGS_DTYPE)


@compiled
def begin_state(who: Any, st: Any, e: Equations, s: Surroundings) -> None:
    """The state before the first month of the warm-up."""
    st.limit_amt = who.first_limit_amt
    who.last_limit_amt = who.first_limit_amt
    st.base_amt = float(who.first_limit_amt)
    st.arrears_months = 99
    st.raise_months = 99
    st.ask_months = 99
    st.hardship_months = 99
    st.changed_months = 99
    st.loan_event = -1
    st.card_lift = 1.0
    st.current_amt = int(who.income_amt * 0.8)
    if who.habit >= 2 and who.card_day < s.month_begins[s.warm_up]:
        # A debt of long standing takes years to build up: it stands when the warm-up begins. A card that is
        # opened in the data begins without one.
        share = e.wanted_most / (1.0 + math.exp(-who.wanted_utilisation))
        st.owed_amt = int(share * st.limit_amt * (0.95 if who.habit == 2 else 0.35))
        st.statement_amt = st.owed_amt
        st.minimum_amt = int(s.minimum_ratio * st.owed_amt)
        st.utilisation = st.owed_amt / max(float(st.limit_amt), 1.0)
    st.behaviour = 0 if who.habit == 0 else (2 if who.habit == 2 else 1)
    for j in range(PLANS_AT_ONCE):
        st.plan_event[j] = -1
    st.spend_mean_amt = who.activity * 15000.0 * who.ticket
    st.spend_before_amt = st.spend_mean_amt

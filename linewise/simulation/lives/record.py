"""What is written down of simulated lives: people, months, postings and events, as arrays of records."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CALL_OUTCOMES",
    "CALL_REASONS",
    "CALL_TONES",
    "CASES",
    "CHANNELS",
    "CHARGED_OFF",
    "COUNTRIES",
    "CUNNING",
    "DECISIONS",
    "EMPLOYMENTS",
    "EVENT",
    "EVIDENCE",
    "HABITS",
    "KINDS",
    "KINDS_COUNT",
    "LENDERS",
    "LIFE_EVENTS",
    "LIMIT_REASONS",
    "MONTH",
    "NOT_PITCHED",
    "OBLIGATIONS",
    "OFFERS",
    "OUTCOMES",
    "OUTCOME_REASONS",
    "PERSON",
    "PLANS",
    "POSTING",
    "PRODUCTS",
    "PURPOSES",
    "QUEUES",
    "REFUSALS",
    "REQUESTS",
    "SHAPES",
    "SHOWN_IN",
    "STATUSES",
    "Lives",
]

# Words behind the codes below; a code of -1 is "none".
EMPLOYMENTS = ("salaried", "self_employed", "student", "pensioner")
HABITS = ("inactive", "transactor", "revolver", "switcher")
SHAPES = ("log", "square_root", "kinked", "saturating")
CUNNING = ("none", "cash_out_ring", "bust_out", "takeover")
KINDS = (
    "purchase", "refund", "cash_advance", "cash_withdrawal", "cash_deposit", "transfer_in", "transfer_out",
    "fee", "interest", "penalty_interest",
)  # fmt: skip
PURPOSES = ("household", "insurance", "leasing", "loan", "salary", "pension", "benefit", "card")
"""The category of a posting. `card` is the repayment of the own card from the current account."""
CHANNELS = ("branch", "atm", "pos", "online", "app", "transfer")
COUNTRIES = ("home", "HK", "JP", "KR", "TH", "US", "GB", "DE", "FR", "AU")
"""Code 0 is the bank's own country, by the country profile."""
LIMIT_REASONS = ("rule", "randomised", "request", "dormant", "risk", "temporary", "temporary_end")
REQUESTS = ("loan", "new_line", "increase", "temporary", "cash")
DECISIONS = ("approved", "countered", "refused", "withdrawn")
REFUSALS = ("SCORE_BELOW_CUTOFF", "RECENT_ARREARS", "INCOME_MULTIPLE", "OTHER_BANKS_LIMITS", "TOO_SOON")
PLANS = ("loan", "purchase", "statement", "balance", "cash", "art70")
STATUSES = ("running", "settled", "in_arrears", "defaulted")
OFFERS = (
    "CARD_JUNIOR", "CARD_CLASSIC", "CARD_GOLD", "CARD_TRAVEL", "BILL_INSTALMENT",
    "LIMIT_HOLD", "LIMIT_10", "LIMIT_25", "LIMIT_50", "LIMIT_100",
)  # fmt: skip
PRODUCTS = ("credit_standard", "credit_premium", "card_junior", "card_classic", "card_gold", "card_travel")
SHOWN_IN = ("voice", "sms", "push", "telephone", "email")
"""Where an offer was shown: `voice` is an inbound call, `telephone` an outbound one."""
NOT_PITCHED = ("CUSTOMER_UPSET", "NO_TIME", "NOT_SUITABLE", "CUSTOMER_HUNG_UP")
QUEUES = ("general", "bills", "cards", "lending", "complaints")
OUTCOMES = (
    "accepted", "postponed", "declined", "not_pitched", "ordered", "cancelled", "settled_early", "complaint",
)  # fmt: skip
OUTCOME_REASONS = ("NO_NEED", "TOO_EXPENSIVE", "HAS_OTHER", "CALL_LATER", "CUSTOMER_ASKED")
CALL_REASONS = ("balance", "bill", "limit", "card", "loan", "payment_difficulty", "complaint", "other")
CALL_TONES = ("calm", "hurried", "upset")
CALL_OUTCOMES = ("answered", "passed_on", "call_back")
CASES = ("complaint", "dispute", "fraud", "lost_card", "hardship", "collections", "bereavement")
OBLIGATIONS = ("loan", "card", "mortgage", "leasing", "other")
LENDERS = ("bank_north", "bank_south", "bank_coast", "bank_river")
EVIDENCE = ("A", "B", "C", "D", "E")
LIFE_EVENTS = ("travel", "child", "car", "job_lost", "job_found")

CHARGED_OFF = 9
"""The bucket of an account that was written off; 0 is current, 1 to 8 count unpaid minimum payments."""

PERSON = np.dtype(
    [
        ("number", "i8"),  # of the customer, from 1
        ("birth_day", "i4"),  # days since 1970, as every day here
        ("since_day", "i4"),  # of the relationship with the bank
        ("card_day", "i4"),  # on which the card was opened
        ("cycle_day", "i1"),  # of the month, 1 to 28: the statement closes at midnight before it
        ("payday", "i1"),  # of the month, 1 to 28
        ("employment", "i1"),
        ("habit", "i1"),
        ("product", "i1"),  # of the credit card, 0 or 1 of PRODUCTS
        ("shape", "i1"),  # of the answer to a limit
        ("cunning", "i1"),
        ("cunning_month", "i2"),  # cycle in which it turns, counted as Lives.months counts them
        ("has_payroll", "i1"),  # whether the salary comes to this bank
        ("has_supplementary", "i1"),
        ("pays_by_order", "i1"),  # whether the card's bill is paid by direct debit
        ("pays_minimum", "i1"),  # whether a revolver pays the minimum only
        ("is_explored", "i1"),  # in the randomised slice
        ("is_sleeping_dog", "i1"),  # promotion does harm
        ("risk", "f8"),  # latent, about standard normal, higher is worse
        ("outlook", "f8"),  # hidden: what the bank's officers knew and the extract does not hold
        ("need", "f8"),  # hidden: what the customer would tell on the phone
        ("impatience", "f8"),
        ("price_sensitivity", "f8"),
        ("activity", "f8"),  # purchases a month on the card in a plain month while in use
        ("ticket", "f8"),  # factor on the usual ticket of a merchant group
        ("wanted_utilisation", "f8"),  # logit of the share of the limit a revolver likes to owe
        ("payday_jump", "f8"),  # extra share of spending on payday and the two days after
        ("online", "f8"),  # factor on the share bought online
        ("travel", "f8"),  # trips abroad a year
        ("calling", "f8"),  # factor on the usual calls a month
        ("cash_taste", "f8"),  # factor on the usual cash advances
        ("kept_amt", "f8"),  # that one likes to keep on the current account
        ("marginal_propensity", "f8"),  # to borrow, 36 months after a raise, for a revolver at half use
        ("dose_slope", "f8"),  # of the logit of a missed payment by shape(relative raise)
        ("income_amt", "i8"),  # usual monthly net income
        ("relative_income", "f8"),  # logarithm of income_amt by the median
        ("income_spread", "f8"),  # standard deviation of its logarithm from month to month
        ("rent_amt", "i8"),
        ("household_amt", "i8"),
        ("insurance_amt", "i8"),
        ("leasing_amt", "i8"),
        ("first_limit_amt", "i8"),
        ("application_score", "i4"),
        ("other_limit_amt", "i8"),  # cards at other banks
        ("other_debt_amt", "i8"),
        ("mortgage_amt", "i8"),  # monthly payment
        ("account_status", "i1"),  # of the card at the end: 0 open, 1 blocked, 2 closed, 3 charged off
        ("last_limit_amt", "i8"),  # permanent limit at the end of the data
        ("temporary_limit_amt", "i8"),  # 0 where none; in force between the two moments
        ("temporary_from_s", "i8"),
        ("temporary_until_s", "i8"),
    ],
    align=True,
)

MONTH = np.dtype(
    [
        ("is_open", "i1"),  # 0 before the card was opened: nothing else is filled then
        ("behaviour", "i1"),  # of this month: 0 inactive, 1 transactor, 2 revolver
        ("bucket", "i1"),  # unpaid minimum payments at the end of the cycle, or CHARGED_OFF
        ("is_jobless", "i1"),
        ("days_past_due", "i2"),  # when this statement was recorded, the day after it fell due; -1 not yet
        ("purchases_count", "i2"),
        ("limit_amt", "i8"),
        ("balance_amt", "i8"),  # of the statement
        ("minimum_amt", "i8"),
        ("paid_amt", "i8"),  # against this statement until it was recorded; -1 not yet
        ("plan_amt", "i8"),  # of the balance, in instalment plans
        ("spend_amt", "i8"),  # purchases booked in the cycle less refunds
        ("cash_amt", "i8"),  # cash advances
        ("declined_amt", "i8"),  # wanted, and refused for want of headroom
        ("interest_amt", "i8"),
        ("fee_amt", "i8"),
        ("charged_off_amt", "i8"),
        ("income_amt", "i8"),
        ("score", "f4"),  # the bank's behaviour score
        ("profit_amt", "f8"),  # of the month to the bank: margin, fees, funding, losses, costs
    ],
    align=True,
)

POSTING = np.dtype(
    [
        ("at_s", "i8"),  # seconds since 1970, UTC
        ("amount_amt", "i8"),  # in the bank's currency, without a sign
        ("balance_amt", "i8"),  # of the current account after it; of no meaning for a card
        ("original_amt", "i8"),  # in the currency of the country, -1 at home
        ("person", "i4"),  # row of Lives.people
        ("merchant", "i4"),  # number of the merchant within its group, -1 none
        ("counterparty", "i4"),  # number of the other side of a transfer, -1 none
        ("account", "i1"),  # 0 current account, 1 card, 2 supplementary card, 3 repayment of the card
        ("kind", "i1"),  # of KINDS; of a repayment (account 3): 0 own, 1 third party
        ("group", "i1"),  # merchant group, -1 none
        ("channel", "i1"),
        ("country", "i1"),  # -1 where there is no place
        ("purpose", "i1"),
        ("is_credit", "i1"),
        ("is_declined", "i1"),
        ("late_days", "i1"),  # days after the usual night until it was recorded
    ],
    align=True,
)

EVENT = np.dtype(
    [
        ("at_s", "i8"),
        ("a", "i8"),
        ("b", "i8"),
        ("c", "i8"),
        ("d", "i8"),
        ("e", "i8"),
        ("f", "i8"),
        ("g", "i8"),
        ("x", "f8"),
        ("person", "i4"),
        ("kind", "i4"),
    ],
    align=True,
)

# The kinds of EVENT and what their fields hold.
LIMIT_CHANGE = 0  # a old, b new, c 0 customer 1 bank, d LIMIT_REASONS, x probability (NaN: rule without one)
LIMIT_REQUEST = 1  # a REQUESTS, b asked, c offered (-1), d taken (-1), e DECISIONS, f REFUSALS (-1), g term (0)
PLAN = 2  # a PLANS, b principal, c term, d payment, e remaining, f STATUSES, g status_at_s, x annualised rate
EXPOSURE = 3  # a OFFERS, b SHOWN_IN, c pitched 1, not 0, unknown -1, d NOT_PITCHED (-1), e agent (-1),
#               f QUEUES (-1), g 1 randomised, x probability
OUTCOME = 4  # a OFFERS, b OUTCOMES, c OUTCOME_REASONS (-1), d which exposure of the person, from 0 (-1 unknown)
CALL = 5  # a CALL_REASONS, b CALL_TONES, c CALL_OUTCOMES, d agent, e seconds, f QUEUES
CASE = 6  # a CASES, g closed_at_s (-1 open)
HOLDING = 7  # a PRODUCTS, g closed_at_s (-1 held)
OBLIGATION = 8  # a OBLIGATIONS, b limit, c balance, d payment, e LENDERS, f 1 authorised
INCOME = 9  # a amount, b EVIDENCE
CONTACT_CHANGE = 10  # a 0 contact point, 1 device
LIFE_EVENT = 11  # a LIFE_EVENTS; known to nobody but the judge
KINDS_COUNT = 12


@dataclass(frozen=True, slots=True)
class Lives:
    """The lives of some customers.

    people (n_customers,) of PERSON; months (n_customers, n_months) of MONTH, one row a billing cycle that
    ends in that calendar month; postings (n_postings,) of POSTING and events (n_events,) of EVENT, both by
    customer and moment. Amounts are minor units of the bank's currency.
    """

    people: NDArray[Any]
    months: NDArray[Any]
    postings: NDArray[Any]
    events: NDArray[Any]

"""The words of the screen of a call: which sentence stands for which code of a call, a case or a request."""

from collections.abc import Mapping

from linewise.core.actions import HARDSHIP_GROUP, LIMIT_ACTION, PLAN_GROUP
from serving.agent.wording import DECLINE_REASONS, N_, OTHER
from serving.scoring.told_in_call import WITHDRAWING_FLAGS

__all__ = [
    "ACTIONS", "ASKED_ANSWERS", "CASES", "COMPLAINT_WORDS", "DIRECTION_WORDS", "FLAG_WORDS", "NOT_PITCHED", "OUTCOMES",
    "PLAN_WORDS", "REASONS", "ROLES", "TONE_WORDS", "WITHDRAWING_FLAGS",
]  # fmt: skip

REASONS: Mapping[str, str] = {
    "balance": N_("Balance"),
    "bill": N_("Bill"),
    "limit": N_("Credit limit"),
    "card": N_("Card"),
    "loan": N_("Loan"),
    "payment_difficulty": N_("Trouble paying"),
    "complaint": N_("Complaint"),
    "other": N_("Something else"),
}

FLAG_WORDS: Mapping[str, str] = {
    "complaint": N_("Complaint"),
    "fraud": N_("Fraud"),
    "lost_card": N_("Lost card"),
    "dispute": N_("Dispute"),
    "hardship": N_("Hardship"),
    "vulnerable": N_("Vulnerable"),
    "bereavement": N_("Bereavement"),
    "third_person": N_("Third person"),
    "wants_human": N_("Wants a person"),
}

COMPLAINT_WORDS: Mapping[str, str] = {
    **{name: DECLINE_REASONS[name] for name in ("price", "terms", "wrong_info", "distrust")},
    "": OTHER,
}
"""What is most often wrong with a thing that a customer complains of; the last one names no reason."""

TONE_WORDS: Mapping[str, str] = {"calm": N_("Calm"), "hurried": N_("Hurried"), "upset": N_("Upset")}

ROLES: Mapping[str, str] = {
    "customer": N_("Customer"),
    "supplementary": N_("Holder of a supplementary card"),
    "third_person": N_("Third person"),
}

DIRECTION_WORDS: Mapping[str, str] = {"inbound": N_("Incoming"), "outbound": N_("Outgoing")}

CASES: Mapping[str, str] = {
    "complaint": N_("Complaint"),
    "dispute": N_("Dispute"),
    "fraud": N_("Fraud"),
    "lost_card": N_("Lost card"),
    "hardship": N_("Hardship"),
    "collections": N_("Collections"),
    "bereavement": N_("Bereavement"),
}

ASKED_ANSWERS: Mapping[str, str] = {
    "yes": N_("Yes"),
    "less": N_("Yes, but less"),
    "no": N_("No"),
    "referred": N_("A person decides"),
}

ACTIONS: Mapping[str, str] = {
    LIMIT_ACTION: N_("Credit limit"),
    PLAN_GROUP: N_("Repayment plan"),
    HARDSHIP_GROUP: N_("Help with paying"),
}
"""What is put to a customer beside offers, by its group."""

PLAN_WORDS: Mapping[str, str] = {
    "purchase": N_("Plan for a purchase"),
    "statement": N_("Plan for the statement"),
    "balance": N_("Plan for the balance"),
    "loan": N_("Loan"),
}

OUTCOMES: Mapping[str, str] = {
    "resolved": N_("Resolved"),
    "follow_up": N_("To be followed up"),
    "handed_on": N_("Handed on"),
    "not_resolved": N_("Not resolved"),
}

NOT_PITCHED: Mapping[str, str] = {
    "call_too_short": N_("Call too short"),
    "customer_upset": N_("Customer upset"),
    "offer_unsuitable": N_("Offer did not suit"),
    "did_not_understand": N_("I did not understand the offer"),
    "system_late": N_("System too late"),
}

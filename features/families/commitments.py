"""Commitments: income by proof, credit elsewhere, instalment plans here, and repayments. Parts of the budget.

Credit elsewhere is what the customer's latest authorised credit report said, however old it is: its age stands beside.
"""

from features.expressions import days_since, distinct, number, share, total
from features.feature import ANY_PURPOSE, CREDIT, CREDIT_BUDGET, define

__all__ = ["FEATURES"]

_OWNER = "credit risk"
_YEAR = 365
_CAPPED = f"{_YEAR} stands for that long ago or longer, and for never."
_MOST = 10

FEATURES = (
    define(
        "income_evidenced_amt",
        "Income a month by the latest evidence of any class.",
        lambda i: total(i.income_amt, i.is_latest),
        grain="income",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "income_verified_amt",
        "Income a month by the latest evidence of class A or B.",
        lambda i: total(i.income_amt, i.is_latest_verified),
        grain="income",
        owner=_OWNER,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "income_verified_recency_days",
        "Days since an income of class A or B was last evidenced; 3,650 stands for that long ago or longer, or never.",
        lambda i: days_since(i.age_days, i.is_latest_verified, 3_650),
        grain="income",
        owner=_OWNER,
        maximum=3_650,
        default=3_650,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "other_credit_count",
        "Credits at other lenders, by the latest authorised report.",
        lambda o: number(o.is_latest & ((o.balance_amt > 0) | (o.limit_amt > 0) | (o.payment_amt > 0))),
        grain="obligation",
        owner=_OWNER,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "other_lender_count",
        "Other lenders that the latest authorised report names.",
        lambda o: distinct(o.lender, o.is_latest),
        grain="obligation",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "other_balance_amt",
        "Owed to other lenders, by the latest authorised report.",
        lambda o: total(o.balance_amt, o.is_latest),
        grain="obligation",
        owner=_OWNER,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "other_payment_amt",
        "To be paid to other lenders a month, by the latest authorised report.",
        lambda o: total(o.payment_amt, o.is_latest),
        grain="obligation",
        owner=_OWNER,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "other_utilisation_ratio",
        f"Share of the card limits at other lenders that is drawn, by the latest authorised report; {_MOST} for more.",
        lambda o: share(
            total(o.balance_amt, o.is_latest & (o.kind == "card") & (o.limit_amt > 0)),
            total(o.limit_amt, o.is_latest & (o.kind == "card")),
        ).clip(upper=_MOST),
        grain="obligation",
        owner=_OWNER,
        maximum=_MOST,
        allowed_for=CREDIT,
    ),
    define(
        "enquiry_count_365d",
        "Authorised credit reports drawn in the last 365 days.",
        lambda o: distinct(o.enquired_at, o.age_days < 365),
        grain="obligation",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "enquiry_recency_days",
        f"Days since the latest authorised credit report; {_CAPPED}",
        lambda o: days_since(o.age_days, o.is_latest, _YEAR),
        grain="obligation",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "instalment_count",
        "Loans and instalment plans at this bank that run.",
        lambda i: number(i.is_running),
        grain="instalment",
        owner=_OWNER,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "instalment_payment_amt",
        "To be paid a month on loans and instalment plans at this bank.",
        lambda i: total(i.payment_amt, i.is_running),
        grain="instalment",
        owner=_OWNER,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "instalment_left_amt",
        "Principal still owed on loans and instalment plans at this bank; as agreed, where it was not observed.",
        lambda i: total(i.left_amt, i.is_running),
        grain="instalment",
        owner=_OWNER,
        allowed_for=CREDIT_BUDGET,
    ),
    define(
        "hardship_plan_count",
        "Running repayment plans that were agreed with the customer in difficulty.",
        lambda i: number(i.is_running & (i.kind == "art70")),
        grain="instalment",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "card_payment_count_90d",
        "Repayments of cards in the last 90 days.",
        lambda p: number((p.payment_amt > 0) & (p.age_days < 90)),
        grain="payment",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "card_payment_sum_amt_90d",
        "Repaid on cards in the last 90 days.",
        lambda p: total(p.payment_amt, p.age_days < 90),
        grain="payment",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "third_party_payment_share_ratio_365d",
        "Share of what was repaid on cards in the last 365 days that came from others.",
        lambda p: share(
            total(p.payment_amt, (p.source == "third_party") & (p.age_days < 365)),
            total(p.payment_amt, p.age_days < 365),
        ),
        grain="payment",
        owner=_OWNER,
        allowed_for=CREDIT,
    ),
    define(
        "card_payment_recency_days",
        f"Days since a card was last repaid; {_CAPPED}",
        lambda p: days_since(p.age_days, p.payment_amt > 0, _YEAR),
        grain="payment",
        owner=_OWNER,
        maximum=_YEAR,
        default=_YEAR,
        allowed_for=CREDIT,
    ),
)

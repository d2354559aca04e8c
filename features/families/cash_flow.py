"""Cash flow and income: what comes in a month, how steadily, and what is left after what goes out.

Months are of 30 days, counted back from the observation date; a month before the customer's first transaction
does not count. Income is transfers received and cash paid in, never refunds, interest or a loan paid out. These
are the parts of the affordability budget; decisioning alone puts them together.
"""

from features.expressions import average, number, share, total
from features.families.trend import lean_month_gap
from features.feature import ANY_PURPOSE, WHOLE_LIMIT, define

__all__ = ["FEATURES"]

_OWNER = "credit risk"

FEATURES = (
    define(
        "income_mean_amt_6m",
        "Income a month, the average of the last 6 months.",
        lambda m: average(m.income_amt, m.month < 6),
        grain="month",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "income_p25_amt_6m",
        "Income a month in a lean month: a quarter of the last 6 months had less.",
        lambda m: (m.month < 6).ifelse(m.income_amt, None).quantile(0.25).round(),
        grain="month",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "income_spread_ratio_6m",
        "How far the income of a lean month lies below the average of 6: 0 is steady, 1 is nothing in it.",
        lambda m: lean_month_gap(m, m.income_amt, 6),
        grain="month",
        owner=_OWNER,
        default=1.0,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "income_months_count_6m",
        "Months with income among the last 6.",
        lambda m: number((m.month < 6) & (m.income_amt > 0)),
        grain="month",
        owner=_OWNER,
        maximum=6,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "income_amt_12m",
        "Income a year: twelve times the average month of the last 6.",
        lambda m: (share(total(m.income_amt, m.month < 6) * 12, number(m.month < 6))).round(),
        grain="month",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "income_cash_share_ratio_180d",
        "Share of the income that was paid in as cash, over the last 180 days.",
        lambda t: share(
            total(t.billing_amt, t.is_income & (t.kind == "cash_deposit") & (t.age_days < 180)),
            total(t.billing_amt, t.is_income & (t.age_days < 180)),
        ),
        grain="transaction",
        owner=_OWNER,
    ),
    define(
        "essential_mean_amt_6m",
        "Household and insurance payments a month, the average of the last 6 months.",
        lambda m: average(m.essential_amt, m.month < 6),
        grain="month",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "obligation_mean_amt_6m",
        "Loan and leasing payments a month, the average of the last 6 months.",
        lambda m: average(m.obligation_amt, m.month < 6),
        grain="month",
        owner=_OWNER,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "net_flow_mean_amt_6m",
        "Money coming in less money going out a month, the average of the last 6 months.",
        lambda m: average(m.credit_amt - m.debit_amt, m.month < 6),
        grain="month",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
        allowed_for=ANY_PURPOSE,
    ),
    define(
        "net_flow_p25_amt_6m",
        "Money coming in less money going out in a lean month: a quarter of the last 6 months had less.",
        lambda m: (m.month < 6).ifelse(m.credit_amt - m.debit_amt, None).quantile(0.25).round(),
        grain="month",
        owner=_OWNER,
        minimum=-WHOLE_LIMIT,
    ),
    define(
        "deficit_months_count_6m",
        "Months among the last 6 in which more money went out than came in.",
        lambda m: number((m.month < 6) & (m.debit_amt > m.credit_amt)),
        grain="month",
        owner=_OWNER,
        maximum=6,
        allowed_for=ANY_PURPOSE,
    ),
)

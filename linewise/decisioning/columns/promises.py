"""What rules may name of what the bank has promised, of what its budgets have left, and of its live campaigns."""

from linewise.decisioning.columns.column import RuleColumn, flags, numbers, texts

__all__ = ["PROMISE_COLUMNS"]

PROMISE_COLUMNS: tuple[RuleColumn, ...] = (
    *numbers(
        "customer",
        "",
        "minor units",
        {"standing_limit_quote_amt": "the limit that the customer was quoted and may still take; missing if none"},
    ),
    *numbers(
        "customer",
        "",
        "days",
        {"standing_limit_quote_until_days": "until the date of that quote; missing if none"},
    ),
    *flags(
        "customer",
        "",
        {
            "is_raise_budget_spent": "nothing is left of a budget for raises that the bank proposes; 0 under a quote",
            "is_request_share_spent": "nothing is left of what was put aside for limits that customers ask for; "
            "0 under a quote",
        },
    ),
    *texts(
        "customer",
        "",
        {"control_of_campaigns": "ids of the live campaigns that keep the customer in their control; missing if none"},
    ),
    *flags(
        "offer",
        "",
        {
            "is_grant_budget_spent": "the pot or the quota of this offer has not enough left for one",
            "is_contact_budget_spent": "of contacts, or of money for all offers, too little is left to propose it",
            "is_campaign_control": "a live campaign makes this offer and keeps the customer in its control group",
            "is_offer_asked_for": "the customer asked for this offer by its name, or for any",
        },
    ),
)

"""What rules may name of a candidate: what all have in common, then offers, limits and plans."""

from linewise.decisioning.columns.column import RuleColumn, flags, numbers, texts

__all__ = ["ACTION_COLUMNS"]

_ALL = (
    *texts(
        "action",
        "",
        {"action_kind": "service, retention, promotional, mandatory; a limit is promotional, so is a plan but art70"},
    ),
    *flags(
        "action",
        "",
        {
            "is_credit": "grants credit or more of it; 1 for limits and plans",
            "increases_debt": "may raise what the customer owes; 1 for limits, and for plans that lend anew",
        },
    ),
)

_OFFER = (
    *numbers(
        "offer",
        "",
        "rank",
        {
            "offer_tier": "the rank of the offered product in its group",
            "held_tier": "the highest tier of the offer's group that the customer holds; missing if none",
        },
    ),
    *numbers(
        "offer",
        "",
        "years",
        {
            "offer_minimum_age_years": "youngest age the product is meant for",
            "offer_maximum_age_years": "oldest age the product is meant for",
        },
    ),
    *numbers(
        "offer",
        "",
        "minor units",
        {
            "offer_minimum_income_amt": "monthly income the product asks for",
            "offer_annual_fee_amt": "the product's yearly fee",
            "offer_grant_amt": "what a retention action gives the customer; missing for any other",
            "offer_grant_cap_amt": "the most that a customer may be given by it in a year; missing for any other",
            "granted_amt_365d": "what the customer took of it within 365 days",
        },
    ),
    *numbers(
        "offer",
        "",
        "share a year",
        {"offer_annualised_cost_ratio": "all costs of the credit, as an internal rate; missing without credit"},
    ),
    *texts(
        "offer", "", {"offer_credit_purpose": "bill, purchase or cash for what is put into instalments; else empty"}
    ),
    *numbers("offer", "", "minor units", {"offer_maximum_amt": "the most that may be borrowed by it"}),
    *numbers("offer", "", "months", {"offer_term_months": "number of monthly payments; missing without credit"}),
    *numbers(
        "offer",
        "",
        "days",
        {
            "days_since_declined": "since the customer declined this offer; missing if never",
            "days_since_group_declined": "since the customer declined an offer of the same group; missing if never",
            "postponed_until_days": "until the day to which the customer put it off; missing if never",
        },
    ),
    *flags(
        "offer",
        "",
        {
            "is_new_card": "taking it means one more card",
            "is_principal_card": "the card would be the customer's own, not a supplementary one",
            "is_over_limit_service": "lets the customer spend above the limit",
            "is_personalised": "chosen or ordered by this customer's own data; 0 on a list of fixed order",
            "is_prescreened": "the customer was picked from a prescreened list",
            "uses_affiliate_data": "the customer was picked by data of an affiliate",
            "has_said_already_has": "the customer said to have it already, and no holding changed since",
        },
    ),
)

_LIMIT = (
    *texts("limit", "", {"limit_kind": "permanent, temporary, cash or instalment"}),
    *numbers(
        "limit",
        "",
        "minor units",
        {"proposed_limit_amt": "the least raise, one step up, or the lower limit that the customer asks for"},
    ),
    *numbers(
        "limit",
        "accounts",
        "minor units a month",
        {"minimum_payment_full_line_amt": "minimum payment were the proposed line drawn whole from its first day"},
    ),
    *numbers("limit", "", "days", {"temporary_days": "how long a temporary limit would stand"}),
    *numbers("limit", "", "working days", {"cut_notice_working_days": "since the notice of this cut; missing if none"}),
    *flags(
        "limit",
        "",
        {
            "is_new_line": "the customer has no line of credit here yet",
            "limit_has_own_act": "it takes effect only when the customer agrees to it by an act of their own",
        },
    ),
)

_PLAN = (
    *texts("plan", "", {"plan_kind": "loan, purchase, statement, balance, cash or art70"}),
    *numbers("plan", "", "months", {"plan_term_months": "number of monthly payments"}),
    *numbers("plan", "", "minor units", {"plan_amt": "amount put into the plan"}),
    *numbers("plan", "", "share a year", {"plan_annualised_cost_ratio": "all costs, as an internal rate of return"}),
    *flags(
        "plan",
        "",
        {
            "plan_is_of_instalment": "the amount is in an instalment plan already",
            "plan_has_own_application": "taken only by its own application and contract, confirmed by the customer",
            "plan_pays_to_own_account": "cash goes only to the customer's own account that is no credit card",
            "plan_has_minimum_payment": "its payments may be put off by the minimum payment",
            "plan_charges_all_interest_first": "all interest is charged at once, by default or as the only way",
            "plan_lists_all_terms": "debt, currency, cycle, amounts, costs, duties, promise of no new card stand in it",
        },
    ),
)

ACTION_COLUMNS: tuple[RuleColumn, ...] = (*_ALL, *_OFFER, *_LIMIT, *_PLAN)

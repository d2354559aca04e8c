"""What rules may name of a customer: master data, consents, cases, contacts, the call; credit stands in `credit`."""

from linewise.decisioning.columns.column import RuleColumn, flags, numbers, texts
from linewise.decisioning.columns.credit import CREDIT_COLUMNS

__all__ = ["CUSTOMER_COLUMNS"]

_WHO = (
    *flags(
        "customer",
        "",
        {
            "is_student": "known to the bank as a student without income of their own",
            "is_staff": "works for the bank",
            "is_related_party": "counts as a party related to the bank",
            "is_vulnerable": "a vulnerability marker is in force",
            "has_stable_income": "income was seen in three of the last six months, or evidence of class A to D is held",
            "has_independent_income": "that income is the customer's own, not one shared with somebody else",
        },
    ),
    *numbers(
        "customer",
        "",
        "days",
        {
            "contact_point_changed_days": "since a contact point or device last changed; missing if never",
            "feature_age_days": "how far the features lie behind what the bank knows of the customer",
        },
    ),
)

# What no table of consents holds was not given: a bank without the table is not let off, the value is 0.
_CONSENTS = (
    *flags(
        "customer",
        "",
        {
            "has_guarantor_consent": "whoever would repay instead, or a cosigner, consented in writing and it stands",
            "has_limit_raise_consent": "the customer agreed to raises of the limit and it stands",
            "has_marketing_consent": "the customer agreed to marketing in this channel and it stands",
            "has_dormancy_cut_consent": "the contract agrees that an unused line may be cut",
            "is_opted_out": "refuses marketing in this channel, or all contact",
            "is_on_do_not_call": "on a national or the bank's own do-not-call list",
            "is_personalisation_off": "switched personalisation off, or took back the consent to be profiled",
            "has_withdrawn_profiling": "took back the consent to be profiled and has not given it anew",
            "has_refused_automation": "refuses decisions by automation alone",
            "has_asked_for_human": "asked for a person to look at the decision",
            "is_prescreen_opted_out": "refuses prescreened offers",
        },
    ),
    *flags(
        "customer",
        "consents",
        {
            "has_sensitive_data_consent": "the separate consent to use financial account data stands",
        },
    ),
    *numbers(
        "customer",
        "consents",
        "days",
        {"days_since_affiliate_opt_out": "since the customer refused the use of affiliates' data; missing if never"},
    ),
)

_CASES = (
    *flags(
        "customer",
        "",
        {
            "has_open_complaint": "a complaint is open",
            "has_open_fraud_case": "a fraud, dispute or lost-card case is open",
            "is_aml_flagged": "flagged for money laundering by the bank",
            "is_in_hardship": "hardship, collections or a bereavement is open",
        },
    ),
)

_CONTACTS = (
    *numbers(
        "customer",
        "",
        "showings",
        {
            "impression_count_30d": "promotional offers shown within 30 days in all channels",
            "instalment_pitch_count_cycle": "instalment plans proposed since the last statement",
        },
    ),
    *numbers(
        "customer",
        "",
        "days",
        {"days_since_limit_declined": "since the customer declined a raise of the limit; missing if never"},
    ),
    *flags("customer", "", {"is_held_out": "in the group that is shown nothing, so that effects can be measured"}),
    *texts("customer", "", {"standing_cell": "the customer's standing cell of the running test"}),
)

_CALL = (
    *texts(
        "customer",
        "",
        {
            "channel": "the channel of the request",
            "tone": "the customer's tone, as noted: calm, hurried, upset",
            "call_reason": "why the customer calls, as noted",
        },
    ),
    *flags(
        "customer",
        "",
        {
            "is_identity_verified": "the caller's identity was verified",
            "is_customer_initiated": "the customer asked for it; 0 for what the bank proposes",
            "is_outbound": "the bank calls or writes; 0 where the customer did",
            "is_third_person_calling": "somebody else than the customer calls",
            "has_voiced_complaint": "a complaint was voiced in this call",
            "has_signalled_hardship": "hardship was signalled in this call, overdue or not",
            "is_holiday_morning": "before noon of a public holiday where the customer is",
        },
    ),
    *numbers("customer", "", "hours, with their fraction", {"local_hour": "hour of the day where the customer is"}),
    *numbers(
        "customer",
        "",
        "actions",
        {
            "debt_action_count_call": "actions raising debt proposed in this call, or ranked above in this answer",
            "decline_count_call": "declines in this call",
        },
    ),
)

CUSTOMER_COLUMNS: tuple[RuleColumn, ...] = (
    *_WHO,
    *_CONSENTS,
    *CREDIT_COLUMNS,
    *_CASES,
    *_CONTACTS,
    *_CALL,
)

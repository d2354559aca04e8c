"""What rules may name of a campaign, of a model's promotion, of a screen or text, and of the bank as a whole."""

from linewise.decisioning.columns.column import RuleColumn, flags, numbers, texts

__all__ = ["SCOPE_COLUMNS"]

_CAMPAIGN = (
    *texts(
        "campaign", "", {"objective_metric": "what it is measured by: cards_issued, customers, market_share, rank, …"}
    ),
    *numbers("campaign", "", "months", {"consent_proof_kept_months": "for how long proof of consent is kept"}),
    *flags(
        "campaign",
        "",
        {
            "is_sole_or_main_objective": "that metric is the only or the main one",
            "is_for_card_business": "the data are used for the card business",
            "has_data_authorisation": "customers authorised the use beyond it",
            "is_automated_marketing": "automation picks whom to approach",
            "has_non_personalised_option": "customers may have it without personalisation",
            "has_easy_refusal": "customers can refuse easily",
            "has_choice_of_data_use": "customers can choose whether their data are used",
            "offers_refusal_each_time": "each call, message and notice offers a way to refuse",
            "ties_products": "one product is sold only with another",
            "opens_paid_service_unasked": "a paid service opens without the customer's consent",
            "is_prescreened_list": "its customers come from a prescreened list",
            "is_firm_offer": "everyone on that list would really get the credit",
            "has_opt_out_notice": "the notice of the right to refuse prescreening goes with it",
        },
    ),
)

_PROMOTION = (
    *numbers(
        "promotion",
        "",
        "days",
        {
            "validation_age_days": "since the model was validated; missing if never",
            "validation_due_days": "how old a validation may be at the model's tier",
        },
    ),
    *numbers("promotion", "", "years", {"assessment_kept_years": "for how long the impact assessment is kept"}),
    *flags(
        "promotion",
        "",
        {
            "is_in_inventory": "the model stands in the inventory of models",
            "is_monitoring_overdue": "its monitoring is overdue",
            "prices_differ_at_same_risk": "prices or terms differ between customers of the same risk",
            "is_fairness_tested": "the fairness test was passed",
            "has_impact_assessment": "the impact on personal data was assessed before launch",
            "triggers_enquiry": "deciding would draw a credit report",
            "uses_debt_to_income": "ability to pay is judged by debt to income",
            "uses_debt_to_assets": "ability to pay is judged by debt to assets",
            "uses_residual_income": "ability to pay is judged by the income left after debts",
            "are_raise_criteria_tested": "criteria for raises were tested before broad use",
            "is_creditworthiness_model": "judges creditworthiness of persons",
            "has_risk_management": "a system of risk management is in place",
            "has_data_governance": "data governance is in place",
            "has_technical_documentation": "the technical documentation is complete",
            "has_automatic_logs": "it logs by itself what it does",
            "has_human_oversight": "people can oversee it and step in",
            "has_rights_assessment": "the impact on fundamental rights was assessed",
            "is_agent_emotion_inferred": "infers emotions of staff from voice or face",
            "is_customer_emotion_biometric": "infers customers' emotions from voice or face",
            "uses_special_category_data": "uses health, belief, origin or other special categories of data",
            "uses_social_media": "uses data of social networks",
            "asks_sex_or_race": "sex or race was asked of those who apply, be it for the fairness test",
            "uses_complaints_as_input": "complaints or disputes are an input to risk, limit or price",
        },
    ),
)

_SCREEN = (
    *numbers(
        "screen",
        "",
        "seconds",
        {"cost_table_read_seconds": "for how long the cost table must be open before it can be confirmed"},
    ),
    *numbers("screen", "", "digits", {"card_digit_count": "digits of a card number that are shown"}),
    *numbers("screen", "", "reasons", {"refusal_reason_count": "reasons given for a refusal"}),
    *flags(
        "screen",
        "",
        {
            "is_consent_prefilled": "a consent is ticked in advance, or filled in by a key of the agent",
            "is_bundle_forced": "something can only be had together with something else",
            "is_credit_shown": "credit is offered on it",
            "is_price_shown": "a price of credit is shown, of whatever kind",
            "shows_annualised_rate": "the annualised rate is shown",
            "is_annualised_rate_prominent": "nothing about the price stands out more than the annualised rate",
            "shows_daily_or_monthly_rate": "a rate for a day, month or period is shown",
            "is_cost_called_fee": "the cost is called a fee rather than interest",
            "is_simple_rate": "the rate shown is simple, not compound",
            "says_simple_rate": "and that is said",
            "shows_costs_and_risks": "fees, compound interest, penalties and risks are shown",
            "shows_complaint_channel": "how to complain is shown",
            "is_instalment_shown": "an instalment plan or a loan can be agreed to on it",
            "shows_cost_table": "the table of all costs is shown before the contract",
            "lists_default_costs": "it lists what a default costs",
            "says_no_other_charges": "it says that nothing else is charged",
            "shows_refusal": "a refusal or a cut is explained on it",
            "is_reason_generic": "a reason says no more than that a policy or a score was not met",
            "are_reasons_scored": "every reason is a factor that was actually scored",
            "shows_debt": "somebody's debt is shown",
            "is_third_person_served": "it is shown or said to somebody else than the customer",
            "is_message": "it is a message sent to a customer",
            "has_refusal_way": "it says how to refuse further ones",
            "shows_tags": "the customer sees what the bank noted of their interests",
            "can_delete_tags": "the customer can delete these notes",
            "can_override": "the person who decides has the authority to decide otherwise",
            "is_override_logged": "and it is logged when that is done",
        },
    ),
)

_BANK = (
    *numbers(
        "bank",
        "bank_facts",
        "share of all cards",
        {"dormant_share_ratio": "cards without use in 18 months and nothing owed, policy cards left out"},
    ),
    *numbers("bank", "cases", "days", {"oldest_complaint_days": "age of the oldest complaint without an answer"}),
    *numbers(
        "bank", "", "days", {"oldest_withdrawal_days": "age of the oldest withdrawal of consent not yet carried out"}
    ),
    *numbers(
        "bank",
        "",
        "working days",
        {"oldest_refusal_working_days": "age of the oldest refusal of marketing not yet carried out"},
    ),
    *numbers(
        "bank",
        "",
        "cases",
        {"early_penalty_count": "over-limit fees and penalty rates charged within 45 days of the notice of a cut"},
    ),
)

SCOPE_COLUMNS: tuple[RuleColumn, ...] = (*_CAMPAIGN, *_PROMOTION, *_SCREEN, *_BANK)

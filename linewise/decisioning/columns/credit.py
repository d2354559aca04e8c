"""What rules may name of a customer's income and credit, at other lenders and here."""

from linewise.decisioning.columns.column import RuleColumn, flags, numbers, texts

__all__ = ["CREDIT_COLUMNS"]

_INCOME = (
    *texts(
        "customer",
        "incomes",
        {"income_evidence_class": "class of the best evidence of income in force, A verified to E inferred"},
    ),
    *numbers("customer", "incomes", "days", {"income_evidence_age_days": "age of that evidence"}),
    *numbers("customer", "incomes", "minor units a month", {"income_evidence_amt": "income by that evidence"}),
    *texts(
        "customer",
        "",
        {"income_class": "class, A to E, of the income that the budget counts on, age included; missing if none known"},
    ),
    *numbers(
        "customer",
        "",
        "minor units a month",
        {"residual_income_amt": "cautious income less essentials, before any debt service"},
    ),
)

_CREDIT_ELSEWHERE = (
    # Without them nothing is raised (银保监规〔2022〕13号; 12 CFR 1026.51): a bank without reports is not let off.
    *numbers(
        "customer",
        "",
        "minor units",
        {"other_bank_card_limit_amt": "card lines at other banks in the latest report; missing where none was drawn"},
    ),
    *numbers(
        "customer",
        "",
        "minor units a month",
        {
            "obligation_payment_amt": "contractual payments on all debts, elsewhere and here; missing without a report",
            "other_debt_payment_amt": "contractual payments on debts elsewhere; missing where no report may be used",
        },
    ),
    *numbers(
        "customer",
        "obligations",
        "banks",
        {"issuing_bank_count": "banks that issued the customer a card, this one included"},
    ),
    *numbers(
        "customer",
        "obligations",
        "applications",
        {"recent_application_count_30d": "applications for credit here and reports drawn elsewhere in 30 days"},
    ),
    *numbers("customer", "obligations", "days", {"bureau_age_days": "age of the latest report; missing where none"}),
    *flags(
        "customer",
        "obligations",
        {
            "has_credit_record": "a credit report, or repayments of credit here, are known",
            "bureau_is_authorised": "the customer authorised the latest report",
            "bureau_has_purpose": "a purpose of the latest report is on file",
        },
    ),
)

_CREDIT_HERE = (
    *numbers(
        "customer",
        "",
        "minor units",
        {
            "current_limit_amt": "the limit in force: the open credit lines together, as of the features' date",
            "own_total_cap_amt": "the bank's cap on all card lines of the customer, from credit, income and finances",
            "all_credit_cap_amt": "the bank's cap on all its credit to the customer, loans included",
        },
    ),
    *numbers(
        "customer",
        "accounts",
        "minor units",
        {
            "other_own_limit_amt": "special lines for instalments here, beside the limit in force",
            "non_cash_limit_amt": "the line for purchases, without cash",
            "total_card_debt_amt": "what the customer owes on cards here",
        },
    ),
    *numbers(
        "customer",
        "instalments",
        "minor units",
        {
            "own_loan_balance_amt": "what is still owed on loans here",
            "card_plan_left_amt": "what is still owed in instalment plans on cards here",
        },
    ),
    *numbers(
        "customer",
        "instalments",
        "minor units a month",
        {
            "loan_payment_amt": "contractual payments on loans here",
            "card_plan_payment_amt": "contractual payments on instalment plans on cards here",
        },
    ),
    *numbers(
        "customer",
        "accounts",
        "share of what is drawn",
        {"minimum_payment_ratio": "share of the balance that the account's minimum payment asks for"},
    ),
    *numbers(
        "customer",
        "accounts",
        "minor units a month",
        {"minimum_payment_floor_amt": "the least that a minimum payment of the account comes to"},
    ),
    *numbers(
        "customer", "", "minor units", {"repayment_ability_amt": "what the customer could repay within sixty months"}
    ),
    *numbers(
        "customer",
        "accounts",
        "minor units",
        {
            "permanent_limit_amt": "the line that stands until it is changed; cards that share one count once",
            "temporary_limit_amt": "the line in force for the time being; missing where there is none",
            "cash_limit_amt": "the part of the line that may be drawn in cash",
            "instalment_limit_amt": "special lines for instalments beside it",
        },
    ),
    *numbers(
        "customer", "accounts", "days", {"temporary_limit_days": "until the temporary line ends; missing if none"}
    ),
    *numbers(
        "customer",
        "accounts",
        "cards",
        {"line_card_count": "cards that draw on the customer's lines, supplementary ones too"},
    ),
    *numbers("customer", "accounts", "cards", {"card_count": "cards of this bank that are neither closed nor lost"}),
    *numbers("customer", "accounts", "stage, 1 to 3", {"provision_stage": "the worst stage in the bank's books"}),
    *numbers(
        "customer",
        "accounts",
        "days",
        {"limit_review_age_days": "since the limit was last reviewed, or set where it never was"},
    ),
    *numbers(
        "customer",
        "accounts transactions",
        "days",
        {"no_use_days": "since the card's last transaction started by the customer, or its opening"},
    ),
    *numbers(
        "customer",
        "accounts transactions",
        "whole months",
        {"no_use_months": "as no_use_days, in whole months of the calendar"},
    ),
    *numbers(
        "customer",
        "statements",
        "minor units",
        {"card_balance_amt": "balance of the last statement, negative for an overpayment"},
    ),
    *numbers(
        "customer",
        "statements",
        "minor units",
        {"overdue_amt": "minimum payments that were not paid when due, by the last statements"},
    ),
    *numbers(
        "customer",
        "statements",
        "billing cycles",
        {"over_limit_cycles_count": "latest cycles running that ended above the limit"},
    ),
    *numbers(
        "customer",
        "payments transactions",
        "minor units",
        {
            "interest_and_fees_paid_18m_amt": "interest and fees paid on cards within 18 months",
            "principal_paid_18m_amt": "principal repaid on cards within 18 months",
        },
    ),
    *flags(
        "customer",
        "statements",
        {
            "is_late": "a minimum payment is overdue, by however little",
            "is_within_grace": "what is overdue is within the days and the amount of grace",
            "is_in_early_difficulty": "signs of difficulty to come, such as payments that shrink while balances grow",
        },
    ),
    *flags(
        "customer",
        "instalments",
        {
            "is_in_art70_plan": "a personalised repayment plan (Art. 70) is running",
            "is_restructured": "restructured debt is in its observation period",
        },
    ),
    *flags(
        "customer",
        "transactions",
        {
            "is_cash_out_suspected": "signs of cashing out, a carousel, or funds put into loans, investments or homes",
            "is_burst_suspected": "nearly the whole line was bought with within a month, and hardly any before",
        },
    ),
    *flags("customer", "", {"is_willing_to_repay": "the customer said so; missing where nobody asked"}),
    *flags(
        "customer",
        "limit_requests",
        {"has_open_counter_offer": "a counter-offer to the customer's request is neither taken nor refused"},
    ),
)

CREDIT_COLUMNS: tuple[RuleColumn, ...] = (*_INCOME, *_CREDIT_ELSEWHERE, *_CREDIT_HERE)

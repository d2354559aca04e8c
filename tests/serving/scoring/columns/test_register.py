"""No column of the register is forgotten: each has a supplier, or a said reason to be missing in a decision."""

from dataclasses import fields, replace

import numpy as np
import pytest

from features.catalogue import FEATURE_NAMES
from features.online import OnlineRows
from linewise.decisioning.cells import CellPolicy
from linewise.decisioning.columns import RULE_COLUMNS, columns_of
from linewise.decisioning.described import Described
from linewise.decisioning.gates import known_of, limit_columns, offer_columns, plan_columns
from linewise.decisioning.plans import amounts_to_plan
from linewise.decisioning.types import Context, Customers, State
from linewise.ledger.store import Ledger
from serving.scoring.facts import BankFacts
from serving.scoring.grants import grants_at
from serving.scoring.knowing import Knowledge, terms_of
from serving.scoring.promises import Promises, with_promises
from serving.scoring.switches import with_switches
from tests.builders import a_context, a_policy, a_state, some_customers
from tests.serving.scoring.sights import NOW, facts

MISSING_IN_A_DECISION = {
    "is_aml_flagged": "the contract holds no flag of it; the rule reads a missing one as 0",
    "oldest_complaint_days": "of the bank's own check, not of one customer's decision",
    "oldest_withdrawal_days": "of the bank's own check",
    "oldest_refusal_working_days": "of the bank's own check",
    "early_penalty_count": "of the bank's own check",
}


@pytest.fixture
def no_ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    monkeypatch.setattr("serving.scoring.knowing.contacts_of", lambda *_: [])
    return Ledger.__new__(Ledger)


def known(ledger: Ledger, bank: BankFacts, context: Context, **features: float) -> tuple[Customers, State]:
    policy = a_policy()
    knowledge = Knowledge(bank, None, ledger, policy.decision.offers, terms_of(policy), CellPolicy(), 1)
    values = np.array([[features.get(name, np.nan) for name in FEATURE_NAMES]])
    as_of = np.array([np.datetime64(NOW.replace(tzinfo=None), "us")])
    rows = OnlineRows(np.array(["C1"]), np.array([True]), as_of, values)
    return knowledge.of(["C1"], rows, context)


def test_every_column_of_customer_and_bank_has_a_supplier(no_ledger: Ledger):
    customers, state = known(no_ledger, facts(), Context("voice", NOW))
    promises = Promises(NOW, {}, (), grants_at(a_policy().catalogue, "UTC", NOW))
    customers, state = with_promises(with_switches(customers, ()), state, promises, a_policy().decision.offers)
    live = {field.name for field in (*fields(state), *fields(Context))}
    of_cards = {"no_use_days", "no_use_months", "interest_and_fees_paid_18m_amt", "principal_paid_18m_amt"}
    supplied = set(customers.facts) | live | of_cards | {"current_limit_amt"}
    assert columns_of("customer") - supplied == set(MISSING_IN_A_DECISION)
    assert set(customers.facts) <= set(RULE_COLUMNS)


def test_every_column_has_the_type_and_length_that_the_register_names(no_ledger: Ledger):
    customers, _ = known(no_ledger, facts(), Context("voice", NOW))
    for name, values in customers.facts.items():
        assert values.shape == (1,), name
        assert values.dtype.kind == ("O" if RULE_COLUMNS[name].kind == "text" else "f"), name


def test_a_column_of_a_table_that_the_bank_declares_absent_is_missing(no_ledger: Ledger):
    absent = tuple(sorted({table for column in RULE_COLUMNS.values() for table in column.needs}))
    customers, _ = known(no_ledger, facts(absent=absent), Context("voice", NOW))
    for name, values in customers.facts.items():
        if RULE_COLUMNS[name].needs:
            assert values[0] is None or np.isnan(values[0]), name


def test_what_the_features_do_not_know_is_missing_and_not_nought(no_ledger: Ledger):
    customers, _ = known(no_ledger, facts(), Context("voice", NOW))
    for name in ("own_total_cap_amt", "residual_income_amt", "repayment_ability_amt", "has_stable_income"):
        assert np.isnan(customers.facts[name][0]), name


@pytest.mark.parametrize(
    ("features", "column", "expected"),
    [
        ({"income_mean_amt_6m": 1_000_00.0}, "own_total_cap_amt", 12_000_00),
        ({"income_months_count_6m": 3.0}, "has_stable_income", 1),
        ({"income_months_count_6m": 2.0}, "has_stable_income", 0),
        ({"income_months_count_6m": 2.0}, "has_independent_income", 0),
        ({"income_months_count_6m": 6.0}, "has_independent_income", np.nan),
        ({"cash_like_sum_amt_90d": 51.0, "purchase_sum_amt_90d": 100.0, "credit_limit_amt": 100.0},
         "is_cash_out_suspected", 1),
        ({"cash_like_sum_amt_90d": 50.0, "purchase_sum_amt_90d": 100.0, "credit_limit_amt": 90.0},
         "is_cash_out_suspected", 0),
        ({"cash_like_sum_amt_90d": 51.0, "purchase_sum_amt_90d": 100.0, "credit_limit_amt": 0.0},
         "is_cash_out_suspected", 0),
        ({"utilisation_change_ratio_180d": 0.2, "deficit_months_count_6m": 4.0, "minimum_payment_count_365d": 0.0},
         "is_in_early_difficulty", 1),
        ({"utilisation_change_ratio_180d": 0.2, "deficit_months_count_6m": 3.0, "minimum_payment_count_365d": 2.0},
         "is_in_early_difficulty", 0),
    ],
)  # fmt: skip
def test_what_is_made_of_features_has_these_edges(
    no_ledger: Ledger, features: dict[str, float], column: str, expected: float
):
    customers, _ = known(no_ledger, facts(), Context("voice", NOW), **features)
    assert np.array_equal(customers.facts[column], [expected], equal_nan=True)


def test_a_student_has_no_income_of_their_own_whatever_comes_in(no_ledger: Ledger):
    student = facts(customer={"is_student": True})
    customers, _ = known(no_ledger, student, Context("voice", NOW), income_months_count_6m=6.0)
    assert customers.facts["has_independent_income"].tolist() == [0.0]


def test_the_whole_line_counts_of_the_least_raise_or_of_the_lower_limit_that_is_asked_for(no_ledger: Ledger):
    # A higher one is bounded by caps, affordability among them, so that it can be countered by what can be had.
    opened = {"card_role": "principal", "status": "open", "opened_at": NOW, "permanent_limit_amt": 10_000_00}
    formula = {"minimum_payment_ratio": 0.05, "minimum_payment_floor_amt": 10_00, "account_id": "A1"}
    bank = facts(accounts=[opened | formula])
    step_amt = a_policy().decision.limit.step_amt
    asked = Context("voice", NOW, asked_for="limit", asked_amt=30_000_00)
    higher, _ = known(no_ledger, bank, asked)
    assert higher.facts["proposed_limit_amt"].tolist() == [float(step_amt)]
    assert higher.facts["minimum_payment_full_line_amt"].tolist() == [0.05 * step_amt]
    lower, _ = known(no_ledger, bank, replace(asked, asked_amt=300_00))
    assert lower.facts["proposed_limit_amt"].tolist() == [300_00.0]
    proposed, _ = known(no_ledger, bank, replace(asked, asked_for="plan", asked_amt=300_00))
    assert proposed.facts["proposed_limit_amt"].tolist() == [float(step_amt)]


def test_features_are_as_old_as_they_lie_behind_what_is_known(no_ledger: Ledger):
    customers, _ = known(no_ledger, facts(), Context("voice", NOW))
    assert customers.facts["feature_age_days"].tolist() == [0.0]


def test_every_column_of_a_candidate_has_a_supplier():
    customers, policy = some_customers(), a_policy().decision
    state = a_state(customers, policy.offers)
    of_customer = Described(known_of(customers, state, a_context()))
    current, rate = customers.current_limit_amt, np.array([[0.1]])
    a_plan = amounts_to_plan(customers, current, a_context(), policy.plan)
    supplied = {
        "offer": offer_columns(of_customer, state, policy.offers, np.ones(len(customers), dtype=bool)),
        "limit": limit_columns(of_customer, current, policy.limit.step_amt, a_context()),
        "plan": plan_columns(of_customer, a_plan, np.array([12]), rate),
    }
    # Notices of cuts come with the facts of a bank.
    missing = {"offer": set(), "limit": {"cut_notice_working_days"}, "plan": set()}
    for kind, columns in supplied.items():
        own = {name for name in columns_of(kind) if RULE_COLUMNS[name].of in (kind, "action")}
        assert own - set(columns) == missing[kind]

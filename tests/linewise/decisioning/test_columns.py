"""The register of columns: each has one meaning, knows its tables, and is seen where it makes sense."""

import pytest

from features.catalogue import FEATURE_NAMES
from linewise.bank.dictionary import load_dictionary
from linewise.decisioning.columns import RULE_COLUMNS, columns_of
from linewise.decisioning.columns.actions import ACTION_COLUMNS
from linewise.decisioning.columns.customers import CUSTOMER_COLUMNS
from linewise.decisioning.columns.promises import PROMISE_COLUMNS
from linewise.decisioning.columns.scopes import SCOPE_COLUMNS
from linewise.decisioning.columns.switches import SWITCH_COLUMNS


def test_no_name_stands_twice_and_none_is_that_of_a_feature():
    names = [
        column.name
        for column in (*CUSTOMER_COLUMNS, *PROMISE_COLUMNS, *SWITCH_COLUMNS, *ACTION_COLUMNS, *SCOPE_COLUMNS)
    ]
    assert len(names) == len(set(names)) == len(RULE_COLUMNS)
    assert set(names) & set(FEATURE_NAMES) == set()


def test_a_column_needs_tables_of_the_contract():
    tables = set(load_dictionary())
    assert {column.name for column in RULE_COLUMNS.values() if column.needs - tables} == set()


def test_a_number_has_a_unit_and_nothing_else_has():
    assert {column.name for column in RULE_COLUMNS.values() if (column.kind == "number") != bool(column.unit)} == set()


def test_an_amount_a_share_and_days_say_so_in_their_name():
    endings = {"_amt": "minor units", "_ratio": "share", "_days": "days", "_months": "months"}
    for name, column in RULE_COLUMNS.items():
        for ending, unit in endings.items():
            if name.endswith(ending):
                assert unit in column.unit, name


@pytest.mark.parametrize(
    ("kind", "seen", "unseen"),
    [
        ("offer", {"offer_tier", "action_kind", "is_student", "dormant_share_ratio"}, {"plan_amt", "is_price_shown"}),
        ("limit", {"proposed_limit_amt", "action_kind", "own_total_cap_amt"}, {"offer_tier", "plan_amt"}),
        ("plan", {"plan_term_months", "action_kind", "channel"}, {"offer_tier", "limit_kind"}),
        ("campaign", {"objective_metric", "dormant_share_ratio"}, {"is_student"}),
        ("screen", {"shows_annualised_rate"}, {"is_student", "objective_metric"}),
        ("customer", {"is_student", "dormant_share_ratio"}, {"action_kind"}),
    ],
)
def test_a_rule_sees_what_belongs_to_its_rows(kind: str, seen: set[str], unseen: set[str]):
    assert seen <= columns_of(kind)
    assert unseen & columns_of(kind) == set()


def test_another_kind_of_row_is_unknown():
    with pytest.raises(KeyError):
        columns_of("portfolio")

"""The register of the columns that rules may name, beside the features that are allowed for eligibility."""

from collections.abc import Mapping

from linewise.decisioning.columns.actions import ACTION_COLUMNS
from linewise.decisioning.columns.column import RuleColumn
from linewise.decisioning.columns.customers import CUSTOMER_COLUMNS
from linewise.decisioning.columns.promises import PROMISE_COLUMNS
from linewise.decisioning.columns.scopes import SCOPE_COLUMNS
from linewise.decisioning.columns.switches import SWITCH_COLUMNS

__all__ = ["RULE_COLUMNS", "RuleColumn", "columns_of"]

RULE_COLUMNS: Mapping[str, RuleColumn] = {
    column.name: column
    for column in (*CUSTOMER_COLUMNS, *PROMISE_COLUMNS, *SWITCH_COLUMNS, *ACTION_COLUMNS, *SCOPE_COLUMNS)
}

_SEES = {
    "customer": {"customer", "bank"},
    **{kind: {kind, "action", "customer", "bank"} for kind in ("offer", "limit", "plan")},
    **{scope: {scope, "bank"} for scope in ("campaign", "promotion", "screen")},
    "bank": {"bank"},
}


def columns_of(kind: str) -> frozenset[str]:
    """What a rule over that kind of row may name.

    offer, limit, plan: the columns of the candidate, of its customer and of the bank; campaign, promotion,
    screen: their own and the bank's; customer, bank. Raises KeyError for another kind.
    """
    sees = _SEES[kind]
    return frozenset(name for name, column in RULE_COLUMNS.items() if column.of in sees)

"""What rules may name of the bank's kill switches: the kinds of action that somebody has stopped."""

from linewise.decisioning.columns.column import RuleColumn, flags

__all__ = ["SWITCH_COLUMNS"]

_KINDS = ("service", "retention", "promotional", "mandatory", "limit", "plan")

SWITCH_COLUMNS: tuple[RuleColumn, ...] = tuple(
    flags(
        "customer",
        "",
        {f"is_{kind}_stopped": f"actions of the kind {kind} are switched off in every door" for kind in _KINDS},
    )
)

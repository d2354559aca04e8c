"""Credit lines as they stood at a moment, statements against them, changes of limits and requests for credit.

The table of accounts shows a limit as it stands at the end of the extract. What it was at an earlier moment follows
from the changes: the new limit of the last one known by then, else the limit that the first one after it replaced.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ibis

from features.grains.sources import KEYS, Source, Tables, age_days, contract_columns, known
from features.grains.versions import cut, until_later, versions_of

if TYPE_CHECKING:
    from ibis.expr.types import Table, Value

__all__ = ["SOURCES"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LIMIT = (
    "accounts.permanent_limit_amt",
    "accounts.temporary_limit_amt",
    "accounts.temporary_limit_from",
    "accounts.temporary_limit_until",
    "limit_changes.changed_at",
    "limit_changes.new_limit_amt",
    "limit_changes.old_limit_amt",
    "limit_changes.recorded_at",
)
_STATEMENT_COLUMNS = ("balance_amt", "minimum_due_amt", "paid_amt", "days_past_due")
_LINE_COLUMNS = ("permanent_limit_amt", "temporary_limit_amt", "temporary_limit_from", "temporary_limit_until")
_CHANGE_COLUMNS = ("old_limit_amt", "new_limit_amt", "initiated_by")
_REQUEST_COLUMNS = ("kind", "asked_amt", "decision", "initiated_by")


def _statements(tables: Tables) -> "Table":
    a = tables["accounts"].select("account_id", *_LINE_COLUMNS)
    s = versions_of(tables["statements"], "cycle_end_at", "statement_id", "account_id", *_STATEMENT_COLUMNS)
    s = until_later(s, "later_known_at", by=("account_id",), order=("event_at", "statement_id"))
    told = s.left_join(a, "account_id").drop("account_id_right")
    told = told.left_join(_changed_limits(tables), "statement_id").drop("statement_id_right")
    told = told.mutate(
        known_from=told.part_from.fill_null(told.known_from), known_until=told.part_until, moment=told.event_at
    )
    return cut(told.mutate(limit_amt=_limit_amt(told)), "is_last", "later_known_at")


def _changed_limits(tables: Tables) -> "Table":
    """What changes tell of the limit at a statement, from when to when; only of accounts that have any.

    A change from before the statement may become known after it, and tells of its limit from then on.
    """
    s = versions_of(tables["statements"], "cycle_end_at", "statement_id", "account_id")
    changes = tables["limit_changes"].select("account_id", "changed_at", "recorded_at")
    told = s.inner_join(changes, "account_id")
    told = told.select("customer_id", "statement_id", "account_id", "known_from", "changed_at", "recorded_at",
                       moment="event_at")  # fmt: skip
    is_late = (told.changed_at <= told.moment) & (told.recorded_at > told.known_from)
    columns = ("customer_id", "statement_id", "account_id", "moment")
    first = told.select(*columns, as_of="known_from")
    late = told.filter(is_late).select(*columns, as_of="recorded_at")
    parts = _changed(first.union(late, distinct=True), tables)
    each = ibis.window(group_by="statement_id", order_by="as_of")
    return parts.select("statement_id", "changed_amt", part_from="as_of", part_until=parts.as_of.lead().over(each))


def _lines(pairs: "Table", tables: Tables) -> "Table":
    columns = ("account_id", "card_role", "opened_at", "closed_at", "limit_group", *_LINE_COLUMNS)
    a = known(pairs, tables["accounts"], "opened_at", *columns)
    is_open = a.closed_at.isnull() | (a.closed_at > a.as_of)
    # A supplementary card draws on the line of the principal.
    own = a.filter(is_open & a.permanent_limit_amt.notnull() & (a.card_role != "supplementary"))
    by = [*KEYS, "account_id"]
    changed = _changed(own.select(*by, moment=own.as_of), tables)
    lines = own.left_join(changed, by).drop(*(f"{name}_right" for name in by)).mutate(moment=own.as_of)
    lines = lines.mutate(limit_amt=_limit_amt(lines))
    alone = lines.limit_group.isnull().ifelse(lines.account_id, None)
    lines = lines.mutate(age_days=age_days(lines, "opened_at"), alone=alone)
    by = [*KEYS, "limit_group", "alone"]
    return lines.group_by(by).aggregate(limit_amt=lines.limit_amt.max(), age_days=lines.age_days.max())


def _changed(rows: "Table", tables: Tables) -> "Table":
    """The rows of accounts that have changes, with the limit that these tell of as `changed_amt`.

    The limit is that at the row's `moment`, as it was known at its `as_of`.
    """
    changes = tables["limit_changes"].select(
        "account_id", "changed_at", "recorded_at", "change_id", "old_limit_amt", "new_limit_amt"
    )
    told_by = rows.inner_join(changes, "account_id")
    is_known = (told_by.changed_at <= told_by.moment) & (told_by.recorded_at <= told_by.as_of)
    at = told_by.changed_at.delta(ibis.literal(_EPOCH).cast("timestamp('UTC', 6)"), unit="microsecond")
    told_by = told_by.mutate(
        is_known=is_known,
        distance=is_known.ifelse(-at, at),
        changed_amt=is_known.ifelse(told_by.new_limit_amt, told_by.old_limit_amt),
    )
    place = ibis.row_number().over(
        group_by=rows.columns, order_by=[told_by.is_known.desc(), told_by.distance, told_by.change_id]
    )
    return told_by.mutate(place=place).filter(lambda t: t.place == 0).select(*rows.columns, "changed_amt")


def _limit_amt(rows: "Table") -> "Value":
    """The limit at the rows' `moment`; they hold _LINE_COLUMNS of their account and its `changed_amt`."""
    is_temporary = (
        rows.temporary_limit_amt.notnull()
        & (rows.temporary_limit_from <= rows.moment)
        & (rows.temporary_limit_until.isnull() | (rows.temporary_limit_until > rows.moment))
    )
    lasting = ibis.coalesce(rows.changed_amt, rows.permanent_limit_amt)
    return is_temporary.fill_null(False).ifelse(rows.temporary_limit_amt, lasting)


def _changes(tables: Tables) -> "Table":
    c = versions_of(tables["limit_changes"], "changed_at", "change_id", *_CHANGE_COLUMNS)
    c = until_later(c, "later_known_at", by=("customer_id",), order=("event_at", "change_id"))
    return cut(c, "is_last", "later_known_at")


def _requests(tables: Tables) -> "Table":
    r = versions_of(tables["limit_requests"], "requested_at", *_REQUEST_COLUMNS)
    # What is asked for at the very moment is what the decision is about, and no history of it.
    just_after = r.event_at + ibis.interval(microseconds=1)
    return r.mutate(known_from=ibis.greatest(r.known_from, just_after))


def _always(table: str, event_time: str) -> tuple[str, ...]:
    return tuple(f"{table}.{name}" for name in ("customer_id", event_time, "recorded_at"))


SOURCES = (
    Source(
        "statement",
        {
            "age_days": ("int64", ()),
            **contract_columns("statements", *_STATEMENT_COLUMNS),
            "is_last": ("boolean", ("statements.account_id", "statements.statement_id")),
            "limit_amt": ("int64", ("statements.account_id", *_LIMIT)),
        },
        _always("statements", "cycle_end_at"),
        versions=_statements,
    ),
    Source(
        "line",
        {"age_days": ("int64", ()), "limit_amt": ("int64", _LIMIT)},
        (
            *_always("accounts", "opened_at"),
            *(f"accounts.{name}" for name in ("account_id", "card_role", "closed_at", "limit_group")),
        ),
        _lines,
    ),
    Source(
        "limit_change",
        {
            "age_days": ("int64", ()),
            **contract_columns("limit_changes", *_CHANGE_COLUMNS),
            "is_last": ("boolean", ("limit_changes.change_id",)),
        },
        _always("limit_changes", "changed_at"),
        versions=_changes,
    ),
    Source(
        "limit_request",
        {"age_days": ("int64", ()), **contract_columns("limit_requests", *_REQUEST_COLUMNS)},
        _always("limit_requests", "requested_at"),
        versions=_requests,
    ),
)

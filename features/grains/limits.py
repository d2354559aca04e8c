"""Credit lines as they stood at a moment, statements against them, changes of limits and requests for credit.

The table of accounts shows a limit as it stands at the end of the extract. What it was at an earlier moment follows
from the changes: the new limit of the last one known by then, else the limit that the first one after it replaced.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import ibis

from features.grains.sources import KEYS, Source, Tables, age_days, contract_columns, known

if TYPE_CHECKING:
    from ibis.expr.types import Table

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


def _statements(pairs: "Table", tables: Tables) -> "Table":
    a = tables["accounts"].select("account_id", *_LINE_COLUMNS)
    told = _with_next(tables["statements"]).left_join(a, "account_id")
    s = known(
        pairs, told, "cycle_end_at", "account_id", "cycle_end_at", "next_known_at", *_STATEMENT_COLUMNS, *_LINE_COLUMNS
    )
    is_last = s.next_known_at.isnull() | (s.next_known_at > s.as_of)
    with_limit = _with_limit(s.mutate(is_last=is_last, moment=s.cycle_end_at), tables)
    return with_limit.mutate(age_days=age_days(with_limit, "cycle_end_at"))


def _with_next(statements: "Table") -> "Table":
    """The statements with the moment from which on a later one of the same account is known.

    Found once a statement, and not once a statement and observation date.
    """
    s = statements.mutate(known_at=ibis.greatest(statements.cycle_end_at, statements.recorded_at))
    later = ibis.window(group_by="account_id", order_by=[s.cycle_end_at, s.statement_id], rows=(1, None))
    return s.mutate(next_known_at=s.known_at.min().over(later))


def _lines(pairs: "Table", tables: Tables) -> "Table":
    columns = ("account_id", "card_role", "opened_at", "closed_at", "limit_group", *_LINE_COLUMNS)
    a = known(pairs, tables["accounts"], "opened_at", *columns)
    is_open = a.closed_at.isnull() | (a.closed_at > a.as_of)
    # A supplementary card draws on the line of the principal.
    own = a.filter(is_open & a.permanent_limit_amt.notnull() & (a.card_role != "supplementary"))
    lines = _with_limit(own.mutate(moment=own.as_of), tables)
    lines = lines.mutate(age_days=age_days(lines, "opened_at"), line=lines.limit_group.fill_null(lines.account_id))
    return lines.group_by([*KEYS, "line"]).aggregate(limit_amt=lines.limit_amt.max(), age_days=lines.age_days.max())


def _with_limit(rows: "Table", tables: Tables) -> "Table":
    """The rows, which hold _LINE_COLUMNS of their account, with its `limit_amt` at their `moment`.

    As it was known at `as_of`.
    """
    changes = tables["limit_changes"].select(
        "account_id", "changed_at", "recorded_at", "change_id", "old_limit_amt", "new_limit_amt"
    )
    told_by = rows.select(*KEYS, "account_id", "moment").inner_join(changes, "account_id")
    is_known = (told_by.changed_at <= told_by.moment) & (told_by.recorded_at <= told_by.as_of)
    at = told_by.changed_at.delta(ibis.literal(_EPOCH).cast("timestamp('UTC', 6)"), unit="microsecond")
    told_by = told_by.mutate(
        is_known=is_known,
        distance=is_known.ifelse(-at, at),
        changed_amt=is_known.ifelse(told_by.new_limit_amt, told_by.old_limit_amt),
    )
    place = ibis.row_number().over(
        group_by=[*KEYS, told_by.account_id, told_by.moment],
        order_by=[told_by.is_known.desc(), told_by.distance, told_by.change_id],
    )
    nearest = told_by.mutate(place=place).filter(lambda t: t.place == 0)
    nearest = nearest.select(*KEYS, "account_id", "moment", "changed_amt")
    by = [*KEYS, "account_id", "moment"]
    joined = rows.left_join(nearest, by).drop(*(f"{name}_right" for name in by))
    is_temporary = (
        joined.temporary_limit_amt.notnull()
        & (joined.temporary_limit_from <= joined.moment)
        & (joined.temporary_limit_until.isnull() | (joined.temporary_limit_until > joined.moment))
    )
    lasting = ibis.coalesce(joined.changed_amt, joined.permanent_limit_amt)
    return joined.mutate(limit_amt=is_temporary.fill_null(False).ifelse(joined.temporary_limit_amt, lasting))


def _changes(pairs: "Table", tables: Tables) -> "Table":
    c = known(pairs, tables["limit_changes"], "changed_at", "change_id", "changed_at", *_CHANGE_COLUMNS)
    place = ibis.row_number().over(group_by=KEYS, order_by=[c.changed_at.desc(), c.change_id.desc()])
    return c.mutate(age_days=age_days(c, "changed_at"), is_last=place == 0)


def _requests(pairs: "Table", tables: Tables) -> "Table":
    told = known(pairs, tables["limit_requests"], "requested_at", "requested_at", *_REQUEST_COLUMNS)
    # What is asked for at the very moment is what the decision is about, and no history of it.
    r = told.filter(told.requested_at < told.as_of)
    return r.mutate(age_days=age_days(r, "requested_at"))


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
        _statements,
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
        _changes,
    ),
    Source(
        "limit_request",
        {"age_days": ("int64", ()), **contract_columns("limit_requests", *_REQUEST_COLUMNS)},
        _always("limit_requests", "requested_at"),
        _requests,
    ),
)

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


def _statements(tables: Tables) -> "Table":
    a = tables["accounts"].select("account_id", *_LINE_COLUMNS)
    s = versions_of(tables["statements"], "cycle_end_at", "statement_id", "account_id", *_STATEMENT_COLUMNS)
    s = until_later(s, "later_known_at", by=("account_id",), order=("event_at", "statement_id"))
    told = _cut_by_changes(s, tables).left_join(a, "account_id").drop("account_id_right")
    # A version's limit is the one that was known when it began.
    with_limit = _with_limit(told.mutate(as_of=told.known_from, moment=told.event_at), tables)
    return cut(with_limit.drop("as_of"), "is_last", "later_known_at")


def _cut_by_changes(statements: "Table", tables: Tables) -> "Table":
    """The versions of statements, cut where a change before the statement became known that was not until then."""
    s, changes = statements, tables["limit_changes"]
    late = s.inner_join(
        changes,
        [s.account_id == changes.account_id, changes.changed_at <= s.event_at, changes.recorded_at > s.known_from],
    )
    late = late.select(s.statement_id, late_from=changes.recorded_at).distinct()
    first = late.group_by("statement_id").aggregate(late_from=late.late_from.min())
    before = s.left_join(first, "statement_id").drop("statement_id_right")
    before = before.mutate(known_until=before.late_from).drop("late_from")
    each = ibis.window(group_by="statement_id", order_by="late_from")
    late = late.mutate(late_until=late.late_from.lead().over(each))
    after = s.inner_join(late, "statement_id")
    after = after.mutate(known_from=after.late_from, known_until=after.late_until).select(before.columns)
    return before.union(after)


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

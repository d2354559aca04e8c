"""The checks of each row, made from the data dictionary: one rule per promise that a column makes."""

import zoneinfo
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.numbers import list_currencies

from linewise.bank.database import literal, moment_literal, name_quoted
from linewise.bank.dictionary import Column, Table, Unit
from linewise.bank.rates import RATE_FACT_PREFIX, KnownRates

__all__ = ["Rule", "rules_of"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A promise of the dictionary and the SQL that finds the rows which break it.

    `is_bad` is true for a bad row and false or NULL for a good one. `refuses` tells that a single bad
    row refuses the whole table, where a bad row is otherwise put aside alone.
    """

    rule_id: str
    table: str
    column: str
    reason: str
    is_bad: str
    refuses: bool = False


def rules_of(
    table: Table,
    columns: Sequence[Column],
    *,
    until: datetime,
    delivered: Collection[str],
    rates: KnownRates | None = None,
    floating: Collection[str] = (),
) -> tuple[Rule, ...]:
    """All rules of one table.

    `until` is the moment after which nothing can have happened yet; `delivered` are the tables that the
    bank has, since a reference into a table that it has not cannot be followed; `rates` are its exchange
    rates, without which no currency is asked for its rate and no fact whether it is a rate; `floating` are the
    columns of integers that were delivered as floating-point numbers.
    """
    promised = [rule for column in columns for rule in _rules(table, column, until, delivered, floating)]
    if rates is not None:
        promised += _rate(table, rates)
    return (*promised, _duplicate(table, columns))


def _rules(
    table: Table, column: Column, until: datetime, delivered: Collection[str], floating: Collection[str]
) -> Iterator[Rule]:
    name = name_quoted(column.name)

    def rule(kind: str, what: str, is_bad: str, *, refuses: bool = False) -> Rule:
        rule_id = f"{table.name}.{column.name}.{kind}"
        return Rule(rule_id, table.name, column.name, f"{column.name} {what}", is_bad, refuses)

    if not column.is_nullable:
        is_key = not table.is_event and column.name in table.key
        yield rule("missing", "is missing", f"{name} IS NULL", refuses=is_key)
        if column.type == "string":
            yield rule("blank", "is blank", f"trim({name}) = ''", refuses=is_key)
    if column.type in ("float", "ratio"):
        yield rule("number", "is not a number", f"NOT isfinite({name})")
    if column.name in floating:
        is_broken = f"NOT isfinite({name}) OR {name} <> trunc({name}) OR abs({name}) > {_LAST_WHOLE}"
        yield rule("number", "is not a whole number", is_broken)
    if column.minimum is not None:
        yield rule("minimum", f"is below {column.minimum}", f"{name} < {column.minimum}")
    if column.maximum is not None:
        # Infinity and NaN, greater than every number here, have a rule of their own.
        is_finite = "" if column.type == "integer" and column.name not in floating else f"isfinite({name}) AND "
        yield rule("maximum", f"is above {column.maximum}", f"{is_finite}{name} > {column.maximum}")
    if column.values is not None:
        allowed = ", ".join(map(literal, column.values))
        yield rule("values", f"is none of {', '.join(column.values)}", f"{name} NOT IN ({allowed})")
    if column.unit in _FORMS:
        what, is_bad = _FORMS[column.unit]
        yield rule("form", what, is_bad.format(name=name))
    if column.refers_to is not None and column.refers_to in delivered:
        known = f"SELECT {name} FROM {name_quoted(column.refers_to)}"
        yield rule("reference", f"is not in {column.refers_to}", f"{name} NOT IN ({known})")
    if column.not_before is not None:
        yield rule("order", f"lies before {column.not_before}", f"{name} < {name_quoted(column.not_before)}")
    if column.type in ("timestamp", "date") and not column.is_future_allowed:
        end = moment_literal(until) if column.type == "timestamp" else f"DATE '{until:%Y-%m-%d}'"
        yield rule("future", "lies after the end of the data", f"{name} > {end}")


def _rate(table: Table, rates: KnownRates) -> Iterator[Rule]:
    if table.name == "bank_facts":
        yield from _rate_facts(table, rates.home_currency)
    names = [column.name for column in table.columns]
    if table.is_event and "currency" in names and "recorded_at" in names:
        # A word that is no currency, and a row that was recorded at no moment, have a rule of their own.
        foreign = ", ".join(literal(code) for code in sorted(list_currencies()) if code != rates.home_currency)
        since = " ".join(
            f"WHEN {literal(code)} THEN recorded_at < {moment_literal(moment)}"
            for code, moment in sorted(rates.since.items())
        )
        is_too_early = f"CASE currency {since} ELSE true END" if since else "true"
        reason = "currency has no exchange rate that was known when the row was recorded"
        is_bad = f"currency IN ({foreign}) AND {is_too_early}"
        yield Rule(f"{table.name}.currency.rate", table.name, "currency", reason, is_bad)


def _rate_facts(table: Table, home_currency: str) -> Iterator[Rule]:
    """A wrong rate spoils every amount of its currency: it refuses the bank, where another fact is put aside."""
    is_rate = f"starts_with(lower(fact), {literal(RATE_FACT_PREFIX)})"
    codes = ", ".join(literal(RATE_FACT_PREFIX + code.lower()) for code in sorted(list_currencies()))
    home = literal(RATE_FACT_PREFIX + home_currency.lower())
    for column, kind, what, is_bad in (
        ("fact", "rate_code", "ends in no currency of ISO 4217 in lower-case letters", f"fact NOT IN ({codes})"),
        ("fact", "rate_home", "is the rate of the bank's own currency", f"fact = {home}"),
        ("value", "rate_value", "is an exchange rate and not above 0", "value <= 0 OR NOT isfinite(value)"),
    ):
        rule_id = f"{table.name}.{column}.{kind}"
        yield Rule(rule_id, table.name, column, f"{column} {what}", f"{is_rate} AND ({is_bad})", refuses=True)


def _duplicate(table: Table, columns: Sequence[Column]) -> Rule:
    # The row that the bank recorded first stays: a later twin must not change what was known by then.
    key = ", ".join(map(name_quoted, table.key))
    names = [column.name for column in columns]
    first = sorted(names, key=lambda name: (name != "recorded_at", names.index(name)))
    order = ", ".join(map(name_quoted, first))
    return Rule(
        f"{table.name}.{'+'.join(table.key)}.duplicate",
        table.name,
        "+".join(table.key),
        f"{' and '.join(table.key)} occurs more than once",
        f"row_number() OVER (PARTITION BY {key} ORDER BY {order}) > 1",
        refuses=not table.is_event,
    )


# Beyond it not every whole number is a floating-point number, so that a value may be another one's neighbour.
_LAST_WHOLE = 2**53


def _none_of(values: Collection[str]) -> str:
    return "{name} NOT IN (" + ", ".join(map(literal, sorted(values))) + ")"


_FORMS: dict[Unit | None, tuple[str, str]] = {
    "iso_4217": ("is not a currency of ISO 4217", _none_of(list_currencies())),
    "iso_3166": (
        "is not a country code of two capital letters",
        "NOT regexp_full_match({name}, '[A-Z][A-Z]')",
    ),
    "iso_18245": ("is not four digits", "NOT regexp_full_match({name}, '[0-9][0-9][0-9][0-9]')"),
    "iana_time_zone": ("is not a time zone of the IANA list", _none_of(zoneinfo.available_timezones())),
    "bcp_47": ("is not a language tag", "NOT regexp_full_match({name}, '[A-Za-z]+(-[A-Za-z0-9]+)*')"),
}

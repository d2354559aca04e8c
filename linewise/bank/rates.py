"""Exchange rates, which a bank delivers among its facts, and money of other currencies in the bank's own.

The fact `exchange_rate_usd` is what one US dollar costs, both in major units: 7.12 in a bank that keeps its
books in yuan. A row of money is converted by the rate that was the latest when the row was recorded, and by
that one for ever: a rate that comes later, or is corrected later, changes no row that is there already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as kinds
from numpy.typing import NDArray

from linewise.bank.tables import Bank
from linewise.core.errors import DataCheckFailed
from linewise.core.money import minor_units

__all__ = [
    "RATES_SCHEMA",
    "RATE_FACT_PREFIX",
    "KnownRates",
    "bank_rates",
    "converted_amt",
    "in_home_currency",
    "known_rates",
    "rates_of",
]

RATE_FACT_PREFIX = "exchange_rate_"
"""How the name of a fact begins that is an exchange rate; the code of ISO 4217 follows in lower-case letters."""

RATES_SCHEMA = pa.schema(
    [
        ("currency", pa.string()),
        ("as_of", pa.timestamp("us", tz="UTC")),
        ("recorded_at", pa.timestamp("us", tz="UTC")),
        ("rate", pa.float64()),
    ]
)
"""Rates by currency, as_of and recorded_at: `rate` major units of the bank's currency for one of `currency`."""

Values: TypeAlias = pa.Array | pa.ChunkedArray
Ints = NDArray[np.int64]

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class KnownRates:
    """The bank's own currency, and from when on it knew a rate for each of the others that it ever knew one for."""

    home_currency: str
    since: Mapping[str, datetime] = field(default_factory=dict)


def rates_of(facts: pa.Table) -> pa.Table:
    """The exchange rates (RATES_SCHEMA, in its order) among facts that have passed the door."""
    names = facts["fact"].cast(pa.string())
    is_rate = pc.starts_with(names, RATE_FACT_PREFIX)
    rows, names = facts.filter(is_rate), names.filter(is_rate)
    columns = {
        "currency": pc.utf8_upper(pc.utf8_slice_codeunits(names, len(RATE_FACT_PREFIX))),
        "as_of": rows["as_of"],
        "recorded_at": rows["recorded_at"],
        "rate": rows["value"],
    }
    order = [(name, "ascending") for name in RATES_SCHEMA.names]
    return pa.table(columns).cast(RATES_SCHEMA).sort_by(order).combine_chunks()


def bank_rates(bank: Bank) -> pa.Table:
    """The exchange rates (RATES_SCHEMA) of the loaded bank; no rows where it delivers none."""
    return rates_of(bank.read("bank_facts", ["fact", "value", "as_of", "recorded_at"]))


def known_rates(rates: pa.Table, home_currency: str) -> KnownRates:
    """From when on each currency of the rates could be converted: from the later of a rate's two times on."""
    is_late = pc.greater(rates["recorded_at"], rates["as_of"])
    moments = pc.if_else(is_late, rates["recorded_at"], rates["as_of"])
    first = (
        pa.table({"currency": rates["currency"], "since": moments}).group_by("currency").aggregate([("since", "min")])
    )
    return KnownRates(
        home_currency, dict(zip(first["currency"].to_pylist(), first["since_min"].to_pylist(), strict=True))
    )


def converted_amt(amounts: Values, currencies: Values, moments: Values, rates: pa.Table, home_currency: str) -> Values:
    """The amounts (n,) in minor units of the bank's currency, where each is in minor units of its own currency.

    `moments` (n,) are when the rows were recorded. Of the rates (RATES_SCHEMA, sorted as `rates_of` has them)
    that one counts whose as_of and recorded_at both lie no later than the row's moment, of these the one with
    the latest as_of, and of these the one recorded last. A rate is taken as the decimal number in which it is
    written (7.1 is 71/10, though no binary fraction is), each currency has its own decimals (JPY 0, CNY 2,
    KWD 3), and the exact product is rounded once, halves away from zero, so that what goes out and
    comes back again stays equal. A missing amount stays missing. Where nothing is foreign the very array comes back.

    Raises DataCheckFailed where a currency has no such rate or a product does not fit into 64 bits. The door
    puts rows of the first kind aside.

    >>> rates = rates_of(pa.table({"fact": ["exchange_rate_jpy"], "value": [0.0505], "as_of": [0], "recorded_at": [0]}))
    >>> converted_amt(pa.array([100, 100]), pa.array(["CNY", "JPY"]), pa.array([0, 0]), rates, "CNY").to_pylist()
    [100, 505]
    """
    places = _foreign_places(currencies, home_currency)
    if not len(places):
        return amounts
    return _Products.of(places, currencies, moments, rates, home_currency).of_amounts(amounts)


def in_home_currency(
    transactions: pa.Table,
    rates: pa.Table,
    home_currency: str,
    columns: Sequence[str] = ("billing_amt", "balance_amt"),
) -> pa.Table:
    """The rows with these columns converted as by `converted_amt` and `currency` the bank's own.

    `transactions` may be any rows with `currency` and `recorded_at`; text may be dictionary-encoded and stays so.
    The very table comes back where nothing is foreign.
    """
    currencies = transactions["currency"]
    places = _foreign_places(currencies, home_currency)
    if not len(places):
        return transactions
    products = _Products.of(places, currencies, transactions["recorded_at"], rates, home_currency)
    changed: dict[str, Values] = {name: products.of_amounts(transactions[name]) for name in columns}
    changed["currency"] = _repeated(home_currency, len(currencies), currencies.type)
    for name, values in changed.items():
        at = transactions.column_names.index(name)
        transactions = transactions.set_column(at, transactions.schema.field(at), values)
    return transactions


@dataclass(frozen=True, slots=True)
class _Products:
    """Of the foreign rows at `places` (n_places,) the factor: numerators / denominators at `step` (n_places,)."""

    places: Ints
    step: Ints
    factors: Sequence[Fraction]

    @classmethod
    def of(cls, places: Ints, currencies: Values, moments: Values, rates: pa.Table, home_currency: str) -> "_Products":
        rows = pa.array(places)
        named = _as_array(currencies.take(rows).cast(pa.string())).dictionary_encode()
        moments_us = _as_us(moments.take(rows))
        which, step = np.asarray(named.indices), np.empty(len(places), dtype=np.int64)
        factors: list[Fraction] = []
        for number, currency in enumerate(named.dictionary.to_pylist()):
            its = rates.filter(pc.equal(rates["currency"], currency))
            known_us, best = _steps(its)
            mine = np.flatnonzero(which == number)
            at = np.searchsorted(known_us, moments_us[mine], side="right") - 1
            if unknown := int((at < 0).sum()):
                raise DataCheckFailed(
                    f"{unknown:,} rows are in {currency} and recorded before any exchange rate of it was known.",
                    f"A fact {RATE_FACT_PREFIX}{currency.lower()} no later than each of them was expected.",
                    "Import the bank again: the door puts such rows aside.",
                )
            step[mine] = best[at] + len(factors)
            shift = Fraction(10) ** (minor_units(home_currency) - minor_units(currency))
            factors += [Fraction(repr(rate)) * shift for rate in its["rate"].to_pylist()]
        return cls(places, step, factors)

    def of_amounts(self, amounts: Values) -> Values:
        values = np.asarray(pc.fill_null(amounts, 0), dtype=np.int64).copy()
        values[self.places] = self._rounded(values[self.places])
        made = pa.array(values, mask=np.asarray(amounts.is_null(), dtype=np.bool_))
        return pa.chunked_array([made]) if isinstance(amounts, pa.ChunkedArray) else made

    def _rounded(self, amounts: Ints) -> Ints:
        """Of each amount the product with its factor, halves away from zero."""
        # Whole 64-bit numbers are exact as long as no intermediate one is too large; the few others, of a rate
        # with very many digits or an amount beyond all means, take Python's numbers, a hundred times slower.
        safe = [_largest_exact(factor) for factor in self.factors]
        limit = np.array([max(most, 0) for most in safe], dtype=np.int64)[self.step]
        is_exact = (amounts <= limit) & (amounts >= -limit)
        is_small = [most >= 0 for most in safe]
        numerators = np.array([f.numerator if ok else 0 for f, ok in zip(self.factors, is_small, strict=True)])
        denominators = np.array([f.denominator if ok else 1 for f, ok in zip(self.factors, is_small, strict=True)])
        over, under = numerators[self.step], denominators[self.step]
        size = np.abs(np.where(is_exact, amounts, 0))
        rounded = np.sign(amounts) * ((2 * size * over + under) // (2 * under))
        for at in np.flatnonzero(~is_exact):
            rounded[at] = _rounded_exactly(int(amounts[at]), self.factors[self.step[at]])
        return np.asarray(rounded, dtype=np.int64)


def _largest_exact(factor: Fraction) -> int:
    """The largest amount whose product is found in 64 bits; -1 where the factor itself is too large for them."""
    if 2 * factor.denominator > _LARGEST or 2 * factor.numerator > _LARGEST:
        return -1
    return (_LARGEST - factor.denominator) // (2 * factor.numerator)


def _rounded_exactly(amount: int, factor: Fraction) -> int:
    size = (2 * abs(amount) * factor.numerator + factor.denominator) // (2 * factor.denominator)
    if size > _LARGEST:
        raise DataCheckFailed(
            f"The amount {amount:,} times its exchange rate is too large for the bank's books.",
            f"At most {_LARGEST:,} minor units were expected.",
            "Mend the amount or the rate in the extract, and import again.",
        )
    return size if amount >= 0 else -size


def _steps(its: pa.Table) -> tuple[Ints, Ints]:
    """From when on, in microseconds and ascending, which rate of a currency counts: its place (n_rates,) each."""
    # Sorted by as_of and recorded_at, the one further down counts of any two that are known.
    known_us = np.maximum(_as_us(its["as_of"]), _as_us(its["recorded_at"]))
    order = np.argsort(known_us, kind="stable")
    return known_us[order], np.maximum.accumulate(order)


def _foreign_places(currencies: Values, home_currency: str) -> Ints:
    """Where (n_foreign,) another currency than the bank's own stands."""
    if not kinds.is_dictionary(currencies.type):
        return np.flatnonzero(np.asarray(pc.not_equal(currencies, home_currency), dtype=np.bool_))
    places, start = [np.zeros(0, dtype=np.int64)], 0
    # A word is compared once, however many rows have it.
    for chunk in currencies.chunks if isinstance(currencies, pa.ChunkedArray) else [currencies]:
        is_foreign = np.array([word != home_currency for word in chunk.dictionary.to_pylist()], dtype=np.bool_)
        if is_foreign.any():
            places.append(start + np.flatnonzero(is_foreign[np.asarray(chunk.indices)]))
        start += len(chunk)
    return np.concatenate(places)


def _repeated(word: str, count: int, kind: pa.DataType) -> pa.Array:
    if not kinds.is_dictionary(kind):
        return pa.repeat(pa.scalar(word, kind), count)
    indices = pa.array(np.zeros(count, dtype=np.int8)).cast(kind.index_type)
    return pa.DictionaryArray.from_arrays(indices, pa.array([word], kind.value_type), ordered=kind.ordered)


def _as_array(values: Values) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _as_us(moments: Values) -> Ints:
    return np.asarray(moments.cast(RATES_SCHEMA.field("as_of").type).cast(pa.int64()), dtype=np.int64)

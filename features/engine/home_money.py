"""The money of a contract table in the bank's own currency, whichever currency an account is kept in."""

import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.dictionary import load_dictionary
from linewise.bank.rates import in_home_currency, known_rates

__all__ = ["has_money", "money_at_home"]


def has_money(name: str) -> bool:
    """Whether rows of the contract table hold amounts in a currency that they name."""
    return "currency" in load_dictionary()[name].arrow_schema.names and bool(_amounts(name))


def money_at_home(name: str, table: pa.Table, currency: str, rates: pa.Table) -> pa.Table:
    """The rows with every amount in minor units of the bank's currency, by the rate known when a row was recorded.

    An account is no event, and the door lets it in before its currency has a rate: its amounts count by the first
    rate that is known, and are missing where none ever is.
    """
    amounts = [column for column in _amounts(name) if column in table.column_names]
    is_at_home = pc.all(pc.equal(table["currency"], currency)).as_py()
    if is_at_home or load_dictionary()[name].is_event:
        return in_home_currency(table, rates, currency, amounts)
    since, codes = known_rates(rates, currency).since, table["currency"].to_pylist()
    is_unknown = pa.array([code != currency and code not in since for code in codes], pa.bool_())
    first = pa.array([since.get(code) for code in codes], table["recorded_at"].type)
    changed = {name: pc.if_else(is_unknown, None, table[name]) for name in amounts}
    changed["currency"] = pc.if_else(is_unknown, currency, table["currency"])
    recorded_at = table["recorded_at"]
    is_before = pc.fill_null(pc.less(recorded_at, first), False)
    made = _with(table, {**changed, "recorded_at": pc.if_else(is_before, first, recorded_at)})
    return _with(in_home_currency(made, rates, currency, amounts), {"recorded_at": recorded_at})


def _with(table: pa.Table, columns: dict[str, pa.ChunkedArray]) -> pa.Table:
    for name, values in columns.items():
        place = table.column_names.index(name)
        table = table.set_column(place, table.schema.field(place), values)
    return table


def _amounts(name: str) -> list[str]:
    return [column.name for column in load_dictionary()[name].columns if column.unit == "minor_units"]

"""A bank's tables with dirty records mixed in: what the door must put aside, and what it must let in."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.bank.dictionary import Table, load_dictionary
from linewise.bank.rules import Rule
from linewise.simulation.chance import Chance, Floats, Ints
from linewise.simulation.dirt.faults import HIGHEST_SIZE, broken, kind_of, promises_broken
from linewise.simulation.dirt.labels import LABEL_SCHEMA, labelled
from linewise.simulation.dirt.odd import odd_rows, silent_labels
from linewise.simulation.dirt.owned import OwnedRows, as_delivered
from linewise.simulation.dirt.surroundings import Surroundings, floating_of
from linewise.simulation.dirt.valid import corrections, with_late_rows

__all__ = ["soiled"]

# As the sieve joins the reasons of one row.
_SEPARATOR = "; "


def soiled(
    tables: Mapping[str, pa.Table], chance: Chance, bank: Surroundings, *, share_ratio: float = 0.006
) -> tuple[dict[str, pa.Table], pa.Table]:
    """The tables with dirty records mixed in, and their labels (LABEL_SCHEMA, one row a record).

    `tables` are those of all customers of a bank or of any part of them, in the contract's columns; text
    may be dictionary-encoded, and stays so. Only events of customers are soiled, and customers without any
    transaction are labelled. Bad rows are copies of good ones with one promise of the dictionary broken, and
    are added at the end of their table; a good row changes in nothing but `recorded_at`, where it comes late,
    and in that some amounts (FLOATING) become floating-point numbers.

    Whether and how a row is soiled depends on the seed, its customer and its place among the customer's
    rows alone. `share_ratio` is the expected share of bad rows in each table, given evenly to the kinds of
    rules that the table has, and within a kind to its rules. A kind is missing from a table with
    probability exp(-share_ratio * rows / kinds): 0.4% at 10,000 rows and eleven kinds. The default leaves
    four standard deviations below the 1% that the door tolerates from 4,000 rows a table on; a bank with
    a shorter table may be refused there.
    """
    given, labels = dict(tables), [LABEL_SCHEMA.empty_table()]
    for table in load_dictionary().values():
        if table.is_event and "customer_id" in table.arrow_schema.names and table.name in tables:
            late, late_labels = with_late_rows(OwnedRows.of(table, tables[table.name], chance), until=bank.until)
            added = [*_bad_rows(late, share_ratio, bank)]
            if table.name == "transactions":
                added += [*corrections(late), *odd_rows(late, bank)]
            schema = _with_floats(late.rows.schema, table)
            delivered = [late.rows, *(rows for rows, _ in added)]
            given[table.name] = pa.concat_tables([as_delivered(rows, schema) for rows in delivered])
            labels += [late_labels, *(told for _, told in added)]
    if "customers" in tables and "transactions" in tables:
        people = OwnedRows.of(load_dictionary()["customers"], tables["customers"], chance)
        labels.append(silent_labels(people, tables["transactions"]))
    return given, pa.concat_tables(labels)


def _bad_rows(owned: OwnedRows, share_ratio: float, bank: Surroundings) -> Iterator[tuple[pa.Table, pa.Table]]:
    """For each rule the rows to add that break it, with their labels."""
    table, rules = owned.table, bank.rules(owned.table)
    draw = owned.uniform("bad")
    places = np.flatnonzero(draw < share_ratio)
    size = owned.between(1, HIGHEST_SIZE, "size", places)
    which = _shared_out(draw[places] / share_ratio, rules)
    copies = owned.copies(places)
    copies = copies.cast(_with_floats(copies.schema, table))
    for number, rule in enumerate(rules):
        chosen = np.flatnonzero(which == number)
        if len(chosen):
            good = _under_a_new_key(table, copies.take(pa.array(chosen)), kind_of(rule))
            bad = broken(rule, table, good, size[chosen], until=bank.until)
            yield bad, labelled(table, bad, rule.rule_id, _reasons(rule, rules, table, bad), is_bad=True)


def _with_floats(schema: pa.Schema, table: Table) -> pa.Schema:
    for name in floating_of(table):
        at = schema.get_field_index(name)
        schema = schema.set(at, schema.field(at).with_type(pa.float64()))
    return schema


def _shared_out(draw: Floats, rules: Sequence[Rule]) -> Ints:
    """Which rule falls to each draw in (0, 1): kinds have equal parts, and the rules of a kind in theirs."""
    kinds = list(dict.fromkeys(map(kind_of, rules)))
    of_kind = [[number for number, rule in enumerate(rules) if kind_of(rule) == kind] for kind in kinds]
    ends = np.concatenate([(at + np.arange(1, len(its) + 1) / len(its)) / len(kinds) for at, its in enumerate(of_kind)])
    return np.concatenate(of_kind)[np.searchsorted(ends[:-1], draw)]


def _under_a_new_key(table: Table, rows: pa.Table, kind: str) -> pa.Table:
    if kind == "duplicate":
        return rows
    at = rows.column_names.index(table.key[0])
    return rows.set_column(at, rows.schema.field(at), pc.binary_join_element_wise(rows[table.key[0]], "D", ""))


def _reasons(rule: Rule, rules: Sequence[Rule], table: Table, bad: pa.Table) -> pa.Array:
    """All that the door tells of each row (n_rows,), in the order of the rules."""
    is_broken = dict(promises_broken(rule, table, bad))
    told = [
        pc.if_else(is_broken[each.rule_id], each.reason, pa.scalar(None, pa.string()))
        for each in rules
        if each.rule_id in is_broken
    ]
    return pc.binary_join_element_wise(*told, _SEPARATOR, null_handling="skip")

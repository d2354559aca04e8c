"""All parts of a bank looked at together: what each table holds, or why the bank is refused."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from linewise.bank.dictionary import Table, arrow_schema, load_dictionary, required_names
from linewise.bank.manifest import BankLabel, PartFacts, TableFacts, table_hash
from linewise.bank.part_files import part_path, write_part_file
from linewise.bank.parts import TablePart
from linewise.bank.problems import FIRST_ROWS, Problem, refuse
from linewise.bank.twins import find_twins
from linewise.core.files import sha256_of

__all__ = ["QUARANTINE_LIMIT_RATIO", "facts_of", "refuse_bad_parts"]

QUARANTINE_LIMIT_RATIO = 0.01
"""Above this share of bad rows it is the extract that is wrong, not a row here and there."""


def refuse_bad_parts(folder: Path, parts: Mapping[int, Mapping[str, TablePart]], *, may_hold_twins: bool) -> None:
    """Raise DataCheckFailed where the parts, by number, are no bank when taken together.

    A table that must hold rows holds none, a row breaks a rule that refuses, more than 1% of a table's rows
    are bad, the customers of a part do not come after those of the part before or, unless `may_hold_twins`
    is False, a key stands in two parts.
    """
    dictionary = load_dictionary().values()
    given = {table.name: [parts[number][table.name] for number in sorted(parts)] for table in dictionary}
    if empty := [
        table for table in dictionary if table.is_required and not any(p.given_rows for p in given[table.name])
    ]:
        refuse([Problem(t.name, t.key[0], "the table is empty, and a bank has customers", 0) for t in empty])
    problems: list[Problem] = []
    for table in dictionary:
        problems += _refusals(table, given[table.name])
        if may_hold_twins and (twins := _twins(folder, table, given[table.name])):
            problems.append(twins)
    problems += _out_of_order(parts)
    if problems:
        refuse(problems)


def facts_of(
    folder: Path, table: Table, parts: Sequence[TablePart], label: BankLabel, *, is_absent: bool
) -> TableFacts:
    """What the manifest says of a table; where no part holds a row of it, one without rows is written."""
    written = [part.facts for part in parts if part.facts]
    if not written:
        path = part_path(folder, table.name, 0)
        columns = table.columns + label.extra_columns.get(table.name, ())
        write_part_file(arrow_schema(columns).empty_table(), path, table, required=required_names(columns))
        written = [PartFacts(number=0, rows=0, sha256=sha256_of(path))]
    filled = frozenset[str]().union(*(part.filled_columns for part in parts))
    names = [column.name for column in (*table.columns, *label.extra_columns.get(table.name, ()))]
    reasons = sorted({reason for part in parts for reason in part.reasons})
    return TableFacts(
        rows=sum(part.rows for part in written),
        is_absent=is_absent,
        quarantined_rows=sum(part.bad_rows for part in parts),
        quarantine_reasons={reason: sum(part.reasons.get(reason, 0) for part in parts) for reason in reasons},
        filled_columns=tuple(name for name in names if name in filled),
        parts=tuple(written),
        sha256=table_hash(written),
    )


def _refusals(table: Table, parts: Sequence[TablePart]) -> list[Problem]:
    found = [(rule.refuses, problem) for part in parts for rule, problem in part.found]
    rows, bad = sum(part.given_rows for part in parts), sum(part.bad_rows for part in parts)
    if rows and bad / rows > QUARANTINE_LIMIT_RATIO:
        share = f"{bad:,} of {rows:,} rows are bad, more than the 1% that is put aside"
        shown = [row for part in parts for row in part.shown][:FIRST_ROWS]
        return [Problem(table.name, "*", share, bad, shown), *_summed([problem for _, problem in found])]
    return _summed([problem for refuses, problem in found if refuses])


def _summed(problems: Collection[Problem]) -> list[Problem]:
    """Problems of the same kind, found in several parts, as one."""
    kinds: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault((problem.column, problem.what), []).append(problem)
    return [
        Problem(
            alike[0].table,
            column,
            what,
            sum(problem.count for problem in alike),
            [row for problem in alike for row in problem.first_rows][:FIRST_ROWS],
        )
        for (column, what), alike in kinds.items()
    ]


def _twins(folder: Path, table: Table, parts: Sequence[TablePart]) -> Problem | None:
    written = [part.facts for part in parts if part.facts]
    files = [part_path(folder, table.name, facts.number) for facts in written]
    return find_twins(table, files, sum(facts.rows for facts in written))


def _out_of_order(parts: Mapping[int, Mapping[str, TablePart]]) -> list[Problem]:
    ends = [(number, parts[number]["customers"].customers) for number in sorted(parts)]
    known = [(number, *end) for number, end in ends if end]
    return [
        Problem(
            "customers",
            "customer_id",
            f"part {number} begins with {first!r}, which does not come after {last!r}, the last of part {before}",
            1,
        )
        for (before, _, last), (number, first, _) in pairwise(known)
        if first <= last
    ]

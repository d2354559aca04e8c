"""A bank that is being written: its parts come in any order and from any thread, and are judged at the end."""

import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from linewise.bank.conforming import conform
from linewise.bank.dictionary import load_dictionary
from linewise.bank.judging import facts_of, refuse_bad_parts
from linewise.bank.manifest import BankLabel, BankManifest, contract_hash, data_hash
from linewise.bank.part_files import LAST_PART, part_path
from linewise.bank.parts import Part, TablePart
from linewise.bank.problems import refuse
from linewise.bank.rate_facts import rates_in
from linewise.bank.rates import RATES_SCHEMA, rates_of
from linewise.core.errors import MappingInvalid, UsageError

__all__ = ["BankDraft"]


class BankDraft:
    """The parts written so far below a folder; every table is delivered that is not declared absent.

    `rate_facts` are rows of bank_facts with all the bank's exchange rates; without them a part is judged by
    those among its own facts. Raises DataCheckFailed where one of them cannot be a rate.
    """

    def __init__(
        self, folder: Path, label: BankLabel, declared_absent: Collection[str], rate_facts: pa.Table | None = None
    ) -> None:
        self._folder, self._label, self._absent = folder, label, frozenset(declared_absent)
        self._rates = None if rate_facts is None else _rates_given(rate_facts, label)
        self._parts: dict[int, Mapping[str, TablePart] | None] = {}
        self._untrusted: set[int] = set()
        self._lock = threading.Lock()

    def write_part(
        self,
        index: int,
        tables: Mapping[str, pa.Table],
        *,
        is_trusted: bool = False,
        advance: Callable[[int], None] = lambda steps: None,
    ) -> None:
        """Write some of the bank's customers with all rows of theirs, as the part of that number.

        `tables` has the columns of the contract and those the bank adds, all of them; a table of which the
        part has no rows may be left out. The parts' numbers follow the customers: the ids of a part come
        after all those of a part with a smaller number. References are followed within the part. The
        calls may come in any order and at once from several threads, and give the same bytes.

        `is_trusted` is for rows made by Linewise itself, whose tests ask every rule of them: they must lie
        by customer, event time and key already, only their columns and types are looked at, and texts may
        be dictionary-encoded, one dictionary a table. `advance` is called once a table.

        Raises UsageError for a number that is taken or none from 0 to 99,999, MappingInvalid for a table
        that is unknown or declared absent, DataCheckFailed where columns are missing or of a wrong type.
        """
        self._refuse_tables(tables)
        self._take(index, is_trusted=is_trusted)
        delivered = [name for name in load_dictionary() if name not in self._absent]
        part = Part(self._folder, index, self._label, delivered, self._rates)
        written = part.write_trusted(tables, advance) if is_trusted else part.write(tables, advance)
        self._parts[index] = {name: written.get(name, TablePart(0)) for name in load_dictionary()}

    def manifest(self) -> BankManifest:
        """What the written parts are together, which ends the writing.

        Raises DataCheckFailed where they are no bank, and UsageError where a part was begun and not ended, or
        was judged by other exchange rates than the bank's.
        """
        whole = {number: part for number, part in sorted(self._parts.items()) if part is not None}
        if broken := sorted(set(self._parts) - set(whole)):
            raise UsageError(
                f"Part {broken[0]} was begun and not written to its end.", "All parts whole were expected."
            )
        refuse_bad_parts(self._folder, whole, may_hold_twins=bool(self._untrusted))
        self._refuse_other_rates(whole)
        facts = {
            name: facts_of(
                self._folder,
                table,
                [part[name] for part in whole.values()],
                self._label,
                is_absent=name in self._absent,
            )
            for name, table in load_dictionary().items()
        }
        return BankManifest(
            **dict(self._label), tables=facts, contract_hash=contract_hash(), data_hash=data_hash(facts)
        )

    def _refuse_tables(self, tables: Mapping[str, pa.Table]) -> None:
        delivered = [name for name in load_dictionary() if name not in self._absent]
        if strange := sorted(set(tables) - set(delivered)):
            raise MappingInvalid(
                f"No contract table that this bank delivers is called {', '.join(strange)}.",
                f"There are: {', '.join(delivered)}.",
            )

    def _refuse_other_rates(self, whole: Mapping[int, Mapping[str, TablePart]]) -> None:
        of_part = {number: self._rates_written(part["bank_facts"], number) for number, part in whole.items()}
        order = [(name, "ascending") for name in RATES_SCHEMA.names]
        bank = pa.concat_tables(of_part.values()).sort_by(order)
        for number in sorted(self._untrusted):
            judged_by = of_part[number] if self._rates is None else self._rates
            if not judged_by.equals(bank):
                raise UsageError(
                    f"Part {number} was judged by {judged_by.num_rows:,} exchange rates, "
                    f"and the bank's facts hold {bank.num_rows:,}, not all the same.",
                    "One set of rates for all parts was expected.",
                    "Give bank_in_parts all of the bank's exchange rates as rate_facts, and write the same facts.",
                )

    def _rates_written(self, part: TablePart, number: int) -> pa.Table:
        if part.facts is None:
            return RATES_SCHEMA.empty_table()
        return rates_of(pq.read_table(part_path(self._folder, "bank_facts", number)))

    def _take(self, index: int, *, is_trusted: bool) -> None:
        if not 0 <= index <= LAST_PART:
            raise UsageError(f"A part cannot have the number {index}.", f"One from 0 to {LAST_PART:,} was expected.")
        with self._lock:
            if index in self._parts:
                raise UsageError(f"Part {index} was written before.", "One call a part was expected.")
            self._parts[index] = None
            if not is_trusted:
                self._untrusted.add(index)


def _rates_given(rate_facts: pa.Table, label: BankLabel) -> pa.Table:
    table = load_dictionary()["bank_facts"]
    given, problems = conform(table, table.columns, rate_facts)
    rates, refusing = rates_in(given, label)
    if problems or refusing:
        refuse([*problems, *refusing])
    return rates

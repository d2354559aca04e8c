"""A simulated bank written into a home: customers by the ten thousand, each lot lived, laid out and written."""

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

import numpy as np
import pyarrow as pa

from linewise.bank.draft import BankDraft
from linewise.bank.rates import rates_of
from linewise.bank.tables import Bank
from linewise.bank.writing import bank_in_parts
from linewise.core.errors import Conflict, UsageError
from linewise.core.home import Home
from linewise.simulation.chance import Ints
from linewise.simulation.dirt import Surroundings, second_currency_rates, soiled
from linewise.simulation.labels import TruthLabels
from linewise.simulation.lives.living import live
from linewise.simulation.tables import EXTRA_COLUMNS, BankCounts, bank_fact_table, contract_tables, count_bank
from linewise.simulation.tables.chunk import Chunk
from linewise.simulation.world import World

__all__ = ["CUSTOMERS_A_PART", "DIRTY_CUSTOMER_MONTHS", "simulate_bank"]

CUSTOMERS_A_PART = 10_000
"""Fixed, so that a part has the same bytes whatever the size of the bank or the number of workers."""

DIRTY_CUSTOMER_MONTHS = 400_000
"""Of a dirty bank at least: then its shortest table, the limit changes, has some 4,000 rows, and the bad ones among
them stay four standard deviations below what the door takes. In a shorter one chance alone may pass it."""


def simulate_bank(
    home: Home,
    world: World,
    *,
    overwrite: bool = False,
    workers: int = 2,
    advance: Callable[[int], None] = lambda customers: None,
) -> Bank:
    """Write the bank of this world into the home; the same world gives the same bytes.

    `workers` threads live and write parts at once, each with a part in memory. `advance` is called with
    the customers of each part that is written. The labels of what only the judge may know lie apart (labels.py).
    Raises Conflict where a bank stands already and `overwrite` is not given, and UsageError for a dirty bank
    of fewer than DIRTY_CUSTOMER_MONTHS; StorageFull leaves nothing.
    """
    _refuse_small_dirty(world)
    if home.bank_dir.exists() and not overwrite:
        raise Conflict(
            f"A bank stands in {home.root} already.",
            "A home without a bank was expected.",
            "Give --overwrite to replace it, or choose another home with --home.",
        )
    calendar = world.calendar
    rate_facts = _rate_facts(world)
    # The labels take their name after the bank has taken its own: one that is refused leaves the former labels.
    with (
        TruthLabels(home, world) as labels,
        bank_in_parts(
            home,
            world.bank_name,
            clock="data_end",
            currency=calendar.currency,
            time_zone=calendar.time_zone,
            data_until=calendar.data_until,
            imported_at=calendar.data_until,
            extra_columns=EXTRA_COLUMNS,
            rate_facts=rate_facts,
        ) as draft,
    ):
        work = _Work(world, draft, labels, advance, rates_of(rate_facts))
        starts = range(1, world.customer_count + 1, CUSTOMERS_A_PART)
        if workers == 1 or len(starts) == 1:
            for index, start in enumerate(starts):
                work.write(index, start)
        else:
            _in_threads(work, starts, workers)
        facts = bank_fact_table(world, sum(work.counts.values(), BankCounts()))
        # By time: the rates are those of months gone by, all other figures of the end of the data.
        every_fact = pa.concat_tables([rate_facts, facts.cast(rate_facts.schema)])
        draft.write_part(len(starts), {"bank_facts": every_fact}, is_trusted=True)
    return Bank(home)


def _refuse_small_dirty(world: World) -> None:
    if world.name != "dirty" or world.customer_count * world.month_count >= DIRTY_CUSTOMER_MONTHS:
        return
    least = -(-DIRTY_CUSTOMER_MONTHS // world.month_count)
    raise UsageError(
        f"A dirty bank of {world.customer_count:,} customers over {world.month_count} months is too small: in its "
        "short tables more rows may be bad than the door takes.",
        f"{least:,} customers or more were expected over {world.month_count} months.",
        f"Run: linewise bank simulate --world dirty --customers {least} --months {world.month_count}",
    )


def _rate_facts(world: World) -> pa.Table:
    """The exchange rates as facts of the bank; no rows but in a dirty one, whose cards bill in two currencies."""
    calendar = world.calendar
    first = datetime.combine(calendar.month_begin(0), time(), UTC)
    facts = second_currency_rates(calendar.currency, world.chance, first, calendar.data_until)
    return facts if world.name == "dirty" else facts.slice(0, 0)


@dataclass
class _Work:
    world: World
    draft: BankDraft
    labels: TruthLabels
    advance: Callable[[int], None]
    rates: pa.Table
    counts: dict[int, BankCounts] = field(default_factory=dict)

    def write(self, index: int, start: int) -> None:
        """Live, lay out and write the customers from this number on."""
        numbers = np.arange(start, min(start + CUSTOMERS_A_PART, self.world.customer_count + 1))
        tables, dirt = self._tables(index, numbers)
        is_trusted = self.world.name != "dirty"
        self.draft.write_part(index, tables, is_trusted=is_trusted)
        self.labels.write_dirt(index, dirt)
        self.advance(len(numbers))

    def _tables(self, index: int, numbers: Ints) -> tuple[Mapping[str, pa.Table], pa.Table | None]:
        lives = live(self.world, numbers)
        self.labels.write_people(index, lives)
        chunk = Chunk(self.world, lives)
        self.counts[index] = count_bank(chunk)
        tables = contract_tables(chunk)
        if self.world.name == "dirty":
            calendar = self.world.calendar
            bank = Surroundings(calendar.data_until, calendar.time_zone, calendar.currency, self.rates)
            return soiled(tables, self.world.chance, bank)
        return tables, None


def _in_threads(work: _Work, starts: range, workers: int) -> None:
    with ThreadPoolExecutor(workers) as pool:
        tasks = [pool.submit(work.write, index, start) for index, start in enumerate(starts)]
        try:
            done, _ = wait(tasks, return_when=FIRST_EXCEPTION)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
        if any(task.exception() for task in done):
            pool.shutdown(wait=True, cancel_futures=True)
        for task in tasks:
            if not task.cancelled():
                task.result()

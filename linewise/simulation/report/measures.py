"""Which measures there are, by the names under which targets ask for them, and how a world is measured."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from linewise.simulation.chance import Ints
from linewise.simulation.report import answers, arrears, naive, past, spending, use
from linewise.simulation.report.sample import lived
from linewise.simulation.report.sums import Sums
from linewise.simulation.world import World

__all__ = ["CUSTOMERS_AT_ONCE", "MEASURES", "measured"]

CUSTOMERS_AT_ONCE = 2_000
"""Lived at a time by each worker: some 100 MB with their postings over two years."""

MEASURES: Mapping[str, Callable[..., float]] = {
    measure.__name__: measure
    for measure in (
        answers.borrowed_by_band,
        answers.borrowed_of_limit,
        answers.path_share,
        arrears.account_roll,
        arrears.balance_roll,
        arrears.default_ratio,
        arrears.later_balance_roll,
        arrears.overdue_stock,
        arrears.written_off_a_year,
        past.job_loss_rate,
        past.raised_a_quarter,
        past.sleeping_dog_share,
        past.take_up,
        spending.festive_multiple,
        spending.payday_share,
        spending.weekend_multiple,
        use.inactive_share,
        use.line_mean_amt,
        use.line_use,
        use.season_ratio,
        use.type_kept,
        use.type_share,
        use.utilisation_quantile,
    )
}
"""Functions of (totals, world) and of what a target's `of` gives."""


def measured(world: World, *, workers: int = 1, advance: Callable[[int], None] | None = None) -> Sums:
    """The sums of all customers of the world, in memory that does not grow with their number.

    advance is told how many customers were done. The sums do not depend on the number of workers.
    """
    sums = Sums()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        try:
            # Added in the order of the customers, so that rounding is the same for any number of workers.
            for count, part in pool.map(lambda numbers: (len(numbers), _sums_of(world, numbers)), _lots(world)):
                sums.merge(part)
                if advance is not None:
                    advance(count)
        finally:
            # Whoever interrupts does not wait for the lots that no worker has begun.
            pool.shutdown(cancel_futures=True)
    return sums


def _lots(world: World) -> Iterator[Ints]:
    for first in range(1, world.customer_count + 1, CUSTOMERS_AT_ONCE):
        yield np.arange(first, min(first + CUSTOMERS_AT_ONCE, world.customer_count + 1))


def _sums_of(world: World, numbers: Ints) -> Sums:
    sample, sums = lived(world, numbers), Sums()
    for room in (arrears, use, spending, past, answers, naive):
        room.collect(sample, sums)
    return sums

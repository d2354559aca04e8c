"""The customers of a bank as their postings are asked for."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from linewise.bank.tables import Bank
from linewise.core.moments import NEVER


def people_of(bank: Bank, some: slice = slice(None)) -> tuple[pa.Array, NDArray[np.int64]]:
    """Ids of some of the bank's customers, by place in their order, and up to when each is observed."""
    people = bank.read("customers", ["customer_id", "observed_until"]).sort_by("customer_id").combine_chunks()
    until = pc.fill_null(people["observed_until"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()), NEVER)
    start, end, _ = some.indices(people.num_rows)
    return people["customer_id"].chunk(0).slice(start, end - start), np.asarray(until, dtype=np.int64)[some]

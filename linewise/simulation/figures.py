"""The tables beside the customers' own: figures of the bank as a whole, and what only the fairness judge reads."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from linewise.simulation.chance import Chance
from linewise.simulation.columns import coded, contract_table, customer_ids
from linewise.simulation.days import DATA_UNTIL_US
from linewise.simulation.people import People

__all__ = ["bank_fact_table", "protected_attribute_table"]


def bank_fact_table(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Card counts of the bank at the data end."""
    facts = {
        "customers_count": len(tables["customers"]),
        "cards_count": len(tables["holdings"]),
        "dormant_card_ratio": _dormant_ratio(tables),
    }
    return contract_table(
        "bank_facts",
        len(facts),
        fact=pa.array(facts),
        value=np.array(list(facts.values()), dtype=np.float64),
        as_of=DATA_UNTIL_US,
        recorded_at=DATA_UNTIL_US,
    )


def _dormant_ratio(tables: Mapping[str, pa.Table]) -> float:
    """The share of cards on which nothing was ever bought; young banks have no longer silence to measure."""
    held = tables["holdings"]["customer_id"]
    bought = tables["transactions"].filter(pc.is_null(tables["transactions"]["balance_amt"]))
    used = pc.is_in(held, value_set=pc.unique(bought["customer_id"]))
    return 1 - (pc.sum(used).as_py() or 0) / max(len(held), 1)


def protected_attribute_table(people: People, chance: Chance) -> pa.Table:
    """The customers' sex, drawn apart from everything else: nothing in this bank depends on it."""
    return contract_table(
        "protected_attributes",
        len(people),
        customer_id=customer_ids(people.number),
        attribute="sex",
        value=coded(chance.between(0, 1, "sex", people.number), ("female", "male")),
    )

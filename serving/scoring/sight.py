"""What may be seen of the customers of a chunk: each table's rows that were known at the customer's moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from linewise.core.moments import microseconds
from linewise.decisioning.types import Ints
from serving.scoring.facts import BankFacts
from serving.scoring.keyed import Rows

__all__ = ["Sight", "in_force", "sight_of"]


@dataclass(frozen=True, slots=True)
class Sight:
    """The customers of a chunk and up to when they are seen.

    places (n_customers,) in the bank's order; at (n_customers,) microseconds: the bank's present moment or
    the end of what the extract knows of the customer; now: the bank's present moment.
    """

    facts: BankFacts
    places: Ints
    at: Ints
    now: datetime
    _seen: dict[str, Rows] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def now_us(self) -> int:
        """The bank's present moment, microseconds."""
        return microseconds(self.now)

    def has(self, *tables: str) -> bool:
        """Whether the bank delivers all these tables."""
        return self.facts.absent.isdisjoint(tables)

    def rows(self, table: str) -> Rows:
        """The rows that had happened and stood in the books at each customer's moment."""
        seen = self._seen.get(table)
        if seen is None:
            seen = self._seen[table] = self.facts.tables[table].rows_of(self.places).known(self.at)
        return seen

    def customers(self) -> Rows:
        """The one row of each customer."""
        return self.facts.tables["customers"].rows_of(self.places)


def sight_of(facts: BankFacts, customer_ids: Sequence[str], now: datetime) -> Sight:
    """The sight on these customers at the bank's present moment; raises KeyError for one that is unknown."""
    places = facts.roster.places_of(customer_ids)
    return Sight(facts, places, facts.roster.moments(places, now), now)


def in_force(rows: Rows, at: Ints, until: str = "closed_at") -> Rows:
    """The rows that are not over at each customer's moment, (n_customers,); an end that is missing is no end."""
    return rows.only(rows[until] > at[rows.owner])

"""Rows of customers looked up by their ids: of one on a call by a statement spelled once, of many in few statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Select, bindparam

from linewise.ledger.prepared import Spelled

__all__ = ["LOOKUP_CHUNK", "LookUp"]

LOOKUP_CHUNK = 500
"""SQLite bounds the number of values in one statement."""

MOST_A_CUSTOMER = 4
"""Rows that a look over a range may find for each customer asked for before it is given up."""


class LookUp:
    """A query for the rows of some customers, `column` holding their ids; other values are parameters of the query.

    A frame of a base asks for neighbours: one look from its first id to its last finds them, where hundreds of values
    in a statement take longer to spell than to find. Where many others stand between them they are asked for by id.
    """

    def __init__(self, query: Select[Any], column: Column[Any]) -> None:
        self._of_one = Spelled(query.where(column == bindparam("only_id")))
        self._by_id = query.where(column.in_(bindparam("ids", expanding=True)))
        within = query.where(column.between(bindparam("first_id"), bindparam("last_id")))
        self._between = within.limit(bindparam("most"))
        self._name = column.name

    def rows(self, connection: Connection, ids: Sequence[str], **values: Any) -> list[Any]:
        """Their rows in the query's order, in pieces each of which is in that order where they are many."""
        if len(ids) == 1:
            return self._of_one.rows(connection, values | {"only_id": ids[0]})
        # Ids are in the order of their characters in SQLite alone.
        if len(ids) > LOOKUP_CHUNK and connection.dialect.name == "sqlite":
            most = MOST_A_CUSTOMER * len(ids)
            ends = {"first_id": min(ids), "last_id": max(ids), "most": most + 1}
            found = connection.execute(self._between, values | ends).all()
            if len(found) <= most:
                wanted = set(ids)
                return [row for row in found if row._mapping[self._name] in wanted]
        return [
            row
            for start in range(0, len(ids), LOOKUP_CHUNK)
            for row in connection.execute(self._by_id, values | {"ids": list(ids[start : start + LOOKUP_CHUNK])})
        ]

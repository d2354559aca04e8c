"""Whether the data reach as far as the labels: a window that no table covers would say that nothing happened."""

from datetime import UTC, datetime

import numpy as np

from linewise.bank.dictionary import load_dictionary
from linewise.bank.tables import Bank
from linewise.core.errors import DataCheckFailed
from training.labels import Labels
from training.querying import paths_of, query
from training.specs import ModelSpec

__all__ = ["enforce_ripe"]

SLACK_DAYS = 62
"""Two cycles: a statement of the last one may be on its way."""

SILENCES = 10
"""Times the mean distance between a table's rows: of a rare thing none may have happened for so long."""


def enforce_ripe(spec: ModelSpec, labels: Labels, bank: Bank) -> None:
    """Refuse labels whose window ends after the tables that they are read from (DataCheckFailed)."""
    if not len(labels.y):
        return
    ends = _moment(labels.known_at.max())
    for table in spec.tables:
        if "recorded_at" not in {column.name for column in load_dictionary()[table].columns}:
            continue
        found = query(
            """
            select count(*) as rows, max(recorded_at) as last,
                   epoch(max(recorded_at) - min(recorded_at)) / 86400 as days
            from read_parquet($files)
            """,
            {},
            {"files": paths_of(bank, table)},
        ).to_pylist()[0]
        if not found["rows"]:
            continue
        slack_days = max(SLACK_DAYS, SILENCES * found["days"] / found["rows"])
        late_days = (ends - found["last"]).total_seconds() / 86_400
        if late_days > slack_days:
            raise DataCheckFailed(
                f"The model {spec.name!r} cannot be trained: its labels are read up to {ends:%Y-%m-%d}, and the table "
                f"{table!r} ends on {found['last']:%Y-%m-%d}.",
                "Tables that cover every label's window were expected: after their end it would look as if nothing had "
                "happened. The champion, if there is one, stays as it is.",
                "Import newer tables, or give the day on which they end with --now",
            )


def _moment(value: np.datetime64) -> datetime:
    return datetime.fromisoformat(str(value.astype("datetime64[s]"))).replace(tzinfo=UTC)

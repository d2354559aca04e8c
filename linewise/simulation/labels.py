"""The part of the truth that is written beside the bank: who is cunning, which records are dirty.

It lies in a folder of its own that no setting, feature or model names; only the judge opens it. All else of
the truth needs no file: it follows from the world's settings (truth.py).
"""

from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from linewise.bank.tables import open_bank
from linewise.core.errors import NotReady
from linewise.core.files import folder_written_whole
from linewise.core.home import Home
from linewise.simulation.dirt import LABEL_SCHEMA
from linewise.simulation.lives.record import CUNNING, Lives
from linewise.simulation.world import World, world_of

__all__ = ["TruthLabels", "dirt_labels", "people_labels", "truth_dir", "world_in"]

_WORLD = "world.json"
_PEOPLE, _DIRT = "people", "dirt"
_SIMULATE = "Run: linewise bank simulate --overwrite"
_PEOPLE_SCHEMA = pa.schema([("customer_id", pa.string()), ("cunning", pa.string()), ("turns_in_month", pa.int32())])


def truth_dir(home: Home) -> Path:
    """The folder of the labels."""
    return home.data_dir / "truth"


class TruthLabels:
    """The labels of a bank that is being written; they take their name when all parts are."""

    def __init__(self, home: Home, world: World) -> None:
        self._whole = folder_written_whole(truth_dir(home))
        self._world = world

    def __enter__(self) -> Self:
        self._folder = self._whole.__enter__()
        for name, schema in ((_PEOPLE, _PEOPLE_SCHEMA), (_DIRT, LABEL_SCHEMA)):
            (self._folder / name).mkdir()
            pq.write_table(schema.empty_table(), self._folder / name / "none.parquet")
        (self._folder / _WORLD).write_text(self._world.model_dump_json(indent=2) + "\n", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._whole.__exit__(kind, err, trace)

    def write_people(self, index: int, lives: Lives) -> None:
        """Label the cunning of a part."""
        who = lives.people[lives.people["cunning"] > 0]
        rows = {
            "customer_id": [f"C{number:08d}" for number in who["number"].tolist()],
            "cunning": [CUNNING[code] for code in who["cunning"].tolist()],
            "turns_in_month": who["cunning_month"].tolist(),
        }
        pq.write_table(pa.table(rows, schema=_PEOPLE_SCHEMA), self._folder / _PEOPLE / f"part-{index:05d}.parquet")

    def write_dirt(self, index: int, labels: pa.Table | None) -> None:
        """Label the dirty records of a part."""
        if labels is not None:
            pq.write_table(labels, self._folder / _DIRT / f"part-{index:05d}.parquet")


def people_labels(home: Home) -> pa.Table:
    """customer_id, cunning (cash_out_ring, bust_out, takeover) and the month of the data in which it turns.

    Raises as `world_in`.
    """
    return _labels(home, _PEOPLE)


def dirt_labels(home: Home) -> pa.Table:
    """The dirty records: table, key, rule_id, reason, is_bad. Raises as `world_in`."""
    return _labels(home, _DIRT)


def world_in(home: Home) -> World:
    """The world of the simulated bank in this home.

    Raises NotReady where there are no labels, or those of another bank than the one that stands.
    """
    path = truth_dir(home) / _WORLD
    if not path.is_file():
        raise NotReady(f"No simulated bank stands in {home.root}.", "Its labels were expected.", _SIMULATE)
    world = world_of(**World.model_validate_json(path.read_text(encoding="utf-8")).model_dump())
    standing = open_bank(home).manifest.name
    if standing != world.bank_name:
        # An import, or a kill between the two renames that end a simulation.
        raise NotReady(
            f"The bank in {home.root} is {standing}, and the labels beside it are of {world.bank_name}.",
            "Labels of the bank that stands were expected.",
            _SIMULATE,
        )
    return world


def _labels(home: Home, name: str) -> pa.Table:
    world_in(home)
    return pq.read_table(truth_dir(home) / name)

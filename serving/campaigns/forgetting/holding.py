"""Which files of campaigns hold rows of a customer: plans, exports, and what models learn from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow.compute as pc
import pyarrow.parquet as pq

from linewise.core.home import CAMPAIGN_OUTCOMES, CAMPAIGN_SHOWINGS, Home
from linewise.ledger.keys import KeyStore
from serving.campaigns.exporting.claiming import pseudonym_of
from serving.campaigns.plan.files import exports_dir, list_path

__all__ = ["Holding", "holdings_of"]


Kind = Literal["plan", "lift", "export", "draft"]


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of a customer in one file; an export's file has a twin in CSV with the same rows.

    A draft is the folder of an export that was interrupted; what is in it is not read, and its row_count is 0.
    """

    campaign_id: str
    kind: Kind
    path: Path
    row_count: int


def holdings_of(home: Home, keys: KeyStore, customer_id: str) -> list[Holding]:
    """Every file below the campaigns of a home in which the customer has rows, by id or by the campaign's own name.

    Drafts are among them whoever is in them.
    """
    if not home.campaigns_dir.is_dir():
        return []
    campaigns = sorted(path.name for path in home.campaigns_dir.iterdir() if path.is_dir())
    return [one for campaign_id in campaigns for one in _held(home, keys, campaign_id, customer_id)]


def _held(home: Home, keys: KeyStore, campaign_id: str, customer_id: str) -> Iterator[Holding]:
    named = {"customer_id": customer_id, "customer_key": pseudonym_of(keys, campaign_id, customer_id)}
    for kind, path in _files(home, campaign_id):
        if count := _row_count(path, named):
            yield Holding(campaign_id, kind, path, count)
    for path in sorted(exports_dir(home, campaign_id).glob(".*")):
        yield Holding(campaign_id, "draft", path, 0)


def _files(home: Home, campaign_id: str) -> Iterator[tuple[Kind, Path]]:
    lift = home.lift_dir(campaign_id)
    ours: list[tuple[Kind, Path]] = [
        ("plan", list_path(home, campaign_id)), ("lift", lift / CAMPAIGN_SHOWINGS), ("lift", lift / CAMPAIGN_OUTCOMES),
    ]  # fmt: skip
    yield from (one for one in ours if one[1].is_file())
    for folder in sorted(exports_dir(home, campaign_id).glob("[!.]*")):
        yield from (("export", path) for path in sorted(folder.glob("*/*.parquet")))


def _row_count(path: Path, named: dict[str, str]) -> int:
    with pq.ParquetFile(path) as file:
        there = [name for name in named if name in file.schema_arrow.names]
        return sum(
            pc.sum(pc.equal(batch[name], named[name])).as_py() or 0
            for batch in file.iter_batches(columns=there)
            for name in there
        )

"""A customer erased from the record and from our own files of campaigns; files that were sent are named."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copy2

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from linewise.core.errors import NotFound
from linewise.core.files import folder_written_whole, sha256_of, written_whole
from linewise.core.home import Home
from linewise.ledger.erasing import Erasure, erase_customer
from linewise.ledger.keys import KeyStore
from linewise.ledger.store import Ledger
from serving.campaigns.exporting.one_at_a_time import one_at_a_time
from serving.campaigns.forgetting.holding import Holding, holdings_of
from serving.campaigns.plan.erased import ERASED, Erasures
from serving.campaigns.plan.files import Plan, exports_dir, plan_dir, read_plan

__all__ = ["ErasedEverywhere", "erase_everywhere"]

BLANK = ("contact_ref", "consent_ref")
"""What leads to the customer in the bank's tables and in a gateway's vault."""


@dataclass(frozen=True, slots=True)
class ErasedEverywhere:
    """erasure: of the record; rewritten: our own files, which name the customer no more; kept: those that may still."""

    erasure: Erasure
    rewritten: Sequence[Holding]
    kept: Sequence[Holding]


def erase_everywhere(
    home: Home, ledger: Ledger, customer_id: str, reason: str, by: str, at: datetime
) -> ErasedEverywhere:
    """Erase the customer from the record, then from the lists of plans and from what models learn of campaigns.

    Files of exports stay as they are: they are what was sent, and the record holds their hashes. Raises what
    `erase_customer` raises, NotFound only where none of our own files holds the customer either, with the exports that
    still do; Conflict where a campaign is being exported, and PlanDamaged where a list is not the one that was planned,
    in both cases before anything is erased. Interrupted between the files, the same call erases the rest.
    """
    found = holdings_of(home, ledger.keys, customer_id)
    ours = [one for one in found if one.kind in {"plan", "lift"}]
    with ExitStack() as held:
        for campaign_id in sorted({one.campaign_id for one in ours}):
            held.enter_context(one_at_a_time(exports_dir(home, campaign_id), campaign_id))
        for campaign_id in (one.campaign_id for one in ours if one.kind == "plan"):
            read_plan(home, campaign_id).enforce_erased_by(ledger.keys)
        try:
            erasure = erase_customer(ledger, customer_id, reason, by, at, is_known=bool(ours))
        except NotFound as err:
            sent = [str(one.path) for one in found if one.kind == "export"]
            if not sent:
                raise
            raise NotFound(
                f"The record and our own files hold nothing of a customer {customer_id!r}; what was sent still does: "
                f"{', '.join(sent)}.",
                "Nothing is left to erase here. Delete those files where no duty to keep them stands any more.",
            ) from err
        for one in ours:
            if one.kind == "plan":
                _rewrite_plan(home, ledger.keys, one.campaign_id, customer_id, erasure.customer_ref)
            else:
                _rewrite_lift(one.path, customer_id, erasure.customer_ref)
    return ErasedEverywhere(erasure, ours, [one for one in found if one not in ours])


def _rewrite_plan(home: Home, keys: KeyStore, campaign_id: str, customer_id: str, customer_ref: str) -> None:
    plan = read_plan(home, campaign_id)
    folder = plan_dir(home, campaign_id)
    former = () if plan.erasures is None else plan.erasures.customer_refs
    with folder_written_whole(folder) as draft:
        for path in folder.iterdir():
            if path != plan.list_path:
                copy2(path, draft / path.name)
        written = draft / plan.list_path.name
        with pq.ParquetFile(plan.list_path) as file:
            schema = file.schema_arrow
        with pq.ParquetWriter(written, schema, compression="zstd") as writer:
            for batch in _in_place_of(plan, customer_id, customer_ref):
                writer.write_batch(batch)
        said = Erasures(plan.plan_sha256, sha256_of(written), (*former, customer_ref)).signed(keys)
        (draft / ERASED).write_text(said.as_json(), encoding="utf-8")


def _rewrite_lift(path: Path, customer_id: str, customer_ref: str) -> None:
    with (
        pq.ParquetFile(path) as file,
        written_whole(path) as draft,
        pq.ParquetWriter(draft, file.schema_arrow, compression="zstd") as writer,
    ):
        for batch in file.iter_batches():
            writer.write_batch(_renamed(batch, customer_id, customer_ref))


def _in_place_of(plan: Plan, customer_id: str, customer_ref: str) -> Iterator[pa.RecordBatch]:
    """The list with the customer's row under the reference, and so in another place: it is in order of customer_id."""
    waiting = next(
        batch.filter(is_theirs)
        for batch in plan.batches()
        if pc.any(is_theirs := pc.equal(batch["customer_id"], customer_id)).as_py()
    )
    waiting = _blanked(_renamed(waiting, customer_id, customer_ref))
    for batch in plan.batches():
        others = batch.filter(pc.not_equal(batch["customer_id"], customer_id))
        before = pc.sum(pc.less(others["customer_id"], customer_ref)).as_py() or 0
        if waiting is not None and before < len(others):
            yield others.slice(0, before)
            yield waiting
            others, waiting = others.slice(before), None
        yield others
    if waiting is not None:
        yield waiting


def _renamed(batch: pa.RecordBatch, customer_id: str, customer_ref: str) -> pa.RecordBatch:
    names = batch["customer_id"]
    return _with(batch, "customer_id", pc.if_else(pc.equal(names, customer_id), customer_ref, names))


def _blanked(batch: pa.RecordBatch) -> pa.RecordBatch:
    for name in BLANK:
        batch = _with(batch, name, pa.nulls(len(batch), pa.string()))
    return batch


def _with(batch: pa.RecordBatch, name: str, values: pa.Array) -> pa.RecordBatch:
    place = batch.schema.get_field_index(name)
    columns = batch.columns
    columns[place] = values.cast(batch.schema.field(place).type)
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)

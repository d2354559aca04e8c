"""Verifying the record: the chain walked, its seals compared inside and outside, every payload digested."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, func, select, type_coerce

from linewise.ledger.chain import decision_body, event_body, genesis
from linewise.ledger.checkpoints import read_outside
from linewise.ledger.decision_tables import checkpoints, decisions, record_customers, record_events, segments
from linewise.ledger.findings import Finding, FindingKind, VerifyReport
from linewise.ledger.payload import fits
from linewise.ledger.seals import Seals
from linewise.ledger.store import Ledger
from linewise.ledger.walking import Walk

__all__ = ["record_size", "verify_record"]

CHUNK = 10_000


def record_size(ledger: Ledger) -> int:
    """How many decisions the record holds."""
    with ledger.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(decisions)).scalar_one()


def verify_record(
    ledger: Ledger, *, opens_payloads: bool = False, advance: Callable[[int], None] = lambda steps: None
) -> VerifyReport:
    """Look for every trace of tampering; writers may go on meanwhile.

    opens_payloads: also decrypt what can be decrypted and compare it with its commitment; without it no
    customer's key is touched. `advance` is called with the decisions done.
    """
    seals = Seals(ledger.keys.public_key)
    # Before the database: what is sealed outside is committed, so a later look at the database must hold it.
    seals.read_outside(read_outside(ledger.outside))
    with ledger.engine.connect() as connection:
        seals.read_inside((row.segment_id, row.number, row.line) for row in connection.execute(select(checkpoints)))
        report = _Verification(connection, seals, ledger, opens_payloads).run(advance)
    seals.mark_present_outside(read_outside(ledger.outside))
    report.findings = [*seals.findings, *seals.missing(), *report.findings]
    report.notes = [*seals.notes, *report.notes]
    return report


class _Verification:
    """One pass over the record: segments in their order, decisions and acts of each in theirs."""

    def __init__(self, connection: Connection, seals: Seals, ledger: Ledger, opens_payloads: bool) -> None:
        self._connection, self._seals, self._ledger, self._opens = connection, seals, ledger, opens_payloads
        self._marks = seals.marks()
        self.report = VerifyReport(checkpoints=sum(map(len, seals.genuine.values())))
        self._known = set(connection.execute(select(record_customers.c.customer_ref)).scalars())
        self._secrets: dict[str, bytes] = {}
        if opens_payloads:
            self._secrets = {
                one.customer_ref: one.wrapped_secret for one in connection.execute(select(record_customers))
            }
        acts = connection.execute(_as_stored(record_events)).all()
        self._erased = {act.subject for act in acts if act.kind == "erase"}
        self._purged: dict[str, int] = {}
        self._acts: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for act in acts:
            self._acts[act.segment_id].append(act)
            if act.kind == "purge":
                self._purged[act.subject] = max(self._purged.get(act.subject, act.before), act.before)

    def run(self, advance: Callable[[int], None]) -> VerifyReport:
        known = {row.segment_id: row.writer for row in self._connection.execute(select(segments))}
        self.report.segments = len(known)
        stored = self._connection.execute(select(decisions.c.segment_id).distinct()).scalars()
        named = known.keys() | set(stored) | self._acts.keys() | self._marks.keys() | set(self._seals.genuine)
        for segment_id in range(1, max(named, default=0) + 1):
            if segment_id not in known:
                says = f"Segment {segment_id} is missing from the list of segments, with whoever wrote it."
                self._found("segment_missing", segment_id, 0, says)
            elif 0 not in self._seals.genuine.get(segment_id, {}) and not self._marks[segment_id]:
                self._unopened(segment_id)
            self._walk(segment_id, known.get(segment_id, ""), advance)
        return self.report

    def _unopened(self, segment_id: int) -> None:
        holds = decisions.c.segment_id == segment_id
        is_empty = self._connection.execute(select(decisions.c.sequence).where(holds).limit(1)).first() is None
        if is_empty and not self._acts[segment_id]:
            self.report.notes.append(f"Segment {segment_id} was opened and nothing was written to it.")
            return
        says = f"Checkpoint 0 of segment {segment_id} is missing, in the database and outside."
        self._found("checkpoint_missing", segment_id, 0, says)

    def _found(self, kind: FindingKind, segment_id: int, sequence: int, says: str, decision_id: str = "") -> None:
        self.report.findings.append(Finding(kind, segment_id, sequence, says, decision_id))

    def _walk(self, segment_id: int, writer: str, advance: Callable[[int], None]) -> None:
        walk = Walk(genesis(segment_id, writer), self._marks[segment_id], self._seals.closed_at(segment_id))
        acts = iter(sorted(self._acts[segment_id], key=lambda act: act.sequence))
        act = next(acts, None)
        for rows in self._decisions(segment_id):
            for row in rows:
                while act is not None and act.sequence < row[1]:
                    self._take_act(walk, act)
                    act = next(acts, None)
                walk.step(row[1], row[12], decision_body(*row[2:12]), row[2])
                self._check_payload(row)
            self.report.decisions += len(rows)
            advance(len(rows))
        while act is not None:
            self._take_act(walk, act)
            act = next(acts, None)
        self.report.findings += walk.findings()
        self.report.unsealed += max(0, walk.sequence - walk.sealed_until)

    def _decisions(self, segment_id: int) -> Iterator[Any]:
        query = _as_stored(decisions).where(decisions.c.segment_id == segment_id).order_by(decisions.c.sequence)
        return self._connection.execution_options(yield_per=CHUNK).execute(query).partitions()

    def _take_act(self, walk: Walk, act: Row[Any]) -> None:
        self.report.acts += 1
        body = event_body(act.kind, act.subject, act.made_by, act.made_at, act.reason, act.before)
        walk.step(act.sequence, act.link, body)

    def _check_payload(self, row: Any) -> None:
        payload, reference = row[13], row[3]
        if payload is None:
            self._check_gone(row)
            return
        if hashlib.sha256(payload).hexdigest() != row[11]:
            self._at_fault("payload_rewritten", row, "is not the payload that was written")
        elif reference not in self._known:
            self._at_fault("key_missing", row, "cannot be read: its customer's key is gone, and no erasure says why")
        elif self._opens and not self._fits(row):
            self._at_fault("payload_rewritten", row, "does not fit its commitment")

    def _check_gone(self, row: Any) -> None:
        if row[3] in self._erased:
            self.report.erased += 1
        elif row[6] < self._purged.get(row[4], row[6]):
            self.report.past_retention += 1
        else:
            self._at_fault("payload_missing", row, "holds no payload, and neither an erasure nor a purge says why")

    def _fits(self, row: Any) -> bool:
        keys = self._ledger.writer.customers.unwrap(self._secrets[row[3]])
        return fits(keys, row[2], row[13], row[10])

    def _at_fault(self, kind: FindingKind, row: Any, says: str) -> None:
        self._found(kind, row[0], row[1], f"Record {row[1]} ({row[2]}) {says}. (segment {row[0]})", row[2])


def _as_stored(table: Any) -> Any:
    """All columns in their order, moments as the whole microseconds that the links bind."""
    moments = ("as_of", "decided_at", "made_at", "before")
    return select(
        *(
            type_coerce(column, BigInteger).label(column.name) if column.name in moments else column
            for column in table.c
        )
    )

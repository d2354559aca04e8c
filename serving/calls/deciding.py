"""Decisions of calls: in threads of this process, each once, recorded together with the event that tells of it."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from uuid import NAMESPACE_OID, uuid5

from linewise.core.clock import BankClock
from linewise.core.errors import Conflict, LinewiseError
from linewise.ledger.asked import Asked
from linewise.ledger.call_state import CallState, Request, state_after
from linewise.ledger.call_telling import tell
from linewise.ledger.calls import Told, call_within, events_within
from linewise.ledger.in_call import in_call
from linewise.ledger.reaching import reaching
from linewise.ledger.within import Transaction
from serving.calls.queueing import band_of, second_amt_in
from serving.calls.words import Why, why_of
from serving.scoring.recommender import Recommender
from serving.scoring.told_in_call import Basis, basis_of, call_as_told

__all__ = ["Deciding", "basis_now"]

log = logging.getLogger("linewise.calls")

THREADS = 4
"""A decision is work of one processor; more threads than calls that ring at once would only wait for each other."""

RESTS_SECONDS = 5.0
"""How long what failed is left alone."""


PREPARED_FOR = frozenset({"late", "not_ready", "unexpected"})
"""Where last night's offers stand in. Where the record fails nothing is offered, and who stopped a release meant it."""


class _DecidedMeanwhile(Exception):
    """Another worker was first."""


@dataclass(frozen=True, slots=True)
class _Task:
    """What is decided: the bank's proposal on a basis, or what the customer asked for in an event."""

    call_id: str
    basis: str
    asked: str = ""


def basis_now(desk: Recommender, state: CallState) -> Basis:
    """On what the call would be decided now."""
    so_far = in_call(desk.ledger, state.call.customer_id, state.call.call_id)
    return basis_of(state, so_far.decline_count, band_of(second_amt_in(desk, state)))


class Deciding:
    """Decides for calls in its own threads; safe to be called from several.

    What is under way is not begun twice here; another process may begin the same, and the first one to write counts.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="deciding")
        self._lock = threading.Lock()
        self._under_way: dict[_Task, Future[None]] = {}
        self._failed: dict[_Task, float] = {}

    def begin(
        self, desk: Recommender, state: CallState, basis: Basis, request: Request | None = None
    ) -> Future[None] | None:
        """Begin to decide on the call as it stands, or on a request in it, unless that is under way.

        None where the same failed a moment ago: whoever looks every second must not keep the service at it.
        """
        task = _Task(state.call.call_id, str(basis), request.event_id if request else "")
        with self._lock:
            running = self._under_way.get(task)
            if running is None:
                if time.monotonic() < self._failed.get(task, 0.0) + RESTS_SECONDS:
                    return None
                running = self._pool.submit(self._run, desk, state, task)
                self._under_way[task] = running
                # Not within this lock: what is done already calls back at once.
        running.add_done_callback(lambda _done: self._forget(task))
        return running

    def under_way(self, state: CallState, basis: Basis) -> Future[None] | None:
        """What is being decided here of the call as it stands, if anything is."""
        with self._lock:
            return self._under_way.get(_Task(state.call.call_id, str(basis)))

    @staticmethod
    def all_done(running: Sequence[Future[None]], seconds: float) -> bool:
        """Whether all are done within the time; those that are not go on."""
        return not wait(running, seconds).not_done

    def note_late(self, desk: Recommender, state: CallState, basis: Basis) -> None:
        """Write down that whoever waited for the proposal was told that it is late."""
        if state.basis != str(basis):
            self._write_failure(desk, state, _Task(state.call.call_id, str(basis)), "late")

    def _forget(self, task: _Task) -> None:
        with self._lock:
            self._under_way.pop(task, None)

    def _run(self, desk: Recommender, state: CallState, task: _Task) -> None:
        try:
            with reaching():
                self._decide(desk, state, task)
        except (_DecidedMeanwhile, Conflict):
            # Another worker was first, or the call has ended: nothing was written.
            return
        except LinewiseError as err:
            self._note_failure(desk, state, task, why_of(err))
        except Exception:
            log.exception("a call could not be decided")
            self._note_failure(desk, state, task, "unexpected")

    def _decide(self, desk: Recommender, state: CallState, task: _Task) -> None:
        call, is_verified = call_as_told(state)
        asked = _asked_in(desk, task) if task.asked else None
        if asked is None:
            call = replace(call, second_amt=second_amt_in(desk, state))
        began = time.monotonic()

        def beside(connection: Transaction, decision_id: str) -> None:
            _enforce_first(connection, task)
            said = {"decision_id": decision_id, "basis": task.basis, "took_ms": round(1e3 * (time.monotonic() - began))}
            said |= {"asked": task.asked} if task.asked else {"second_amt": call.second_amt}
            _tell(connection, desk, task.call_id, "decided", said, f"decided-{decision_id}")

        desk.decide_one(
            state.call.customer_id,
            state.call.channel,
            state.call.language or None,
            verified=is_verified,
            call=call,
            asked=asked,
            beside=beside,
        )

    def _note_failure(self, desk: Recommender, state: CallState, task: _Task, why: Why) -> None:
        with self._lock:
            failed = {one: at for one, at in self._failed.items() if time.monotonic() < at + RESTS_SECONDS}
            self._failed = failed | {task: time.monotonic()}
        self._write_failure(desk, state, task, why)

    @staticmethod
    def _write_failure(desk: Recommender, state: CallState, task: _Task, why: Why) -> None:
        # Where it cannot even be written down, whoever asks next is told so.
        said = {"why": why, "basis": task.basis} | ({"asked": task.asked} if task.asked else {})
        event_id = uuid5(NAMESPACE_OID, f"{task} {why}").hex
        with suppress(LinewiseError, _DecidedMeanwhile), reaching():
            if why in PREPARED_FOR and not task.asked and _prepared(desk, state, task, said, event_id):
                return
            with desk.ledger.writing() as connection:
                _tell(connection, desk, task.call_id, "not_decided", said, event_id)


def _prepared(desk: Recommender, state: CallState, task: _Task, said: Mapping[str, object], event_id: str) -> bool:
    """Whether last night's offers stand in: recorded together with the event that says why nothing was decided."""
    call, is_verified = call_as_told(state)

    def beside(connection: Transaction, decision_id: str) -> None:
        _enforce_first(connection, task)
        if not _tell(connection, desk, task.call_id, "not_decided", {**said, "prepared_id": decision_id}, event_id):
            raise _DecidedMeanwhile

    spoken = state.call.language or None
    made = desk.decide_prepared(
        state.call.customer_id, state.call.channel, spoken, verified=is_verified, call=call, beside=beside
    )
    return made is not None


def _tell(
    connection: Transaction, desk: Recommender, call_id: str, kind: str, said: Mapping[str, object], event_id: str
) -> bool:
    """Whether this was new."""
    now = desk.clock.now()
    _, is_new = tell(connection, call_id, Told(event_id, kind, "service", now, BankClock().now(), details=said), now)
    return is_new


def _enforce_first(connection: Transaction, task: _Task) -> None:
    state = state_after(call_within(connection, task.call_id), events_within(connection, task.call_id))
    if task.asked:
        is_done = any(one.event_id == task.asked and one.decision_id for one in state.requests)
    else:
        is_done = state.basis == task.basis
    if is_done:
        raise _DecidedMeanwhile


def _asked_in(desk: Recommender, task: _Task) -> Asked:
    with desk.ledger.engine.connect() as connection:
        told = next(one for one in events_within(connection, task.call_id) if one.event_id == task.asked)
    said = told.details
    return Asked(
        what=said["what"],
        act=said["act"],
        reference=said["reference"],
        # By our clock at the latest: that of whoever told of it may be ahead.
        asked_at=min(told.at, desk.clock.now()),
        amount_amt=said.get("amount_amt"),
        action_id=said.get("action_id", ""),
    )

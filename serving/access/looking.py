"""Who may open which customer, and the line that is written of it before anything is seen."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from linewise.core.errors import ReasonNeeded, SecondPersonNeeded, SettingsInvalid
from linewise.core.scrubbing import scrub
from linewise.ledger.calls import live_calls_of
from linewise.ledger.looks import Look, Why, has_looked, write_look
from linewise.ledger.second_person import ask_to_be_let_in, who_let_in
from linewise.ledger.store import Ledger
from serving.access.caller import Caller

__all__ = ["SHORTEST_REASON", "enforce_may_look", "is_listed", "machine_look"]

GOES_ON_FOR = timedelta(minutes=30)
"""So long after a call or a reason the same person sees the same customer without another one: to wrap up."""

SHORTEST_REASON = 5


def enforce_may_look(
    ledger: Ledger,
    caller: Caller,
    customer_id: str,
    now: datetime,
    *,
    is_for_two: bool,
    reason: str = "",
    decision_id: str = "",
) -> None:
    """Write down that the caller looks at a customer, or raise what keeps them from it.

    A person opens the customer of their live call; within half an hour of that, or for a reason, another one.
    is_for_two: a record of staff, of a party related to the bank, or of the bank's own list, for which another
    person must have let them in. Raises ReasonNeeded and SecondPersonNeeded.
    """
    if not caller.is_person:
        write_look(ledger, machine_look(ledger, caller, customer_id, now, decision_id))
        return
    token, said = ledger.keys.lookup(customer_id), scrub(reason.strip())
    call_id = next(
        (one.call_id for one in live_calls_of(ledger, caller.name, now) if one.customer_id == customer_id), ""
    )
    why: Why = "live_call" if call_id else "reason" if len(said) >= SHORTEST_REASON else "continued"
    if why == "continued" and not has_looked(ledger, caller.name, token, now - GOES_ON_FOR):
        raise ReasonNeeded(customer_id)
    second = who_let_in(ledger, caller.name, customer_id, now) if is_for_two else ""
    if is_for_two and not second:
        ask_to_be_let_in(ledger, caller.name, customer_id, said or why, now)
        raise SecondPersonNeeded(customer_id)
    look = Look(
        who=caller.name,
        roles=caller.role_words,
        customer_token=token,
        why=why,
        at=now,
        decision_id=decision_id,
        call_id=call_id,
        reason=said,
        second_person=second,
    )
    write_look(ledger, look)


def machine_look(ledger: Ledger, caller: Caller, customer_id: str, now: datetime, decision_id: str = "") -> Look:
    """The line of a machine's look, for who writes it beside something else."""
    return Look(caller.name, caller.role_words, ledger.keys.lookup(customer_id), "machine", now, decision_id)


def is_listed(path: Path | None, customer_id: str) -> bool:
    """Whether the customer stands on the bank's own list of records for two people (the setting `second_person`).

    Raises SettingsInvalid where the list is named and cannot be read.
    """
    return path is not None and customer_id in _listed(path, _time_of(path))


def _time_of(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as err:
        raise SettingsInvalid(
            f"The list of records that two people open cannot be read: {path}.",
            "A file of customer ids, one a line, was expected.",
            "Bring it back, or take the setting second_person away.",
        ) from err


@cache
def _listed(path: Path, _time_ns: int) -> frozenset[str]:
    return frozenset(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())

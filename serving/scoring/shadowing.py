"""Challengers that score live calls without being shown: after the answer, in a thread beside, and never in its way."""

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from threading import Lock

import numpy as np

from linewise.decisioning.decide import DecisionPolicy, decide
from linewise.decisioning.economics import Economics
from linewise.decisioning.prices import Prices
from linewise.decisioning.types import Decisions
from linewise.ledger.model_findings import Subject
from linewise.ledger.shadows import Shadow, write_shadow
from linewise.ledger.store import Ledger
from serving.scoring.challengers import in_its_place
from serving.scoring.chunking import Made
from serving.scoring.registry import ModelFiles, Release
from serving.scoring.scorers import BoosterScorers

__all__ = ["Shadowing"]

log = logging.getLogger("linewise.shadowing")

WAITING_MOST = 500
"""Decisions that may wait for their shadow; no call does, so beyond it they are counted and left out."""


class Shadowing:
    """The challengers of a release, each beside all its other champions.

    `left_out` counts decisions that no shadow was written for, because too many waited or something went wrong.
    """

    def __init__(self, release: Release, challengers: Mapping[str, ModelFiles], economics: Economics) -> None:
        # A challenger that has become champion has nothing to be beside.
        others = {
            name: one
            for name, one in challengers.items()
            if name in release.models and release.models[name].sha256 != one.sha256
        }
        self._beside = {
            Subject(name, one.version, one.sha256): BoosterScorers(in_its_place(release, one), economics)
            for name, one in others.items()
        }
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shadow") if others else None
        self._lock, self._waiting = Lock(), 0
        self.left_out = 0

    def note(self, ledger: Ledger, decision_id: str, made: Made, policy: DecisionPolicy, prices: Prices) -> None:
        """Let the challengers score the customer of a decision that was made and recorded; does not wait."""
        if self._executor is None:
            return
        with self._lock:
            if self._waiting >= WAITING_MOST:
                self.left_out += 1
                return
            self._waiting += 1
        self._executor.submit(self._score, ledger, decision_id, made, policy, prices).add_done_callback(self._scored)

    def finish(self) -> None:
        """Wait until everything noted so far is written."""
        if self._executor is not None:
            self._executor.submit(lambda: None).result()

    def _scored(self, done: "Future[None]") -> None:
        with self._lock:
            self._waiting -= 1
        if (err := done.exception()) is not None:
            self.left_out += 1
            log.error("a challenger could not score a decision, which stands as it was made: %s", err)

    def _score(self, ledger: Ledger, decision_id: str, made: Made, policy: DecisionPolicy, prices: Prices) -> None:
        decided, one = made.decisions, slice(made.row, made.row + 1)
        customers, state = decided.customers.only(one), decided.state.only(one)
        context = replace(decided.context, explain=False)
        for subject, scorers in self._beside.items():
            would = decide(customers, state, context, policy, scorers, prices, decided.seed)
            write_shadow(ledger, _shadow_of(decision_id, subject, made, would))


def _shadow_of(decision_id: str, subject: Subject, made: Made, would: Decisions) -> Shadow:
    """The figures of the one customer, as decided and as it would have been."""
    both = ((made.decisions, made.row), (would, 0))
    primary = _primary(*both[0])
    take_up: list[float | None] = [
        None if primary is None else float(one.offers.propensity[row, primary]) for one, row in both
    ]
    risk: list[float | None] = [
        float(one.limit.pd_12m[row, 0]) if one.limit.pd_12m.shape[1] else None for one, row in both
    ]
    offers = [one.offers.offer_id[at] if (at := _primary(one, row)) is not None else "" for one, row in both]
    limits = [int(one.limit.suggested_amt[row]) for one, row in both]
    return Shadow(
        decision_id=decision_id,
        customer_id=str(would.customers.customer_id[0]),
        subject=subject,
        decided_at=made.decisions.context.decided_at,
        champion_pd=risk[0],
        challenger_pd=risk[1],
        champion_take_up=take_up[0],
        challenger_take_up=take_up[1],
        champion_offer=offers[0],
        challenger_offer=offers[1],
        champion_limit_amt=limits[0],
        challenger_limit_amt=limits[1],
    )


def _primary(decisions: Decisions, row: int) -> int | None:
    """The column of a customer's primary suggestion, None where nothing was shown."""
    places = np.flatnonzero(decisions.offers.rank[row] == 0)
    return int(places[0]) if len(places) else None

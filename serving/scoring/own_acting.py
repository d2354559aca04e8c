"""An order of a limit or a plan by phone waits for the customer's own act, which is opened with their consent."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from linewise.core.actions import is_by_own_act
from linewise.core.clock import BankClock, as_utc
from linewise.core.errors import Conflict, OwnActNeeded, UsageError
from linewise.ledger.call_state import state_after
from linewise.ledger.call_telling import tell
from linewise.ledger.calls import Told as ToldOfCall
from linewise.ledger.calls import calls_begun_since, events_within, find_call
from linewise.ledger.duties import blocking_duties, end_duty, open_duties_of
from linewise.ledger.events import ANSWERS
from linewise.ledger.keys import KeyStore
from linewise.ledger.outbox import drop_messages, put_message
from linewise.ledger.outcomes import Outcome, outcomes_within
from linewise.ledger.own_acts import (
    LONGEST_AWAITED,
    OwnAct,
    acts_of_decision,
    end_act,
    hash_of_token,
    is_agreed,
    new_token,
    open_act,
    write_act,
)
from linewise.ledger.quote_tables import STANDING
from linewise.ledger.quotes import Quote
from linewise.ledger.record import DecisionRecord
from linewise.ledger.within import Transaction
from serving.scoring.keeping import quote_of
from serving.scoring.own_act_terms import hash_of_terms, terms_of
from serving.scoring.told_in_call import WITHDRAWING_FLAGS

__all__ = [
    "HERE",
    "MOST_LINKS",
    "channel_of_act",
    "consented_quote",
    "end_duties_by_act",
    "enforce_evidence_of_act",
    "enforce_not_marked_since",
    "enforce_own_act",
    "follow_in_acts",
    "send_link",
    "tell_of_act",
    "waits_for_own_act",
]

BY_THEMSELVES = frozenset({"app", "web"})
"""Channels in which nobody but the customer orders."""

BY_LINK = frozenset({"voice", "ivr"})
"""Channels in which nobody can sign: after a consent the customer is sent a link."""

HERE = frozenset({"page", "code"})
"""Ways of acting that this service itself has seen, and no other system tells it of."""

MOST_LINKS = 5
"""So often a link for the same is sent at the most."""

NOT_TAKEN = ANSWERS - {"accepted", "ordered"}


def waits_for_own_act(decision: DecisionRecord, action_id: str) -> bool:
    """Whether an order of it is complete only by an act of the customer's own that somebody must show."""
    return is_by_own_act(action_id) and decision.channel not in BY_THEMSELVES


def enforce_evidence_of_act(outcome: str, act: str, reference: str) -> None:
    """Raise UsageError where an act was told of without what shows it, or with something else than an order."""
    if act and outcome != "ordered":
        raise UsageError(f"The act {act!r} came with {outcome!r}.", "It belongs to 'ordered' alone.")
    if bool(act) != bool(reference.strip()):
        raise UsageError(
            "Of the customer's own act came only a part.",
            "'act' and 'act_reference' were expected together: how the customer ordered, and what shows it.",
        )


def enforce_own_act(connection: Transaction, decision: DecisionRecord, action_id: str, act: str) -> None:
    """Raise OwnActNeeded where a limit or a plan would be ordered by somebody else than the customer."""
    if act or not waits_for_own_act(decision, action_id) or is_agreed(connection, decision.decision_id, action_id):
        return
    raise OwnActNeeded(action_id)


def channel_of_act(decision: DecisionRecord, act: str) -> str:
    """Where it happened: on the web for the page of a link, else where the customer was."""
    return {"page": "web", "app": "app", "web": "web", "branch": "branch"}.get(act, decision.channel)


def enforce_not_marked_since(connection: Transaction, act: OwnAct) -> None:
    """Raise Conflict where a later call of the customer told of what takes sales away."""
    for call in calls_begun_since(connection, act.customer_id, act.recorded_at):
        state = state_after(call, events_within(connection, call.call_id))
        if call.call_id != act.call_id and not WITHDRAWING_FLAGS.isdisjoint(state.withheld):
            raise Conflict(
                f"What waits for the customer is withdrawn by what was told in the call {call.call_id!r}.",
                "Nothing that was decided before is taken any more.",
                "Help the customer; what is possible now stands in that call's latest decision.",
            )


def follow_in_acts(
    connection: Transaction,
    keys: KeyStore,
    decision: DecisionRecord,
    outcome: Outcome,
    outcome_id: str,
    evidence: tuple[str, str],
    done_by_own_act: Collection[str],
) -> None:
    """Bring the customer's act to what an outcome that is new says, in its transaction.

    evidence: how the customer acted and what shows it, with an order. done_by_own_act: rules whose duties end by such
    an act. Consent that an agent captured opens an act; an order ends it; another answer takes it back. Raises
    Conflict where something else is still owed before the order.
    """
    action_id, at = outcome.offer_id, as_utc(outcome.occurred_at)
    if not is_by_own_act(action_id):
        return
    if outcome.outcome == "consent_captured" and decision.channel in BY_LINK:
        now = as_utc(outcome.recorded_at)
        quote = consented_quote(connection, decision, action_id, now)
        if quote is not None and not blocking_duties(connection, decision.decision_id, action_id, done_by_own_act):
            send_link(connection, keys, decision, quote, outcome.call_id, outcome.agent_id, now)
    elif outcome.outcome == "ordered":
        _agreed(connection, decision, outcome, outcome_id, evidence)
    elif outcome.outcome in NOT_TAKEN:
        standing = open_act(connection, decision.decision_id, action_id)
        if standing is not None and end_act(connection, standing, "taken_back", at, outcome_id=outcome_id):
            drop_messages(connection, standing.act_id, BankClock().now())
            tell_of_act(connection, standing, "taken_back", at)


def end_duties_by_act(
    connection: Transaction,
    decision: DecisionRecord,
    action_id: str,
    evidence: tuple[str, str],
    done_by_own_act: Collection[str],
    at: datetime,
) -> None:
    """End what the customer was owed and did by the act itself: having read the table of costs, and agreed."""
    for duty in open_duties_of(connection, decision.decision_id, action_id):
        if duty.audience == "customer" and duty.rule_id in done_by_own_act:
            end_duty(connection, duty, "done", f"own act ({evidence[0]}): {evidence[1]}", "customer", at)


def consented_quote(connection: Transaction, decision: DecisionRecord, action_id: str, now: datetime) -> Quote | None:
    """The quote that the customer accepted and consented to, while it stands; None where they did not, or it does not.

    A consent before the last acceptance was to another one.
    """
    told = [one["outcome"] for one in outcomes_within(connection, decision.decision_id) if one["offer_id"] == action_id]
    answers = [place for place, outcome in enumerate(told) if outcome in ANSWERS]
    if not answers or told[answers[-1]] != "accepted" or "consent_captured" not in told[answers[-1] :]:
        return None
    quote = quote_of(connection, decision.decision_id, action_id)
    stands = quote is not None and quote.status == STANDING and quote.valid_until >= now
    return quote if stands else None


def send_link(
    connection: Transaction,
    keys: KeyStore,
    decision: DecisionRecord,
    quote: Quote,
    call_id: str,
    agent_id: str,
    now: datetime,
) -> OwnAct:
    """Open the act of a quote that was consented to, and put out the message with its link; an older one is over.

    Raises Conflict after MOST_LINKS, and where quote and decision differ.
    """
    action_id, wall = quote.answered_as, BankClock().now()
    before = [one for one in acts_of_decision(connection, decision.decision_id) if one.action_id == action_id]
    if sum(one.token_hash is not None for one in before) >= MOST_LINKS:
        raise Conflict(
            f"{MOST_LINKS} links were sent for {action_id}.",
            "No more are sent.",
            "The customer orders in the app or at a branch.",
        )
    token, call = new_token(), find_call(connection, call_id)
    act = OwnAct(
        act_id=str(uuid4()),
        customer_id=decision.customer_id,
        decision_id=decision.decision_id,
        action_id=action_id,
        quote_id=quote.quote_id,
        terms_hash=hash_of_terms(decision, quote, terms_of(decision, quote)),
        opened_at=now,
        valid_until=min(now + LONGEST_AWAITED, quote.valid_until),
        recorded_at=wall,
        call_id=call_id,
        agent_id=agent_id,
        language=(call.language if call else "") or str(decision.answer.get("language", "")),
        token_hash=hash_of_token(token),
    )
    standing = open_act(connection, decision.decision_id, action_id)
    if standing is not None:
        drop_messages(connection, standing.act_id, wall)
    write_act(connection, act)
    put_message(connection, keys, act, "link", token, wall, act.life)
    tell_of_act(connection, act, "awaiting_customer", now)
    return act


def _agreed(
    connection: Transaction,
    decision: DecisionRecord,
    outcome: Outcome,
    outcome_id: str,
    evidence: tuple[str, str],
) -> None:
    way, reference = evidence
    at, now = as_utc(outcome.occurred_at), as_utc(outcome.recorded_at)
    standing = open_act(connection, decision.decision_id, outcome.offer_id)
    if standing is not None:
        reference = "" if way in HERE else reference
        if end_act(connection, standing, "agreed", at, way=way, reference=reference, outcome_id=outcome_id):
            drop_messages(connection, standing.act_id, BankClock().now())
            tell_of_act(connection, standing, "agreed", now)
    elif way and way not in HERE:
        quote = quote_of(connection, decision.decision_id, outcome.offer_id)
        elsewhere = OwnAct(
            act_id=str(uuid4()),
            customer_id=decision.customer_id,
            decision_id=decision.decision_id,
            action_id=outcome.offer_id,
            quote_id="" if quote is None else quote.quote_id,
            terms_hash="",
            opened_at=at,
            valid_until=at,
            recorded_at=BankClock().now(),
            call_id=outcome.call_id,
            agent_id=outcome.agent_id,
            ended_as="agreed",
            ended_at=at,
            way=way,
            reference=reference,
            outcome_id=outcome_id,
        )
        write_act(connection, elsewhere)
        tell_of_act(connection, elsewhere, "agreed", now)


def tell_of_act(connection: Transaction, act: OwnAct, state: str, now: datetime) -> None:
    """Tell the act's call what became of it, so that whoever follows it sees it; an act of no call tells nobody."""
    if find_call(connection, act.call_id) is None:
        return
    details = {"act_id": act.act_id, "state": state, "action_id": act.action_id}
    event = ToldOfCall(f"{act.act_id}-{state}", "own_act", "service", now, BankClock().now(), details=details)
    tell(connection, act.call_id, event, now)

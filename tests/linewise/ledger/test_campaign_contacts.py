"""What a campaign's export claims is a contact from that moment on, once, until it is withdrawn."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from linewise.ledger.campaign_contacts import (
    Claim,
    Claimed,
    claim_contacts,
    claims_between,
    keep_claims,
    withdraw_claims,
    withdraw_unsent,
)
from linewise.ledger.contacts import contacts_of
from linewise.ledger.erasing import erase_customer
from linewise.ledger.record import write_decisions
from linewise.ledger.store import Ledger
from tests.linewise.ledger.builders import DECLINED, NOW, a_decision, write_outcome

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLAIM = Claim("D1", "GOLD-12", "GOLD-12-1", "C1", "CARD_GOLD", "payment_card", "sms", NOW, NOW + DAY, NOW + DAY + HOUR)


def claim(ledger: Ledger, *claims: Claim) -> None:
    with ledger.writing() as connection:
        claim_contacts(connection, claims)


def impressions(ledger: Ledger, at: datetime, customer_id: str = "C1") -> list[datetime]:
    return [one.occurred_at for one in contacts_of(ledger, [customer_id], at) if one.kind == "impression"]


@pytest.mark.parametrize(
    ("asked_at", "counts_as_of"),
    [
        (NOW - HOUR, []),
        (NOW, [NOW]),
        (NOW + HOUR, [NOW + HOUR]),
        (NOW + DAY, [NOW + DAY]),
        (NOW + 30 * DAY, [NOW + DAY]),
    ],
    ids=["before it was claimed", "as it is claimed", "while it waits to be sent", "as it may be sent", "long after"],
)
def test_a_claim_counts_at_once_and_then_as_of_its_sending(
    ledger: Ledger, asked_at: datetime, counts_as_of: list[datetime]
):
    claim(ledger, CLAIM)
    assert impressions(ledger, asked_at) == counts_as_of


@pytest.mark.parametrize("outcome", ["pitched", "declined", "accepted", "shown"])
def test_a_claim_of_which_was_told_counts_once(ledger: Ledger, outcome: str):
    claim(ledger, CLAIM)
    reason = "price" if outcome == "declined" else ""
    write_outcome(ledger, replace(DECLINED, outcome=outcome, reason_code=reason, channel="sms"))
    assert impressions(ledger, NOW + 2 * DAY) == [NOW]


def test_a_call_of_a_list_that_reached_nobody_is_no_contact(ledger: Ledger):
    claim(ledger, replace(CLAIM, channel="voice"))
    write_outcome(ledger, replace(DECLINED, outcome="not_pitched", reason_code="call_too_short"))
    assert impressions(ledger, NOW + 2 * DAY) == []


def test_what_is_withdrawn_counts_nowhere_from_then_on(ledger: Ledger):
    claim(ledger, CLAIM)
    with ledger.writing() as connection:
        withdraw_claims(connection, {"D1": "opted_out"}, NOW + HOUR)
    assert impressions(ledger, NOW + HOUR / 2) == [NOW + HOUR / 2]
    assert impressions(ledger, NOW + 2 * DAY) == []


def test_a_claim_that_is_kept_stands_again_and_belongs_to_the_new_batch(ledger: Ledger):
    claim(ledger, CLAIM)
    with ledger.writing() as connection:
        withdraw_claims(connection, {"D1": "opted_out"}, NOW)
        keep_claims(connection, "GOLD-12-2", [CLAIM])
        assert claims_between(connection, "GOLD-12", "C1", "C1") == {
            "D1": Claimed("GOLD-12-2", CLAIM.not_before, False, False)
        }
    assert impressions(ledger, NOW + 2 * DAY) == [NOW + DAY]


def test_what_was_told_of_a_claim_is_known_of_it(ledger: Ledger):
    claim(ledger, CLAIM)
    write_outcome(ledger, DECLINED)
    with ledger.engine.connect() as connection:
        assert claims_between(connection, "GOLD-12", "C0", "C2")["D1"].is_told
        assert claims_between(connection, "GOLD-12", "C2", "C3") == {}
        assert claims_between(connection, "GOLD-13", "C0", "C2") == {}


def test_superseding_withdraws_what_could_not_be_sent_yet_and_nothing_else(ledger: Ledger):
    sent = replace(CLAIM, decision_id="D2", customer_id="C2", not_before=NOW - DAY, claimed_at=NOW - DAY)
    kept = replace(CLAIM, decision_id="D3", customer_id="C3", batch_id="GOLD-12-2")
    of_another = replace(CLAIM, decision_id="D4", customer_id="C4", campaign_id="GOLD-13")
    claim(ledger, CLAIM, sent, kept, of_another)
    with ledger.writing() as connection:
        assert withdraw_unsent(connection, "GOLD-12", "superseded", NOW, but="GOLD-12-2", begun_by=NOW) == 1
    assert [len(impressions(ledger, NOW + DAY, one)) for one in ("C1", "C2", "C3", "C4")] == [0, 1, 1, 1]


def test_an_erased_customer_leaves_no_name_among_the_claims(ledger: Ledger):
    write_decisions(ledger, [a_decision("D1")], lambda connection: claim_contacts(connection, [CLAIM]))
    erase_customer(ledger, "C1", "asked for it", "pia", NOW)
    assert impressions(ledger, NOW + DAY) == []
    with ledger.engine.connect() as connection:
        assert claims_between(connection, "GOLD-12", "C1", "C1") == {}

"""An order binds its quote, a refusal ends it, a grant is spent when taken; what a person approves is quoted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from linewise.core.errors import BudgetSpent, QuoteEnded
from linewise.core.home import Home
from linewise.ledger.duties import open_duties
from linewise.ledger.outcomes import Outcome, insert_outcome
from linewise.ledger.pots import Use
from linewise.ledger.quotes import Quote, end_quote, quotes_of_decision, release_expired, standing_quotes
from linewise.ledger.record import write_decisions
from linewise.ledger.showings import Showing, spend_shown
from linewise.ledger.store import Ledger, open_ledger
from serving.scoring.keeping import enforce_still_stands, keep_quotes
from serving.scoring.reviewing import Ruling, review_duty
from tests.builders import a_policy
from tests.linewise.ledger.builders import a_decision
from tests.linewise.ledger.promises import NOW, a_quote, booked, funded, quoted, stands, status_of
from tests.linewise.ledger.signers import a_cast
from tests.serving.scoring.test_reviewing import DELEGATED, REVIEW

DAY = timedelta(days=1)
POLICY = a_policy().promises


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = open_ledger(home)
    funded(opened)
    yield opened
    opened.close()


def told(ledger: Ledger, what: str, at: datetime = NOW, decision_id: str = "D-Q1", offer_id: str = "LIMIT") -> None:
    reason = {"declined": "price", "not_pitched": "call_too_short"}.get(what, "")
    outcome = Outcome(decision_id, "C1", offer_id, offer_id, f"call-{at:%d}", "agent-7", what, reason, "", at, at)
    with ledger.writing() as connection:
        outcome_id, _ = insert_outcome(connection, outcome)
        if what in {"accepted", "ordered"}:
            enforce_still_stands(connection, decision_id, offer_id, at)
        keep_quotes(connection, outcome, outcome_id, POLICY)


def the_quote(ledger: Ledger, decision_id: str = "D-Q1") -> Quote:
    with ledger.engine.connect() as connection:
        return quotes_of_decision(connection, decision_id)[-1]


def test_an_order_on_the_last_day_may_be_booked_a_little_later(ledger: Ledger):
    quoted(ledger, a_quote(), 600)
    told(ledger, "ordered", NOW + 14 * DAY)
    assert the_quote(ledger).valid_until == NOW + 19 * DAY
    booked(ledger, at=NOW + 18 * DAY)
    assert stands(ledger) == (0, 600, 0)


def test_an_early_order_never_shortens_a_quote(ledger: Ledger):
    quoted(ledger, a_quote(), 600)
    told(ledger, "ordered", NOW + DAY)
    assert the_quote(ledger).valid_until == NOW + 14 * DAY


@pytest.mark.parametrize("what", ["accepted", "ordered"])
def test_what_was_quoted_until_an_earlier_date_cannot_be_taken(ledger: Ledger, what: str):
    quoted(ledger, a_quote(), 600)
    with pytest.raises(QuoteEnded, match="stood until 2026-12-07"):
        told(ledger, what, NOW + 15 * DAY)
    release_expired(ledger, NOW + 15 * DAY)
    with pytest.raises(QuoteEnded, match="stood until"):
        told(ledger, what, NOW + 15 * DAY)


def test_what_was_withdrawn_cannot_be_taken(ledger: Ledger):
    made = quoted(ledger, a_quote(), 600)
    with ledger.writing() as connection:
        end_quote(connection, made, "withdrawn", "BANK-FRAUD-CREDIT", NOW)
    with pytest.raises(QuoteEnded, match="is withdrawn"):
        told(ledger, "accepted")


def test_a_refusal_gives_back_and_a_change_of_mind_takes_again(ledger: Ledger):
    quoted(ledger, a_quote(), 600)
    told(ledger, "declined")
    assert stands(ledger) == (0, 0, 600)
    told(ledger, "accepted", NOW + DAY)
    assert (stands(ledger), status_of(ledger)) == ((600, 0, 600), "standing")


def test_a_change_of_mind_finds_the_budget_gone_to_others(ledger: Ledger):
    quoted(ledger, a_quote(), 600)
    told(ledger, "declined")
    quoted(ledger, a_quote("Q2", "C2"), 900)
    with pytest.raises(BudgetSpent):
        told(ledger, "accepted", NOW + DAY)


def test_an_agent_who_did_not_say_it_ends_only_what_nobody_else_promised(ledger: Ledger):
    quoted(ledger, a_quote(), 600)
    quoted(ledger, a_quote("Q2", decision_id="D2"), 600)
    told(ledger, "not_pitched", decision_id="D2")
    assert status_of(ledger) == "standing"
    told(ledger, "not_pitched")
    assert (stands(ledger), status_of(ledger)) == ((0, 0, 600), "declined")


def test_an_agent_who_did_not_say_it_used_no_contact(ledger: Ledger):
    funded(ledger, 10, "contacts-11", kind="contacts")
    with ledger.writing() as connection:
        spend_shown(connection, Showing("C1", "D1", "CARD_GOLD", NOW.date(), [Use("contacts-11", 1)]))
    told(ledger, "not_pitched", decision_id="D1", offer_id="CARD_GOLD")
    assert stands(ledger, "contacts-11") == (0, 0, 1)


@pytest.mark.parametrize("what", ["accepted", "ordered"])
def test_what_is_granted_is_spent_once_when_it_is_taken_and_free_when_it_is_given_back(ledger: Ledger, what: str):
    waiver: dict[str, Any] = {"kind": "offer", "action_id": "FEE_WAIVER", "amount_amt": 80}
    quoted(ledger, a_quote(**waiver), 80)
    told(ledger, what, offer_id="FEE_WAIVER")
    told(ledger, "ordered", NOW + timedelta(minutes=1), offer_id="FEE_WAIVER")
    assert stands(ledger) == (0, 80, 0)
    told(ledger, "declined", NOW + timedelta(minutes=2), offer_id="FEE_WAIVER")
    assert stands(ledger) == (0, 0, 80)


def test_an_answer_to_a_limit_for_some_days_is_told_of_the_limit_and_binds_or_ends_its_quote(ledger: Ledger):
    quoted(ledger, a_quote(action_id="TEMPORARY-30", slot="TEMPORARY"), 600)
    told(ledger, "ordered", NOW + 14 * DAY)
    assert the_quote(ledger).valid_until == NOW + 19 * DAY
    quoted(ledger, a_quote("Q2", "C2", action_id="TEMPORARY-30", slot="TEMPORARY"), 300)
    told(ledger, "declined", decision_id="D-Q2")
    assert (status_of(ledger, "Q2"), stands(ledger)) == ("declined", (600, 0, 300))


def test_a_limit_booked_is_taken_back_by_cooling_off_and_not_by_a_late_refusal(ledger: Ledger):
    quoted(ledger, a_quote(), 600)
    booked(ledger)
    told(ledger, "declined")
    assert stands(ledger) == (0, 600, 0)
    told(ledger, "cancelled_in_cooling_off", NOW + DAY)
    assert (stands(ledger), status_of(ledger)) == ((0, 0, 600), "cancelled")


def curve(*points: tuple[int, int]) -> dict[str, Any]:
    drawn = [{"limit_amt": limit, "cautious_loss_amt": loss, "capital_amt": 0} for limit, loss in points]
    return {"current_amt": points[0][0], "suggested_amt": points[0][0], "curve": drawn, "why_not": []}


def reviewed(ledger: Ledger, folder: Path, amount_amt: int, limit: dict[str, Any] | None = None) -> None:
    a_cast(ledger, folder)
    duty = replace(REVIEW, decision_id="D1", customer_id="C1")
    record = a_decision("D1", answer={"limit": limit or curve((100, 10), (300, 20), (600, 50))})
    write_decisions(ledger, [record], lambda connection: open_duties(connection, [duty]))
    review_duty(ledger, duty.duty_id, Ruling("approved", "payslips", "rex", amount_amt), DELEGATED, NOW, POLICY)


def test_what_a_person_approves_is_quoted_out_of_the_share_put_aside_and_beyond_it_out_of_the_rest(
    home: Home, ledger: Ledger, tmp_path: Path
):
    funded(ledger, 100, "loss-11", kind="loss", request_share_ratio=0.1)
    reviewed(ledger, tmp_path, 500)
    made = the_quote(ledger, "D1")
    assert (made.amount_amt, made.pot, made.terms["exposure_amt"]) == (500, "proposed", 400)
    assert (stands(ledger), stands(ledger, "loss-11")) == ((400, 0, 0), (40, 0, 0))


def test_a_decision_recorded_without_a_cautious_end_is_approved_by_the_loss_it_expected(ledger: Ledger, tmp_path: Path):
    funded(ledger, 100, "loss-11", kind="loss")
    limit = curve((100, 10), (300, 20), (600, 50))
    limit["curve"] = [{"expected_loss_amt": one.pop("cautious_loss_amt")} | one for one in limit["curve"]]
    reviewed(ledger, tmp_path, 500, limit)
    assert stands(ledger, "loss-11") == (40, 0, 0)


def test_a_person_promises_no_more_than_there_is(ledger: Ledger, tmp_path: Path):
    funded(ledger, 300)
    with pytest.raises(BudgetSpent, match="requested or proposed"):
        reviewed(ledger, tmp_path, 500)
    with ledger.engine.connect() as connection:
        assert standing_quotes(connection, ["C1"], NOW) == []

"""What the core system did is tied to decision, quote and consent; what cannot be is listed with its reasons."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from linewise.core.home import Home
from linewise.ledger.bookings import cancel_booking
from linewise.ledger.outcomes import Outcome
from linewise.ledger.own_acts import OwnAct, write_act
from linewise.ledger.record import write_decisions
from linewise.ledger.store import Ledger, open_ledger
from serving.portfolio.core_changes import Change, Consent
from serving.portfolio.reconciling import REASONS, Reconciled, reconcile
from tests.linewise.ledger.builders import a_decision, write_outcome
from tests.linewise.ledger.promises import NOW, a_quote, booked, quoted

DAY = timedelta(days=1)
SINCE, UNTIL = NOW - 30 * DAY, NOW + 30 * DAY
RAISE = Change("limit", "LC1", "C1", NOW, NOW, 600, 100, "")
AGREED = {"C1": [Consent("CO1", "limit_increase", NOW - DAY, None)]}


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = open_ledger(home)
    write_decisions(opened, [a_decision("D-Q1"), a_decision("D2")])
    quoted(opened, a_quote())
    yield opened
    opened.close()


def tied(
    ledger: Ledger,
    change: Change,
    consents: dict[str, list[Consent]] | None = None,
) -> Reconciled:
    return reconcile([change], AGREED if consents is None else consents, ledger, SINCE, UNTIL).rows[0]


def test_a_booked_raise_is_tied_by_the_reference_under_which_it_was_told(ledger: Ledger):
    booked(ledger, reference="LC1")
    found = tied(ledger, RAISE)
    assert (found.decision_id, found.quote_id, found.consent, found.reasons) == ("D-Q1", "Q1", "consent CO1", ())


@pytest.mark.parametrize("names", ["Q1", "D-Q1"])
def test_one_that_was_never_told_is_tied_by_what_the_core_system_names(ledger: Ledger, names: str):
    found = tied(ledger, replace(RAISE, names=names))
    assert (found.decision_id, found.quote_id, found.reasons) == ("D-Q1", "Q1", ("not_booked",))


@pytest.mark.parametrize(
    ("told", "is_theirs"), [("accepted", False), ("consent_captured", False), ("ordered", True), ("activated", True)]
)
def test_an_order_of_the_customers_own_stands_for_their_consent_and_an_agents_word_does_not(
    ledger: Ledger, told: str, is_theirs: bool
):
    booked(ledger, reference="LC1")
    answer = Outcome("D-Q1", "C1", "LIMIT", "LIMIT", "call-1", "agent-7", told, "", "", NOW, NOW)
    outcome_id, _ = write_outcome(ledger, answer)
    found = tied(ledger, RAISE, {})
    assert (found.consent, found.reasons) == ((f"outcome {outcome_id}", ()) if is_theirs else ("", ("no_consent",)))


def test_an_act_upon_the_quote_stands_for_consent_in_whichever_decision_the_customer_met_it(ledger: Ledger):
    booked(ledger, reference="LC1")
    act = OwnAct("A1", "C1", "D2", "LIMIT", "Q1", "", NOW, NOW, NOW, ended_as="agreed", ended_at=NOW, outcome_id="O9")
    with ledger.writing() as connection:
        write_act(connection, act)
    assert tied(ledger, RAISE, {}).consent == "outcome O9"


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"names": ""}, {"no_decision"}),
        ({"names": "rule"}, {"no_decision"}),
        ({"names": "D2"}, {"no_quote"}),
        ({"names": "Q1", "customer_id": "C2"}, {"other_customer", "not_booked", "no_consent"}),
        ({"names": "Q1", "amount_amt": 700}, {"other_amount", "not_booked"}),
        ({"names": "Q1", "at": NOW + 20 * DAY}, {"past_its_date", "not_booked"}),
    ],
)
def test_what_is_missing_is_named(ledger: Ledger, changes: dict[str, object], reasons: set[str]):
    found = tied(ledger, replace(RAISE, **changes))
    assert set(found.reasons) == reasons <= set(REASONS)


@pytest.mark.parametrize(
    "consents",
    [
        {},
        {"C1": [Consent("CO1", "marketing", NOW - DAY, None)]},
        {"C1": [Consent("CO1", "limit_increase", NOW + DAY, None)]},
        {"C1": [Consent("CO1", "limit_increase", NOW - 9 * DAY, NOW - DAY)]},
    ],
)
def test_a_raise_without_a_consent_that_stood_is_listed(ledger: Ledger, consents: dict[str, list[Consent]]):
    booked(ledger, reference="LC1")
    assert tied(ledger, RAISE, consents).reasons == ("no_consent",)


def test_a_cut_needs_no_consent(ledger: Ledger):
    cut = replace(RAISE, amount_amt=50)
    assert tied(ledger, cut, {}).reasons == ("no_decision",)


def test_a_booking_that_was_taken_back_stands_for_nothing(ledger: Ledger):
    booked(ledger, reference="LC1")
    with ledger.writing() as connection:
        cancel_booking(connection, "Q1", "cooling off", NOW)
    assert tied(ledger, RAISE).reasons == ("quote_ended",)


def test_a_booking_that_the_core_system_does_not_report_is_listed(ledger: Ledger):
    booked(ledger, reference="LC9")
    found = reconcile([], {}, ledger, SINCE, UNTIL)
    assert [(one.reference, one.reasons) for one in found.untied] == [("LC9", ("not_reported",))]

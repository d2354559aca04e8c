from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from linewise.bank.tables import Bank
from linewise.core.home import Home
from linewise.policy.catalogue import ATTRIBUTE_NAMES
from tests.linewise.bank.builders import END, a_row, a_transaction, rows_of, small_tables, write_small
from training.labels import TAKE_UP_DAYS, Labels, card_take_up_labels, default_labels

ASKED = datetime(2025, 3, 1, tzinfo=UTC)
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=TAKE_UP_DAYS)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class AnOffer:
    offer_id: str
    product: str
    attributes: dict[str, float] = field(
        default_factory=lambda: dict(zip(ATTRIBUTE_NAMES, (1, 0, 120, 0, 0, 0, 0, 0), strict=True))
    )


OFFERS = (AnOffer("CLASSIC", "card_classic"), AnOffer("GOLD", "card_gold"))

BankOf = Callable[..., Bank]


@pytest.fixture
def bank_of(home: Home) -> BankOf:
    """A bank of two customers with these loans, requests and cards, whose transactions begin at BEGIN."""

    def make(
        loans: list[dict[str, Any]] | None = None,
        requests: list[dict[str, Any]] | None = None,
        cards: list[dict[str, Any]] | None = None,
    ) -> Bank:
        tables = small_tables(a_transaction(posted_at=BEGIN, recorded_at=BEGIN)) | {
            "instalments": rows_of("instalments", *(loans or [])),
            "limit_requests": rows_of("limit_requests", *(requests or [])),
            "holdings": rows_of("holdings", *(cards or [])),
        }
        return write_small(home, tables)

    return make


def a_loan(**given: Any) -> dict[str, Any]:
    plain = {
        "instalment_id": "i1", "customer_id": "c1", "account_id": "a1", "kind": "loan", "opened_at": ASKED,
        "recorded_at": ASKED, "principal_amt": 100_000, "term_months": 24, "payment_amt": 5_000,
        "status": "running", "status_at": END, "currency": "CNY",
    }  # fmt: skip
    return a_row("instalments", **{**plain, **given})


def a_request(**given: Any) -> dict[str, Any]:
    asked = given.get("requested_at", ASKED)
    plain = {
        "request_id": "r1", "customer_id": "c1", "requested_at": asked, "recorded_at": asked, "kind": "loan",
        "asked_amt": 100_000, "decision": "approved", "initiated_by": "customer", "currency": "CNY",
    }  # fmt: skip
    return a_row("limit_requests", **{**plain, **given})


def a_card(opened_at: datetime, product: str = "card_classic", **given: Any) -> dict[str, Any]:
    plain = {"holding_id": "h1", "customer_id": "c1", "product": product}
    return a_row("holdings", **{**plain, "opened_at": opened_at, "recorded_at": opened_at, **given})


def taken(labels: Labels) -> list[int]:
    return labels.y.tolist()


@pytest.mark.parametrize(("status", "label"), [("running", 0), ("settled", 0), ("in_arrears", 1), ("defaulted", 1)])
def test_a_loan_is_bad_when_it_ended_unpaid_or_is_in_arrears(bank_of: BankOf, status: str, label: int):
    labels = default_labels(bank_of(loans=[a_loan(status=status)]), END)
    assert taken(labels) == [label]
    assert labels.customer_id == ("c1",)
    assert labels.as_of.tolist() == [ASKED.replace(tzinfo=None)]
    assert labels.principal_amt is not None
    assert labels.principal_amt.tolist() == [100_000.0]


@pytest.mark.parametrize(
    ("term_months", "observed_days", "months"), [(24, 365.25, 12.0), (6, 365.25, 6.0), (24, 0, 0.0)]
)
def test_a_loan_is_at_risk_for_its_term_or_until_it_was_last_seen(
    bank_of: BankOf, term_months: int, observed_days: float, months: float
):
    seen = ASKED + timedelta(days=observed_days)
    labels = default_labels(bank_of(loans=[a_loan(term_months=term_months, status_at=seen)]), END)
    assert labels.horizon_months == pytest.approx(months, abs=1e-6)


def test_what_is_no_loan_or_not_known_yet_is_no_case(bank_of: BankOf):
    purchase = a_loan(instalment_id="i2", kind="purchase")
    bank = bank_of(loans=[a_loan(), purchase])
    assert len(default_labels(bank, END).y) == 1
    assert len(default_labels(bank, END - DAY).y) == 0


@pytest.mark.parametrize(("opened_at", "case_count"), [(BEGIN - DAY, 0), (BEGIN, 1)], ids=["before", "at"])
def test_a_loan_from_before_the_first_transaction_has_no_history_to_learn_from(
    bank_of: BankOf, opened_at: datetime, case_count: int
):
    assert len(default_labels(bank_of(loans=[a_loan(opened_at=opened_at)]), END).y) == case_count


@pytest.mark.parametrize(
    ("cards", "expected"),
    [
        ([], [0, 0]),
        ([a_card(ASKED + DAY)], [1, 0]),
        ([a_card(ASKED + YEAR)], [1, 0]),
        ([a_card(ASKED + YEAR + DAY)], [0, 0]),
        ([a_card(ASKED + DAY, "card_gold")], [0, 1]),
        ([a_card(ASKED + DAY), a_card(ASKED + 2 * DAY, "card_gold", holding_id="h2")], [1, 1]),
        ([a_card(ASKED)], []),
        ([a_card(ASKED - DAY, "card_gold")], []),
        ([a_card(ASKED - 9 * DAY, closed_at=ASKED - DAY)], [0, 0]),
        ([a_card(ASKED - DAY, "savings")], [0, 0]),
        ([a_card(ASKED + DAY, customer_id="c2")], [0, 0]),
    ],
    ids=[
        "no card", "the day after", "on day 365", "on day 366", "another kind", "two kinds", "on the day itself",
        "a card held already", "a card closed before", "no card of the catalogue", "somebody else's",
    ],
)  # fmt: skip
def test_take_up_is_that_card_within_a_year_by_somebody_without_one(
    bank_of: BankOf, cards: list[dict[str, Any]], expected: list[int]
):
    assert taken(card_take_up_labels(bank_of(requests=[a_request()], cards=cards), OFFERS, END)) == expected


@pytest.mark.parametrize(
    ("requested_at", "case_count"), [(END - YEAR, 1), (END - YEAR + DAY, 0)], ids=["just enough", "a day short"]
)
def test_a_case_needs_a_whole_year_of_follow_up(bank_of: BankOf, requested_at: datetime, case_count: int):
    labels = card_take_up_labels(bank_of(requests=[a_request(requested_at=requested_at)]), OFFERS, END)
    assert len(labels.y) == case_count * len(OFFERS)


def test_only_requests_for_a_loan_are_cases_and_a_repeated_one_counts_once(bank_of: BankOf):
    requests = [a_request(), a_request(request_id="r2"), a_request(request_id="r3", customer_id="c2", kind="increase")]
    assert card_take_up_labels(bank_of(requests=requests), OFFERS, END).customer_id == ("c1", "c1")


def test_an_offer_enters_by_its_attributes_in_the_order_of_their_names(bank_of: BankOf):
    known = dict(zip(reversed(ATTRIBUTE_NAMES), (0.3, 1, 24, 0.15, 0, 70, 90_000, 3), strict=True))
    gold = AnOffer("GOLD", "card_gold", known)
    labels = card_take_up_labels(bank_of(requests=[a_request()]), (gold,), END)
    assert labels.offer_attributes == ATTRIBUTE_NAMES
    np.testing.assert_array_equal(labels.offer_values, [[3, 90_000, 70, 0, 0.15, 24, 1, 0.3]])


def test_pairs_carry_the_moment_in_utc(bank_of: BankOf):
    pairs = default_labels(bank_of(loans=[a_loan()]), END).pairs()
    assert pairs.to_pylist() == [{"customer_id": "c1", "as_of": ASKED}]


def test_a_label_can_be_known_once_its_window_is_over_and_that_of_a_loan_once_its_state_was_seen(bank_of: BankOf):
    loan = default_labels(bank_of(loans=[a_loan()]), END)
    assert loan.known_at.tolist() == [END.replace(tzinfo=None)]
    card = card_take_up_labels(bank_of(requests=[a_request()]), OFFERS, END)
    assert set(card.known_at.tolist()) == {(ASKED + YEAR).replace(tzinfo=None)}


def test_the_states_of_loans_were_known_when_the_last_was_looked_at_not_when_each_ended(bank_of: BankOf):
    ended = a_loan(instalment_id="i2", status="defaulted", status_at=ASKED + DAY)
    assert set(default_labels(bank_of(loans=[a_loan(), ended]), END).known_at.tolist()) == {END.replace(tzinfo=None)}

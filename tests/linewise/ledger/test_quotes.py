"""A quote reserves when it is made, stands once a customer and thing, and gives back at its end what it reserved."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from linewise.core.errors import BudgetSpent, Conflict, QuoteEnded, UnknownQuote
from linewise.core.home import Home
from linewise.ledger.quotes import end_quote, quotes_of_decision, read_quote, release_expired, standing_quotes
from linewise.ledger.store import Ledger, open_ledger
from tests.linewise.ledger.promises import NOW, a_quote, booked, budget, funded, quoted, stands, status_of

DAY = timedelta(days=1)


def test_a_quote_reserves_and_is_found_standing(ledger: Ledger):
    funded(ledger)
    made = quoted(ledger, a_quote(), 600)
    assert stands(ledger) == (600, 0, 0)
    with ledger.engine.connect() as connection:
        assert standing_quotes(connection, ["C1", "C2"], NOW) == [made]
        assert quotes_of_decision(connection, "D-Q1") == [made]


def test_a_second_agent_gets_the_quote_of_the_first_and_reserves_nothing_more(ledger: Ledger):
    funded(ledger)
    first = quoted(ledger, a_quote(), 600)
    second = quoted(ledger, a_quote("Q2", amount_amt=900), 900)
    assert second == first
    assert stands(ledger) == (600, 0, 0)
    with ledger.engine.connect() as connection:
        assert quotes_of_decision(connection, "D-Q2") == [first]


def test_customers_and_things_have_quotes_of_their_own(ledger: Ledger):
    made = [
        quoted(ledger, quote)
        for quote in (
            a_quote("Q1"),
            a_quote("Q2", "C2"),
            a_quote("Q3", kind="plan", action_id="PLAN-12", slot="PLAN-12:600"),
            a_quote("Q4", kind="plan", action_id="PLAN-12", slot="PLAN-12:700"),
        )
    ]
    assert [one.quote_id for one in made] == ["Q1", "Q2", "Q3", "Q4"]


def test_where_the_budget_is_spent_nothing_is_promised(ledger: Ledger):
    funded(ledger, 1_000)
    quoted(ledger, a_quote(), 600)
    with pytest.raises(BudgetSpent, match=r"'exposure-11' has not that much left"):
        quoted(ledger, a_quote("Q2", "C2"), 401)
    assert stands(ledger) == (600, 0, 0)
    with pytest.raises(UnknownQuote), ledger.engine.connect() as connection:
        read_quote(connection, "Q2")


def test_what_customers_ask_for_draws_on_its_own_pot(ledger: Ledger):
    funded(ledger, 1_000, request_share_ratio=0.4)
    with pytest.raises(BudgetSpent):
        quoted(ledger, a_quote(), 601)
    quoted(ledger, a_quote("Q2", pot="requested"), 400)
    assert (stands(ledger), stands(ledger, pot="requested")) == ((0, 0, 0), (400, 0, 0))


def test_a_quote_past_its_date_gives_back_exactly_what_it_reserved(ledger: Ledger):
    funded(ledger)
    quoted(ledger, a_quote(), 600)
    assert release_expired(ledger, NOW + 14 * DAY) == 0
    assert release_expired(ledger, NOW + 15 * DAY) == 1
    assert release_expired(ledger, NOW + 15 * DAY) == 0
    assert (stands(ledger), status_of(ledger)) == ((0, 0, 600), "expired")
    assert quoted(ledger, a_quote("Q2"), 700).quote_id == "Q2"


@pytest.mark.parametrize("how", ["withdrawn", "declined", "replaced"])
def test_a_quote_that_ends_gives_back_once(ledger: Ledger, how: str):
    funded(ledger)
    made = quoted(ledger, a_quote(), 600)
    for is_first in (True, False):
        with ledger.writing() as connection:
            assert end_quote(connection, made, how, "a fraud case was opened", NOW) is is_first
    assert (stands(ledger), status_of(ledger)) == ((0, 0, 600), how)
    with pytest.raises(QuoteEnded, match=f"is {how}") as told:
        booked(ledger)
    # What withdrew it may be a fact of which nobody at a counter is told.
    assert ("fraud" in str(told.value)) is (how != "withdrawn")


class Desk(RuleBasedStateMachine):
    """Quotes, bookings and expiries in any order, on a budget of one thousand."""

    ledger: Ledger

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.ledger = open_ledger(Home(Path(self.folder.name)))
        self.amounts: dict[str, int] = {}
        self.reserved_ever_amt = 0
        self.now = NOW
        funded(self.ledger)

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @rule(amount_amt=st.integers(1, 700), days=st.integers(0, 3), customer=st.integers(0, 4))
    def quote(self, amount_amt: int, days: int, customer: int) -> None:
        name = f"Q{len(self.amounts)}"
        new = a_quote(name, f"C{customer}", amount_amt=amount_amt, made_at=self.now, valid_until=self.now + days * DAY)
        left_amt = budget(self.ledger).proposed.left_amt
        try:
            made = quoted(self.ledger, new, amount_amt)
        except BudgetSpent:
            assert amount_amt > left_amt
        else:
            if made.quote_id == name:
                self.amounts[name] = amount_amt
                self.reserved_ever_amt += amount_amt

    @precondition(lambda self: self.amounts)
    @rule(data=st.data(), amount_off=st.sampled_from([0, 0, 0, 1]))
    def book(self, data: st.DataObject, amount_off: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.amounts)))
        try:
            booked(self.ledger, name, self.amounts[name] + amount_off, f"core-{name}", self.now)
        except (QuoteEnded, Conflict):
            return
        assert amount_off == 0

    @rule()
    def a_day_passes(self) -> None:
        self.now += DAY
        release_expired(self.ledger, self.now)

    @invariant()
    def nothing_is_lost_and_nothing_spent_twice(self) -> None:
        reserved_amt, consumed_amt, released_amt = stands(self.ledger)
        assert reserved_amt + consumed_amt <= 1_000
        assert reserved_amt + consumed_amt + released_amt == self.reserved_ever_amt
        by_status: dict[str, int] = {}
        for name, amount_amt in self.amounts.items():
            status = status_of(self.ledger, name)
            by_status[status] = by_status.get(status, 0) + amount_amt
        assert (by_status.get("standing", 0), by_status.get("booked", 0)) == (reserved_amt, consumed_amt)
        assert by_status.get("expired", 0) == released_amt


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)

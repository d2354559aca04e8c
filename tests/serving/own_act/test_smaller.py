"""A customer takes a smaller raise than was quoted, on the page of their own act: its costs and its consent."""

import re

import pytest

from linewise.core.errors import Conflict
from linewise.ledger.bookings import book
from linewise.ledger.quotes import Quote, read_quote
from serving.scoring.own_act_terms import MOST_AMOUNTS, amounts_of
from tests.serving.agent.reading import text_of
from tests.serving.own_act.phone_sale import NOW, Sale
from tests.serving.own_act.test_page import Visit, Visitor, visit

__all__ = ["visit"]

LESS = "2400000"


def choosing(visitor: Visitor, amount: str, **more: str) -> Visitor:
    visitor.page = visitor.client.get(visitor.place, params={"amount": amount, "lang": "en"} | more)
    return visitor


def left_of(visitor: Visitor) -> str:
    found = re.search(r'data-left="(\d+)"', visitor.page.text)
    assert found
    return found[1]


def quote_of(sale: Sale) -> Quote:
    with sale.ledger.engine.connect() as connection:
        return read_quote(connection, f"{sale.decision_id}-LIMIT")


def test_the_costs_follow_the_choice_without_a_script_and_the_consent_is_to_it(visit: Visit):
    visitor = choosing(visit("LIMIT"), LESS)
    said = text_of(visitor.page)
    assert "Your new limit CN¥24,000.00" in said
    assert "choose the amount above" in said
    sent = visitor.sale.act.terms_hash
    done = visitor.reads().send(amount=LESS)
    assert "Your new limit CN¥24,000.00" in text_of(done)
    quote = quote_of(visitor.sale)
    assert (visitor.outcomes, quote.amount_amt, quote.terms["quoted_amt"]) == (["ordered"], 2_400_000, 3_000_000)
    assert visitor.sale.act.terms_hash not in {sent, ""}


def test_another_amount_is_read_from_when_it_is_first_shown_and_a_language_goes_on_with_it(visit: Visit):
    visitor = visit("LIMIT").reads()
    choosing(visitor, LESS)
    assert visitor.send(amount=LESS).status_code == 422
    visitor.sale.walls.on(seconds=int(left_of(visitor)) - 1)
    opening = re.search(r'name="opening" value="([^"]+)"', visitor.page.text)
    assert opening
    choosing(visitor, LESS, lang="zh-CN", opening=opening[1])
    assert "新额度 ¥24,000.00" in text_of(visitor.page)
    # What is left is what the other language has to read more.
    assert int(left_of(choosing(visitor, LESS, opening=opening[1]))) == 1
    assert visitor.reads().send(amount=LESS).status_code == 200
    assert visitor.outcomes == ["ordered"]


@pytest.mark.parametrize("amount", ["3100000", "2000000", "2450000", "-1", "many", "９", "1e6", "9" * 40])
def test_what_is_not_to_be_had_is_shown_as_what_was_quoted_and_never_agreed_to(visit: Visit, amount: str):
    visitor = choosing(visit("LIMIT"), amount)
    assert "Your new limit CN¥30,000.00" in text_of(visitor.page)
    choosing(visitor, LESS).reads()
    visitor.send(amount=amount)
    assert visitor.outcomes == []
    assert quote_of(visitor.sale).amount_amt == 3_000_000


def test_a_plan_is_taken_whole(visit: Visit):
    visitor = choosing(visit(), "100000")
    assert 'name="amount" value="120000"' in visitor.page.text
    assert "<select" not in visitor.page.text


def test_the_booking_takes_what_was_agreed_to_and_nothing_else(visit: Visit):
    visitor = choosing(visit("LIMIT"), LESS).reads()
    visitor.send(amount=LESS)
    sale, quote_id = visitor.sale, quote_of(visitor.sale).quote_id
    for amount_amt in (3_000_000, 2_300_000):
        with pytest.raises(Conflict, match="stands for 2400000"), sale.ledger.writing() as connection:
            book(connection, quote_id, amount_amt, sale.walls.bank, "core-1", sale.walls.bank)
    with sale.ledger.writing() as connection:
        made, _ = book(connection, quote_id, 2_400_000, sale.walls.bank, "core-1", sale.walls.bank)
    assert made.exposure_amt == 400_000


def test_a_customer_who_agreed_to_less_was_asked_once(visit: Visit):
    visitor = choosing(visit("LIMIT"), LESS).reads()
    whole = visitor.send(amount=LESS)
    again = visitor.send(amount=LESS)
    assert text_of(whole) == text_of(again)
    assert visitor.outcomes == ["ordered"]


@pytest.mark.parametrize(
    ("amount_amt", "current_amt", "step_amt", "expected"),
    [
        (500, 200, 100, [500, 400, 300]),
        (500, 450, 100, [500]),
        (500, 250, 100, [500, 400, 300]),
        (500, 200, 0, [500]),
    ],
)
def test_the_amounts_are_steps_down_to_above_the_limit_of_today(
    amount_amt: int, current_amt: int, step_amt: int, expected: list[int]
):
    terms = {"current_amt": current_amt, "exposure_amt": amount_amt - current_amt}
    quote = Quote("Q", "C", "D", "limit", "LIMIT", amount_amt, NOW, NOW, terms)
    assert amounts_of(quote, step_amt) == expected
    long = amounts_of(Quote("Q", "C", "D", "limit", "LIMIT", 50_000_000, NOW, NOW, {"current_amt": 0}), 100_000)
    assert len(long) <= MOST_AMOUNTS

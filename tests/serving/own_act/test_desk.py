"""An order of a limit or a plan by phone is the customer's own act: done once, in time, on the terms that were sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from linewise.core.errors import Conflict, OwnActNeeded, UsageError
from linewise.core.home import Home
from linewise.ledger.call_telling import ring, tell
from linewise.ledger.calls import PhoneCall, Told, events_of_call
from linewise.ledger.contacts import contacts_of
from linewise.ledger.duties import complete_duty, duties_of_decision, open_duties
from linewise.ledger.erasing import erase_customer
from linewise.ledger.holds import legal_hold
from linewise.ledger.looks import looks_at
from linewise.ledger.outbox import TAKEN_FOR, end_message, secret_of, take
from linewise.ledger.outcomes import outcomes_of
from linewise.ledger.own_acts import acts_of_decision, is_agreed
from linewise.ledger.quote_tables import quotes
from linewise.ledger.quotes import end_quote, quotes_of_decision, read_quote
from linewise.ledger.retention import purge
from linewise.ledger.store import open_ledger
from serving.scoring.observing import Observer
from serving.scoring.own_act_desks.agents import AgentsDesk
from serving.scoring.own_act_desks.customers import CustomersDesk
from serving.scoring.own_acting import MOST_LINKS
from tests.serving.own_act.phone_sale import HOUR, NOW, PAPER_RULE, TABLE_RULE, MakeSale, Sale


def desk_of(sale: Sale) -> AgentsDesk:
    return AgentsDesk(lambda: sale)


def page_of(sale: Sale) -> CustomersDesk:
    return CustomersDesk(lambda: sale)


def told(sale: Sale, outcome: str = "ordered") -> list[dict[str, Any]]:
    return [dict(one) for one in outcomes_of(sale.ledger, sale.decision_id) if one["outcome"] == outcome]


def states(sale: Sale) -> list[str]:
    """What the call's stream told of the acts."""
    return [one.details["state"] for one in events_of_call(sale.ledger, sale.call_id) if one.kind == "own_act"]


# ---- the agent's part, and what it does not complete ----------------------------------------------------------


@pytest.mark.parametrize("action_id", ["PLAN-3", "LIMIT"])
def test_a_yes_on_the_phone_waits_for_the_customer_and_is_ordered_by_nobody_else(make_sale: MakeSale, action_id: str):
    sale = make_sale().yes(action_id)
    assert (sale.act.action_id, sale.act.ended_as, states(sale)) == (action_id, "", ["awaiting_customer"])
    with pytest.raises(OwnActNeeded, match="act_reference"):
        sale.say("ordered", action_id)
    with pytest.raises(OwnActNeeded):
        sale.say("ordered", action_id, agent_id="core-system", call_id="")
    assert told(sale) == []


@pytest.mark.parametrize("said", [(), ("accepted", "disclosure_read"), ("disclosure_read", "consent_captured")])
def test_without_a_yes_that_was_captured_nothing_is_sent(make_sale: MakeSale, said: tuple[str, ...]):
    sale = make_sale()
    for outcome in said:
        sale.say(outcome)
    assert take(sale.ledger, NOW) == []


def test_what_is_owed_before_an_order_is_done_before_a_link_is_sent(make_sale: MakeSale):
    sale = make_sale()
    paper = sale.duty("REQUIRE_DOC", "customer", PAPER_RULE)
    with sale.ledger.writing() as connection:
        open_duties(connection, [paper])
    desk = desk_of(sale)
    sale.yes()
    (waiting,) = desk.unsent(sale.call_id, sale.customer_id)
    assert (waiting.action_id, waiting.owed, take(sale.ledger, NOW)) == ("PLAN-3", ["say it"], [])
    send = (sale.decision_id, "PLAN-3", sale.call_id, "anna")
    with pytest.raises(Conflict, match=PAPER_RULE):
        desk.send_link(*send)
    complete_duty(sale.ledger, paper.duty_id, "paper of May", "olga", NOW)
    desk.send_link(*send)
    assert desk.unsent(sale.call_id, sale.customer_id) == []
    assert page_of(sale).agree(sale.token, sale.act.terms_hash) == "agreed"


def test_a_link_is_sent_again_a_few_times_and_only_for_what_was_consented_to(make_sale: MakeSale):
    sale = make_sale().yes()
    desk, send = desk_of(sale), (sale.decision_id, "PLAN-3", sale.call_id, "anna")
    for _ in range(MOST_LINKS - 1):
        sale.walls.on(seconds=1)
        desk.send_link(*send)
    with pytest.raises(Conflict, match="5 links"):
        desk.send_link(*send)
    with pytest.raises(Conflict, match="consented"):
        desk.send_link(sale.decision_id, "LIMIT", sale.call_id, "anna")
    assert [one.ended_as for one in _acts(sale)] == ["replaced"] * (MOST_LINKS - 1) + [""]


def test_a_quote_that_was_taken_back_by_another_answer_takes_the_link_with_it(make_sale: MakeSale):
    sale = make_sale().yes()
    token = sale.token
    sale.say("declined", reason_code="price")
    found = page_of(sale).look(token)
    assert found is not None
    assert (found.stands, found.terms, states(sale)[-1]) == ("taken_back", {}, "taken_back")
    assert take(sale.ledger, NOW) == []


# ---- agreeing ---------------------------------------------------------------------------------------------------


def test_the_customer_agrees_once_however_often_it_is_sent(make_sale: MakeSale):
    sale = make_sale().yes()
    page, token, seen = page_of(sale), sale.token, sale.act.terms_hash
    assert [page.agree(token, seen) for _ in range(3)] == ["agreed"] * 3
    assert page.refuse(token) == "agreed"
    (order,) = told(sale)
    assert (order["channel"], order["agent_id"], order["offer_id"]) == ("web", "anna", "PLAN-3")
    assert (sale.act.way, sale.act.outcome_id) == ("page", order["outcome_id"])
    assert states(sale) == ["awaiting_customer", "agreed"]
    assert told(sale, "declined") == []


def test_an_order_ends_what_the_customer_was_owed_by_it_and_prolongs_the_quote(make_sale: MakeSale):
    sale = make_sale(quote_days=0.5).yes()
    page_of(sale).agree(sale.token, sale.act.terms_hash)
    acts = {one["rule_id"]: one["acts"] for one in duties_of_decision(sale.ledger, sale.decision_id)}
    assert [(act["by"], act["evidence"]) for act in acts[TABLE_RULE]] == [
        ("customer", f"own act (page): {sale.act.act_id}")
    ]
    with sale.ledger.engine.connect() as connection:
        assert read_quote(connection, sale.act.quote_id).valid_until > NOW + 24 * HOUR
    assert [one.kind for one in contacts_of(sale.ledger, [sale.customer_id], NOW)][-1] == "accepted"


def test_a_no_declines_the_quote_for_a_reason_or_for_none(make_sale: MakeSale):
    for reason, kept in [("price", "price"), ("", "not_said")]:
        sale = make_sale().yes()
        assert [page_of(sale).refuse(sale.token, reason) for _ in range(1)] == ["refused"]
        assert [one["reason_code"] for one in told(sale, "declined")] == [kept]
        with sale.ledger.engine.connect() as connection:
            assert read_quote(connection, sale.act.quote_id).status == "declined"
        assert states(sale) == ["awaiting_customer", "refused"]


def test_two_tabs_with_a_yes_and_a_no_have_one_answer(make_sale: MakeSale):
    sale = make_sale().yes()
    page, token, seen = page_of(sale), sale.token, sale.act.terms_hash
    assert (page.refuse(token), page.agree(token, seen), page.refuse(token)) == ("refused",) * 3
    assert told(sale) == []


def test_what_was_seen_is_what_is_agreed_to(make_sale: MakeSale):
    sale = make_sale().yes()
    assert page_of(sale).agree(sale.token, "0" * 64) == "stopped"
    assert told(sale) == []


@pytest.mark.parametrize(
    "altered",
    [{"amount_amt": 120_001}, {"terms": '{"annualised_rate_ratio": 0.0001}'}, {"customer_id": "C-other"}],
    ids=lambda one: next(iter(one)),
)
def test_terms_that_were_altered_since_cannot_be_agreed_to(make_sale: MakeSale, altered: dict[str, Any]):
    sale = make_sale().yes()
    with sale.ledger.writing() as connection:
        connection.execute(update(quotes).where(quotes.c.quote_id == sale.act.quote_id).values(**altered))
    found = page_of(sale).look(sale.token)
    assert found is not None
    assert (found.stands, found.terms) == ("stopped", {})
    assert page_of(sale).agree(sale.token, sale.act.terms_hash) == "stopped"
    assert told(sale) == []


# ---- in time ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote_days", "hours", "stands"),
    [
        (7.0, 23.99, "awaiting_customer"),
        (7.0, 24.01, "expired"),
        (0.5, 11.9, "awaiting_customer"),
        (0.5, 12.1, "expired"),
    ],
)
@pytest.mark.parametrize("moves", ["both", "wall", "bank"])
def test_a_link_holds_a_day_and_never_past_its_quote_by_whichever_clock_moves(
    make_sale: MakeSale, quote_days: float, hours: float, stands: str, moves: str
):
    sale = make_sale(quote_days=quote_days).yes()
    token, seen = sale.token, sale.act.terms_hash
    for name in ("wall", "bank") if moves == "both" else (moves,):
        setattr(sale.walls, name, NOW + hours * HOUR)
    found = page_of(sale).look(token)
    assert found is not None
    assert found.stands == stands
    assert page_of(sale).agree(token, seen) == ("agreed" if stands == "awaiting_customer" else "expired")
    assert len(told(sale)) == (stands == "awaiting_customer")


def test_after_a_link_is_over_the_quote_stands_and_a_new_consent_sends_a_new_link(make_sale: MakeSale):
    sale = make_sale().yes()
    first = sale.token
    sale.walls.on(hours=25)
    with sale.ledger.engine.connect() as connection:
        assert {one.status for one in quotes_of_decision(connection, sale.decision_id)} == {"standing"}
    sale.call_id = "call-later"
    sale.yes()
    assert [one.ended_as for one in _acts(sale)] == ["expired", ""]
    found = page_of(sale).look(first)
    assert found is not None
    assert found.stands == "expired"


def test_a_newer_link_for_the_same_replaces_the_older_one(make_sale: MakeSale):
    sale = make_sale().yes()
    first = sale.token
    sale.call_id = "call-again"
    sale.walls.on(seconds=1)
    sale.yes()
    found = page_of(sale).look(first)
    assert found is not None
    assert found.stands == "replaced"
    assert [one.secret for one in take(sale.ledger, NOW)] == [sale.token]
    assert page_of(sale).agree(sale.token, sale.act.terms_hash) == "agreed"


def _acts(sale: Sale) -> list[Any]:
    with sale.ledger.engine.connect() as connection:
        return list(acts_of_decision(connection, sale.decision_id))


# ---- withdrawn ----------------------------------------------------------------------------------------------------


def _flag(flag: str) -> Callable[[Sale], None]:
    return lambda sale: sale.flag(flag)


def _withdrawn(sale: Sale) -> None:
    with sale.ledger.writing() as connection:
        end_quote(connection, read_quote(connection, sale.act.quote_id), "withdrawn", "BANK-FRAUD-CREDIT", NOW)


def _owed_since(sale: Sale) -> None:
    with sale.ledger.writing() as connection:
        open_duties(connection, [sale.duty("HUMAN_REVIEW", "reviewer", "CN-REVIEW")])


def _later_call(sale: Sale) -> None:
    call = PhoneCall(f"later-{sale.call_id}", sale.customer_id, sale.walls.bank, sale.walls.wall)
    flag = Told("e-later", "flagged", "telephony", sale.walls.bank, sale.walls.wall, details={"flag": "fraud"})
    with sale.ledger.writing() as connection:
        ring(connection, call, sale.walls.bank)
        tell(connection, call.call_id, flag, sale.walls.bank)


@pytest.mark.parametrize(
    "happens",
    [_flag("complaint"), _flag("fraud"), _flag("hardship"), _flag("bereavement"), _withdrawn, _owed_since, _later_call],
)
def test_what_was_withdrawn_since_cannot_be_agreed_to_and_nobody_is_told_why(
    make_sale: MakeSale, happens: Callable[[Sale], None]
):
    sale = make_sale().yes()
    token, seen = sale.token, sale.act.terms_hash
    happens(sale)
    found = page_of(sale).look(token)
    assert found is not None
    assert (found.stands, found.terms) == ("stopped", {})
    assert page_of(sale).agree(token, seen) == "stopped"
    assert [one.stands for one in desk_of(sale).of_call(sale.call_id)] == ["stopped"]
    assert told(sale) == []
    assert page_of(sale).refuse(token) == "refused"


# ---- elsewhere ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["app", "web", "branch", "letter"])
def test_an_order_that_the_customer_made_elsewhere_is_theirs_with_what_shows_it(make_sale: MakeSale, act: str):
    sale = make_sale().yes()
    token = sale.token
    sale.say("ordered", act=act, act_reference="session-9", agent_id="", call_id="")
    assert (sale.act.ended_as, sale.act.way, sale.act.reference) == ("agreed", act, "session-9")
    assert page_of(sale).agree(token, sale.act.terms_hash) == "agreed"
    assert len(told(sale)) == 1
    # Told again by the core system under its own name: there is the customer's act for it.
    sale.say("ordered", agent_id="core-system", call_id="")


def test_an_order_elsewhere_needs_no_link_before_it(make_sale: MakeSale):
    sale = make_sale()
    sale.say("disclosure_read", "LIMIT")
    sale.say("ordered", "LIMIT", act="branch", act_reference="form-4711")
    with sale.ledger.engine.connect() as connection:
        assert is_agreed(connection, sale.decision_id, "LIMIT")
    assert (sale.act.token_hash, sale.act.way) == (None, "branch")


@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        ("ordered", {"act": "app"}),
        ("ordered", {"act_reference": "session-9"}),
        ("ordered", {"act": "app", "act_reference": " "}),
        ("accepted", {"act": "app", "act_reference": "session-9"}),
    ],
)
def test_an_act_without_what_shows_it_is_none(make_sale: MakeSale, outcome: str, more: dict[str, str]):
    sale = make_sale()
    with pytest.raises(UsageError):
        sale.say(outcome, **more)


@pytest.mark.parametrize("channel", ["app", "web"])
def test_what_was_decided_in_the_app_is_ordered_there_as_before(make_sale: MakeSale, channel: str):
    sale = make_sale(channel=channel)
    for outcome in ("accepted", "consent_captured", "ordered"):
        sale.say(outcome, "LIMIT")
    assert take(sale.ledger, NOW) == []
    assert len(told(sale)) == 1


@pytest.mark.parametrize(("channel", "is_sent"), [("branch", False), ("ivr", True)])
def test_at_a_counter_the_customer_signs_there_and_from_a_menu_they_are_sent_a_link(
    make_sale: MakeSale, channel: str, is_sent: bool
):
    sale = make_sale(channel=channel).yes("LIMIT")
    with pytest.raises(OwnActNeeded):
        sale.say("ordered", "LIMIT")
    assert [one.kind for one in take(sale.ledger, NOW)] == ["link"] * is_sent


# ---- the code -------------------------------------------------------------------------------------------------------


def _code(sale: Sale) -> str:
    return secret_of(sale.ledger, sale.act.act_id, "code", sale.walls.wall)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_code_that_the_customer_reads_back_orders_once(make_sale: MakeSale):
    sale = make_sale().yes()
    desk, act_id = desk_of(sale), sale.act.act_id
    assert desk.order_by_code(act_id, "123456") == "none"
    desk.send_code(act_id, "anna")
    code = _code(sale)
    assert desk.order_by_code(act_id, _wrong(code)) == "wrong"
    assert desk.order_by_code(act_id, f" {code[:3]} {code[3:]} ") == "agreed"
    assert desk.order_by_code(act_id, code) == "agreed"
    assert ([one["channel"] for one in told(sale)], sale.act.way) == (["voice"], "code")
    assert take(sale.ledger, sale.walls.wall) == []


def test_a_code_is_tried_five_times_and_three_are_the_most(make_sale: MakeSale):
    sale = make_sale().yes()
    desk, act_id = desk_of(sale), sale.act.act_id
    for number in range(3):
        desk.send_code(act_id, "anna")
        code = _code(sale)
        tried = [desk.order_by_code(act_id, _wrong(code)) for _ in range(5)]
        assert tried == ["wrong"] * 4 + ["used_up"]
        assert desk.order_by_code(act_id, code) == "used_up"
        assert desk.of_call(sale.call_id)[0].codes_left == 2 - number
    with pytest.raises(Conflict, match="3 codes"):
        desk.send_code(act_id, "anna")
    assert told(sale) == []


@pytest.mark.parametrize(("minutes", "becomes"), [(4.9, "agreed"), (5.1, "late"), (-4.9, "agreed"), (-5.1, "late")])
def test_a_code_holds_five_minutes_of_whichever_way_a_clock_was_set(make_sale: MakeSale, minutes: float, becomes: str):
    sale = make_sale().yes()
    desk_of(sale).send_code(sale.act.act_id, "anna")
    code = _code(sale)
    sale.walls.wall += minutes / 60 * HOUR
    assert desk_of(sale).order_by_code(sale.act.act_id, code) == becomes


def test_a_newer_code_takes_the_place_of_the_older(make_sale: MakeSale):
    sale = make_sale().yes()
    desk, act_id = desk_of(sale), sale.act.act_id
    desk.send_code(act_id, "anna")
    first = _code(sale)
    desk.send_code(act_id, "anna")
    assert first == _code(sale) or desk.order_by_code(act_id, first) == "wrong"
    assert desk.order_by_code(act_id, _code(sale)) == "agreed"


def test_nobody_sends_a_code_without_saying_that_the_costs_were_read_aloud(make_sale: MakeSale):
    sale = make_sale().yes()
    with pytest.raises(UsageError, match="read_aloud_by"):
        desk_of(sale).send_code(sale.act.act_id, " ")


# ---- messages, looks, erasing ---------------------------------------------------------------------------------------


def test_a_message_is_given_out_once_until_nothing_is_heard_of_it_and_forgotten_once_it_was_sent(make_sale: MakeSale):
    sale = make_sale().yes()
    (message,) = take(sale.ledger, NOW)
    assert (message.kind, message.customer_id, message.secret) == ("link", sale.customer_id, sale.token)
    assert take(sale.ledger, NOW) == []
    assert [one.message_id for one in take(sale.ledger, NOW + TAKEN_FOR)] == [message.message_id]
    assert [end_message(sale.ledger, message.message_id, "sent", NOW) for _ in range(2)] == [True, False]
    assert sale.token == ""
    assert take(sale.ledger, NOW + 2 * TAKEN_FOR) == []
    assert page_of(sale).look(message.secret) is not None


def test_each_opening_of_the_page_is_written_down_and_the_agent_sees_the_first(make_sale: MakeSale):
    sale = make_sale().yes()
    for _ in range(2):
        page_of(sale).look(sale.token)
    looks = looks_at(sale.ledger, customer_id=sale.customer_id)
    assert [(one["who"], one["why"], one["decision_id"]) for one in looks] == [
        ("link", "own_act", sale.decision_id)
    ] * 2
    assert states(sale) == ["awaiting_customer", "opened"]


def test_an_erased_customer_has_neither_link_nor_message_nor_code(make_sale: MakeSale):
    sale = make_sale().yes()
    token, act_id, seen = sale.token, sale.act.act_id, sale.act.terms_hash
    desk_of(sale).send_code(act_id, "anna")
    code = _code(sale)
    erase_customer(sale.ledger, sale.customer_id, "asked for it", "olga", NOW)
    assert page_of(sale).look(token) is None
    assert page_of(sale).agree(token, seen) is None
    assert take(sale.ledger, NOW) == []
    assert code
    assert [(one.stands, one.terms) for one in desk_of(sale).of_call(sale.call_id)] == [("stopped", {})]


def test_a_link_that_nobody_gave_leads_nowhere(make_sale: MakeSale):
    sale = make_sale().yes()
    for token in ("", "x", sale.token[:-1], sale.token + "A", sale.act.token_hash or ""):
        assert page_of(sale).look(token) is None
        assert page_of(sale).agree(token, sale.act.terms_hash) is None
        assert page_of(sale).refuse(token) is None


def test_acts_codes_and_messages_are_kept_as_long_as_their_decisions_and_longer_under_a_hold(make_sale: MakeSale):
    gone, held = make_sale().yes(), make_sale().yes()
    desk_of(gone).send_code(gone.act.act_id, "anna")
    legal_hold(held.ledger, held.customer_id, "a suit", "olga", NOW)
    years = {"full": 7, "batch": 3, "service": 2}
    purge(gone.ledger, years, NOW + 6 * 366 * 24 * HOUR, "olga")
    assert len(_acts(gone)) == 1
    purge(gone.ledger, years, NOW + 8 * 366 * 24 * HOUR, "olga")
    assert (_acts(gone), len(_acts(held))) == ([], 1)
    assert [one.customer_id for one in take(held.ledger, NOW)] == [held.customer_id]


def test_tabs_of_several_workers_that_agree_at_once_order_once(make_sale: MakeSale, home: Home):
    sale = make_sale().yes()
    token, seen = sale.token, sale.act.terms_hash
    ledgers = [open_ledger(home) for _ in range(3)]
    desks = [CustomersDesk(lambda one=one: SimpleNamespace(ledger=one, **vars_of(sale))) for one in ledgers]
    with ThreadPoolExecutor(9) as threads:
        stands = list(threads.map(lambda number: desks[number % 3].agree(token, seen), range(9)))
    for one in ledgers:
        one.close()
    assert (set(stands), len(told(sale))) == ({"agreed"}, 1)


def vars_of(sale: Sale) -> dict[str, Any]:
    return {name: getattr(sale, name) for name in ("clock", "recording", "settings", "observer")}


class Heard(Observer):
    """What whoever counts outcomes is told."""

    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def told(self, outcome: str) -> None:
        self.outcomes.append(outcome)


def test_who_counts_outcomes_is_told_of_each_once(make_sale: MakeSale):
    by_page, by_code, by_none = (make_sale(observer=Heard()).yes() for _ in range(3))
    for _ in range(2):
        page_of(by_page).agree(by_page.token, by_page.act.terms_hash)
        page_of(by_none).refuse(by_none.token)
    desk_of(by_code).send_code(by_code.act.act_id, "anna")
    code = _code(by_code)
    for _ in range(2):
        desk_of(by_code).order_by_code(by_code.act.act_id, code)
    heard = [one.observer.outcomes for one in (by_page, by_code, by_none)]
    assert heard == [["ordered"], ["ordered"], ["declined"]]

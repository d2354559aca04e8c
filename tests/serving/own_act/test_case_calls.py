"""A case file tells the calls with their events and what customers did themselves, and no price of anybody's time."""

import json

from linewise.ledger.call_telling import tell
from linewise.ledger.calls import Told
from serving.scoring.case_calls import call_of_case, calls_of_case, own_acts_of_case
from serving.scoring.own_act_desks.agents import AgentsDesk
from serving.scoring.own_act_desks.customers import CustomersDesk
from tests.serving.own_act.phone_sale import MakeSale


def test_a_case_tells_what_was_said_in_the_call_and_what_the_customer_did(make_sale: MakeSale):
    sale = make_sale().yes()
    inside = {"decision_id": sale.decision_id, "basis": "0f.1e", "second_amt": 12.5}
    decided = Told("d1", "decided", "service", sale.walls.bank, sale.walls.wall, details=inside)
    with sale.ledger.writing() as connection:
        tell(connection, sale.call_id, decided, sale.walls.bank)
    desk, act_id = AgentsDesk(lambda: sale), sale.act.act_id
    CustomersDesk(lambda: sale).look(sale.token)
    desk.send_code(act_id, "anna")
    desk.order_by_code(act_id, desk.secret_for_demo(act_id, "code"))
    (call,) = calls_of_case(sale.ledger, sale.customer_id)
    assert call_of_case(sale.ledger, sale.call_id) == [call]
    told = [(one["what"], one["said"].get("state", "")) for one in call["events"]]
    assert told == [
        ("ringing", ""),
        ("answered", ""),
        ("own_act", "awaiting_customer"),
        ("decided", ""),
        ("own_act", "opened"),
        ("own_act", "code_2"),
        ("own_act", "agreed"),
    ]
    assert not any(word in json.dumps(call) for word in ("12.5", "0f.1e", "basis"))
    (act,) = own_acts_of_case(sale.ledger, sale.decision_id)
    assert (act["ended_as"], act["way"], act["codes"][0]["read_aloud_by"]) == ("agreed", "code", "anna")
    assert call_of_case(sale.ledger, "") == []

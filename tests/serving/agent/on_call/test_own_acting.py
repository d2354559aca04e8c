"""What the agent sees of a customer's own act: how it stands, and in a demo alone what nobody sends there."""

import pytest

from linewise.core.settings import Settings
from serving.agent.on_call.own_acting import STATES, own_acts_of
from serving.scoring.own_act_desks.agents import AgentsDesk
from serving.scoring.own_act_desks.customers import CustomersDesk
from tests.serving.own_act.conftest import ledger, make_sale, walls
from tests.serving.own_act.phone_sale import MakeSale

__all__ = ["ledger", "make_sale", "walls"]


@pytest.mark.parametrize(("profile", "is_shown"), [("demo", True), ("embedded", False)])
def test_link_and_code_stand_on_the_screen_of_a_demo_alone(make_sale: MakeSale, profile: str, is_shown: bool):
    sale = make_sale(settings=Settings(profile=profile)).yes()
    desk = AgentsDesk(lambda: sale)
    desk.send_code(sale.act.act_id, "anna")
    (shown,) = own_acts_of(desk, sale.call_id)
    assert shown["demo_link"] == (f"/own/{sale.token}" if is_shown else "")
    assert bool(shown["demo_code"]) is is_shown
    assert (shown["says"], shown["codes_left"], shown["tries_left"]) == (STATES["awaiting_customer"][0], 2, 5)
    CustomersDesk(lambda: sale).agree(sale.token, sale.act.terms_hash)
    (shown,) = own_acts_of(desk, sale.call_id)
    assert (shown["says"], shown["mood"], shown["demo_link"]) == (*STATES["agreed"], "")

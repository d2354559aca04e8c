"""No offer of a live campaign is proposed to its control, whatever else is true; what is asked for by name is given."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.decisioning.rule import takers
from tests.builders import a_context, a_policy, decided, some_customers

CHANNELS = ("voice", "app", "web", "branch", "ivr")
OFFERS = a_policy().decision.offers
FOR_SALE = [one for one, serves in zip(OFFERS.offer_id, OFFERS.serves, strict=True) if not serves]
RULE = "BANK-CAMPAIGN-CONTROL"


def controls(*offer_ids: str) -> np.ndarray:
    return np.array([[one in offer_ids for one in OFFERS.offer_id]])


def asks_for(kind: str, offer_id: str = "") -> dict[str, Any]:
    amount = {"asked_amt": 2_000_000} if kind in {"limit", "plan"} else {}
    return {"is_customer_initiated": True, "asked_for": kind, "asked_offer_id": offer_id} | amount


def shown(context: dict[str, Any], **state: Any) -> set[str]:
    ranks = decided(context=a_context(**context), **state).offers.rank[0]
    return {one for one, rank in zip(OFFERS.offer_id, ranks, strict=True) if rank >= 0}


@given(
    held=st.lists(st.sampled_from(FOR_SALE), unique=True),
    channel=st.sampled_from(CHANNELS),
    asked=st.sampled_from([{}, asks_for("limit"), asks_for("plan"), *(asks_for("offer", one) for one in FOR_SALE)]),
    cell=st.sampled_from(["linewise", "exploration"]),
    seed=st.integers(0, 50),
)
def test_what_a_campaign_keeps_from_its_control_is_never_proposed_in_any_channel_nor_drawn(
    held: list[str], channel: str, asked: dict[str, Any], cell: str, seed: int
):
    customers = some_customers()
    customers.facts["standing_cell"] = np.array([cell], dtype=object)  # type: ignore[index]
    context = a_context(channel=channel, **asked)
    made = decided(customers, context=context, seed=seed, is_campaign_control=controls(*held)).offers
    given_anyway = {asked.get("asked_offer_id")}
    for place, offer_id in enumerate(OFFERS.offer_id):
        if offer_id in held and offer_id not in given_anyway:
            assert made.rank[0, place] < 0
            assert made.pscore[0, place] == 0.0


@pytest.mark.parametrize("offer_id", FOR_SALE)
def test_what_the_customer_asks_for_by_name_is_given_to_a_control_as_to_anybody(offer_id: str):
    asked = asks_for("offer", offer_id)
    assert (offer_id in shown(asked, is_campaign_control=controls(offer_id))) == (offer_id in shown(asked))


def test_beside_what_was_asked_for_by_name_nothing_of_a_campaign_is_proposed_to_its_control():
    asked = asks_for("offer", "CARD_GOLD")
    beside = shown(asked) - {"CARD_GOLD"}
    assert beside
    assert not beside & shown(asked, is_campaign_control=controls(*beside))


def test_who_asks_for_any_offer_hears_of_all():
    asked = asks_for("offer")
    assert shown(asked, is_campaign_control=controls(*FOR_SALE)) == shown(asked)


def test_help_is_kept_from_nobody():
    everything = np.ones((1, len(OFFERS)), dtype=bool)
    usual, held = decided(), decided(is_campaign_control=everything)
    assert held.offers.help_rank.tolist() == usual.offers.help_rank.tolist()
    assert not (held.offers.rank >= 0).any()


def test_a_control_is_told_why_in_the_contact_policy_and_others_lose_nothing_by_it():
    usual, held = decided(), decided(is_campaign_control=controls("CARD_GOLD"))
    place = OFFERS.offer_id.index("CARD_GOLD")
    took = takers(held.offers.rules, held.offers.hits[0, place], is_asked_for=False)
    assert [held.offers.rules[one].rule_id for one in took] == [RULE]
    assert held.offers.rules[took[0]].stage == "contact_policy"
    others = [one for one in range(len(OFFERS)) if one != place]
    assert held.offers.hits[0, others].tolist() == usual.offers.hits[0, others].tolist()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_reason_is_a_sentence_in_both_languages(language: str):
    (rule,) = (one for one in decided().offers.rules if one.rule_id == RULE)
    assert rule.because[language]
    assert rule.because["zh-CN"] != rule.because["en"]
    assert rule.tell == "agent"

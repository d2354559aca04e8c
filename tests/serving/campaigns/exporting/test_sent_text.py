"""What a gateway sends is one text for everybody, and says how to refuse."""

import re
from dataclasses import replace

import pytest

from linewise.core.errors import PolicyInvalid
from linewise.policy.catalogue import Catalogue
from serving.campaigns.exporting.sent_text import message_to_send
from tests.builders import a_policy

CATALOGUE = a_policy().catalogue
SIGNATURE = "某某银行"


def worded(text: str) -> Catalogue:
    """The catalogue, in which the golden card is put in other words."""
    offers = [
        replace(one, benefit=one.benefit.model_copy(update={"en": text})) if one.offer_id == "CARD_GOLD" else one
        for one in CATALOGUE.offers
    ]
    return replace(CATALOGUE, offers=tuple(offers))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_message_of_the_standard_catalogue_can_be_sent_and_refused(language: str) -> None:
    for offer in CATALOGUE.offers:
        text = message_to_send(CATALOGUE, offer.offer_id, "sms", language, SIGNATURE).says
        assert re.search(r"拒收请回复R$|Reply STOP to refuse\.$", text)


@pytest.mark.parametrize(
    "text", ["Dear ${name}", "Your limit is {amount}", "Hello {{name}}", "Code #code#", "You get %s", "A [[gift]]"]
)
def test_a_message_with_a_variable_is_refused(text: str) -> None:
    with pytest.raises(PolicyInvalid, match="variable"):
        message_to_send(worded(text), "CARD_GOLD", "sms", "en", SIGNATURE)


@pytest.mark.parametrize("text", ["Save 5% this month", "Fee & insurance in one", "Number 1 (one) card"])
def test_a_message_without_one_is_not(text: str) -> None:
    assert text in message_to_send(worded(text), "CARD_GOLD", "sms", "en", SIGNATURE).says


def test_a_message_that_does_not_say_how_to_refuse_is_refused() -> None:
    way = CATALOGUE.treatments["sms"].model_copy(update={"ending": None})
    catalogue = replace(CATALOGUE, treatments={**CATALOGUE.treatments, "sms": way})
    with pytest.raises(PolicyInvalid, match="how to refuse"):
        message_to_send(catalogue, "CARD_GOLD", "sms", "en", SIGNATURE)


def test_a_message_under_no_signature_is_refused() -> None:
    with pytest.raises(PolicyInvalid, match="CARD_GOLD by sms: it has no signature"):
        message_to_send(CATALOGUE, "CARD_GOLD", "sms", "en", "")

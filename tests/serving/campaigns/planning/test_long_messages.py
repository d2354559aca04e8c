"""Whoever plans is told which messages are billed more than once."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from linewise.policy.catalogue import Catalogue
from serving.campaigns.brief.reading import read_brief
from serving.campaigns.planning.listing import Listed, Words
from serving.campaigns.planning.long_messages import long_messages
from tests.builders import a_policy
from tests.serving.campaigns.briefs import brief_file


def worded(text: str) -> Catalogue:
    """The standard catalogue with the golden card put at greater length in English."""
    catalogue = a_policy().catalogue
    offers = [
        replace(one, benefit=one.benefit.model_copy(update={"en": text})) if one.offer_id == "CARD_GOLD" else one
        for one in catalogue.offers
    ]
    return replace(catalogue, offers=tuple(offers))


CATALOGUE = worded("A gold card without a fee in its first year, and lounges on the way")
WORDS = Words(("CARD_GOLD", "CARD_TRAVEL"), ("zh-CN", "en"), frozenset())
SMS, VOICE = 0, 1


def listed(*rows: tuple[int, int, int, bool]) -> Listed:
    """offer, channel, language and whether treated, of each."""
    offer, channel, language, treated = (np.array([row[at] for row in rows]) for at in range(4))
    nothing = np.zeros(len(rows), dtype=np.int64)
    of = dict.fromkeys(Listed.__slots__, nothing) | {"offer": offer, "channel": channel, "language": language}
    return Listed(**of | {"is_treated": treated.astype(bool)})


def told(folder: Path, rows: Listed, *changes: tuple[str, str]) -> list[str]:
    return list(long_messages(CATALOGUE, read_brief(brief_file(folder, *changes)), rows, WORDS))


def test_a_chinese_signature_makes_several_parts_of_an_english_message(tmp_path: Path) -> None:
    rows = listed((0, SMS, 1, True), (0, SMS, 1, True), (0, SMS, 0, True), (1, SMS, 1, False), (1, VOICE, 1, True))
    (note,) = told(tmp_path, rows)
    assert re.match(r"The message of CARD_GOLD in en is sent in 2 parts to 2 customers", note)
    assert "in UCS-2, by its signature 某某银行" in note
    assert told(tmp_path, rows, ("SMS_2201, signature: 某某银行", "SMS_2201, signature: Some Bank")) == []


@pytest.mark.parametrize("rows", [listed((0, VOICE, 1, True)), listed((0, SMS, 1, False))])
def test_what_nobody_is_sent_is_not_told_of(tmp_path: Path, rows: Listed) -> None:
    assert told(tmp_path, rows) == []


def test_a_campaign_without_messages_has_no_long_ones(tmp_path: Path) -> None:
    without = ("  - {channel: sms, a_day: 100, cost: 0.05}\n", "")
    assert told(tmp_path, listed((0, 0, 1, True)), without) == []

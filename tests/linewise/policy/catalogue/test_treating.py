"""How an action is put in each channel: within its length, in both languages, with an answer and an act."""

from itertools import product

import pytest

from linewise.policy.catalogue import load_catalogue, treated
from linewise.policy.catalogue.entry import CHANNELS
from linewise.policy.catalogue.texts import LANGUAGES, spoken_sentences

CATALOGUE = load_catalogue(None, "CNY")
PROPOSED = ("LIMIT", "PLAN-12")
CARRIED = [(one.offer_id, channel) for one in CATALOGUE.offers for channel in one.channels]
PUT = [*CARRIED, *product(PROPOSED, CHANNELS)]


def test_every_channel_has_a_treatment():
    assert set(CATALOGUE.treatments) == set(CHANNELS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_channel_says_fits_into_it_and_tells_how_to_answer_and_what_follows(language: str):
    too_long, silent = [], []
    for action_id, channel in PUT:
        put, way = treated(CATALOGUE, action_id, channel, language), CATALOGUE.treatments[channel]
        longest = way.longest_zh_count if language == "zh-CN" else way.longest_en_count
        too_long += [(action_id, channel)] * (len(put.says) > longest)
        silent += [(action_id, channel)] * (not all(put.as_json().values()))
    assert (too_long, silent) == ([], [])


def test_a_voice_menu_says_one_sentence_and_speaks_of_no_button():
    for action_id, channel in PUT:
        if channel == "ivr":
            for language in LANGUAGES:
                says = treated(CATALOGUE, action_id, channel, language).says
                assert len(spoken_sentences(says)) == 1
                assert not any(word in says.lower() for word in ("按", "键", "button", "press"))


def test_a_message_always_carries_the_way_to_refuse():
    assert treated(CATALOGUE, "AUTOPAY", "sms", "zh-CN").says.endswith("。拒收请回复R")
    assert treated(CATALOGUE, "AUTOPAY", "sms", "en").says.endswith(". Reply STOP to refuse.")


@pytest.mark.parametrize(
    ("channel", "uses", "act", "credit_act"),
    [
        ("voice", "talk_track", "consent_to_agent", "own_act_by_link"),
        ("branch", "talk_track", "consent_to_agent", "signed_here"),
        ("app", "benefit", "confirm_here", "own_act_here"),
        ("web", "benefit", "confirm_here", "own_act_here"),
        ("ivr", "menu_line", "by_agent", "own_act_by_link"),
    ],
)
def test_credit_is_ordered_by_the_customers_own_act_and_by_nobody_else(
    channel: str, uses: str, act: str, credit_act: str
):
    of_help = treated(CATALOGUE, "AUTOPAY", channel, "en")
    of_credit = [treated(CATALOGUE, one, channel, "en") for one in PROPOSED]
    of_credit += [
        treated(CATALOGUE, one.offer_id, channel, "en")
        for one in CATALOGUE.offers
        if one.is_credit and channel in one.channels
    ]
    assert (of_help.uses, of_help.act) == (uses, act)
    assert {one.act for one in of_credit} == {credit_act}


def test_the_words_stand_under_the_version_of_the_catalogue():
    assert treated(CATALOGUE, "LIMIT", "app", "en").version == CATALOGUE.version

"""Keys and modes that an agent chooses: what can be, what is kept, what no key ever does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.agent.preferences import KEYS, OFF_THE_CALL, Preferences, code_of, letter_of

CODES = [f"Key{one}" for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"] + [f"Digit{one}" for one in range(10)]


def test_everybodys_keys_are_all_different_and_none_of_them_consents():
    assert len({code for code, _ in KEYS.values()}) == len(KEYS)
    assert not {"consent", "sign", "order"} & set(KEYS)
    assert set(OFF_THE_CALL) <= set(KEYS)


@given(st.sampled_from([*CODES, "Slash", "Comma", "Period", "Semicolon"]))
def test_what_stands_on_a_key_leads_back_to_it(code: str):
    assert code_of(letter_of(code)) == code


@given(st.permutations(CODES))
def test_whatever_keys_are_chosen_come_back_as_they_were_kept(codes: list[str]):
    chosen = Preferences(is_novice=False, has_keys=False, keys=dict(zip(KEYS, codes, strict=False)))
    assert Preferences.chosen(chosen.as_json()) == chosen
    assert len(chosen.actions_by_key(in_call=True)) == len(KEYS)
    assert set(chosen.actions_by_key(in_call=False).values()) == set(OFF_THE_CALL)


@pytest.mark.parametrize(
    "kept",
    [{}, {"keys": {}}, {"keys": {"an_action_of_before": "KeyZ"}}, {"keys": {"accept": "KeyN"}}, {"colour": "red"}],
)
def test_what_is_not_known_or_cannot_be_any_more_is_as_it_is_for_everybody(kept: dict[str, object]):
    assert Preferences.chosen(kept) == Preferences()

"""The standard catalogue: every kind, in both languages, short enough to be said, priced as it is."""

import re
from dataclasses import replace

import numpy as np
import pytest

from linewise.policy.catalogue import load_catalogue
from linewise.policy.catalogue.credit import CreditTerms, annualised_cost
from linewise.policy.catalogue.entry import OfferEntry, Saving
from linewise.policy.catalogue.texts import LANGUAGES, SpeakingRate, spoken_sentences

RATE = re.compile(r"([0-9.]+)%")
CATALOGUE = load_catalogue(None, "CNY")
EVERY = pytest.mark.parametrize("action", CATALOGUE.offers, ids=lambda one: one.offer_id)


def test_there_are_actions_of_every_kind():
    assert {one.kind for one in CATALOGUE.offers} == {"service", "retention", "promotional", "mandatory"}


@EVERY
def test_words_keep_to_the_lengths_of_the_card_on_the_screen(action):
    assert len(action.title.zh_cn) <= 40
    assert len(action.title.en) <= 80
    assert len(spoken_sentences(action.talk_track.zh_cn)) <= 2
    assert len(spoken_sentences(action.talk_track.en)) <= 2
    spoken = [action.talk_track.zh_cn, action.terms.zh_cn, action.disclosure.text.zh_cn]
    if action.rebuttals is not None:
        spoken += [action.rebuttals.too_expensive.zh_cn, action.rebuttals.no_need.zh_cn]
    assert [one for text in spoken for one in spoken_sentences(text) if len(one) > 30] == []


@EVERY
def test_it_is_known_how_long_it_takes_to_say_it(action):
    assert set(action.say_seconds) == set(LANGUAGES)
    assert all(3 < seconds < 60 for seconds in action.say_seconds.values())


@EVERY
def test_what_is_sold_has_two_rebuttals_and_what_serves_costs_nothing(action):
    if action.kind in ("promotional", "retention"):
        assert action.rebuttals is not None
        assert action.margin_amt > 0
    else:
        assert (action.annual_fee_amt, action.is_credit, action.prior_take_up_ratio) == (0, False, None)


def test_retention_lives_within_a_budget_and_a_cap_per_customer():
    kept = [one.budget for one in CATALOGUE.offers if one.kind == "retention"]
    assert len(kept) == 2
    assert all(one is not None and 0 < one.grant_amt <= one.customer_year_amt < one.year_amt for one in kept)


@pytest.mark.parametrize("currency", ["CNY", "CZK", "EUR", "USD"])
def test_the_rate_that_is_stated_is_the_one_that_its_payments_cost(currency):
    credits = [one for one in load_catalogue(None, currency).offers if one.is_credit]
    assert len(credits) == 3
    for one in credits:
        stated = {
            float(figure) / 100 for text in one.disclosure.text.by_language().values() for figure in RATE.findall(text)
        }
        assert [*stated] == [pytest.approx(one.annualised_cost_ratio, abs=0.00011)]
        assert one.annualised_cost_ratio <= 0.24


def flat(term_months: int, flat_fee_ratio: float, **changes: object) -> CreditTerms:
    amounts = {"CNY": 12_000.0}
    values = {
        "purpose": "bill", "example": amounts, "minimum": amounts, "maximum": amounts,
        "term_months": term_months, "flat_fee_ratio": flat_fee_ratio, "stated_rate_ratio": 0.1,
    }  # fmt: skip
    return CreditTerms.model_validate(values | changes)


@pytest.mark.parametrize(
    ("term_months", "fee_ratio", "annualised"),
    # Computed by the internal rate of return of the payments.
    [(12, 0.0060, 0.1303), (6, 0.0075, 0.1527), (24, 0.0065, 0.1433), (3, 0.0095, 0.1702), (60, 0.0060, 0.1283)],
)
def test_a_flat_fee_on_the_first_amount_costs_what_the_regulators_table_says(term_months, fee_ratio, annualised):
    assert annualised_cost(flat(term_months, fee_ratio), "CNY") == pytest.approx(annualised, abs=0.00005)


def test_a_fee_kept_back_from_what_is_paid_out_raises_the_rate():
    assert annualised_cost(flat(12, 0.006, upfront_fee_ratio=0.02), "CNY") > 0.16


def test_two_cards_of_one_group_or_two_instalments_are_not_taken_together():
    together = CATALOGUE.may_be_taken_together
    assert not together("CARD_CLASSIC", "CARD_GOLD")
    assert not together("CASH_INSTALMENT", "BILL_INSTALMENT")
    assert not together("CARD_GOLD", "CARD_GOLD")
    assert together("CARD_GOLD", "BILL_INSTALMENT")
    assert together("PAYMENT_DATE", "PAYMENT_REMINDER")
    assert together("CARD_GOLD", "LEFT_THE_CATALOGUE")
    excludes = CATALOGUE.columns().excludes
    assert (excludes == excludes.T).all()
    assert not np.diag(excludes).any()


def entry(**changes: object) -> dict[str, object]:
    words = {"zh-CN": "字", "en": "word"}
    given: dict[str, object] = {
        "offer_id": "HELP", "kind": "service", "product": "a", "group": "a", "funded_by": "service",
        "valid_from": "2026-11-01", "channels": ["voice"], "title": words, "benefit": words, "talk_track": words,
        "terms": words, "disclosure": {"disclosure_id": "D", "version": "1", "text": words},
    }  # fmt: skip
    return given | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "promotional"}, "needs margin, take_up and rebuttals"),
        ({"take_up": "model"}, "sells nothing"),
        ({"annual_fee": {"CNY": 1}}, "sells nothing"),
        ({"increases_debt": True}, "needs its credit terms"),
        ({"quota": {"most_count": -1, "per": "day"}}, "most_count"),
        ({"channels": ["fax"]}, "channels"),
        ({"channels": []}, "channels"),
        ({"disclosure": {"disclosure_id": "D", "version": ""}}, "version"),
    ],
)
def test_an_entry_that_does_not_fit_its_kind_is_refused(changes, said):
    OfferEntry.model_validate(entry())
    with pytest.raises(ValueError, match=said):
        OfferEntry.model_validate(entry(**changes))


def test_a_figure_is_read_out_digit_by_digit():
    rate = SpeakingRate(zh_characters_a_minute=240, en_words_a_minute=120, source="k")
    assert rate.seconds("年化利率13.00%。", "zh-CN") == 3
    assert rate.seconds("The yearly rate is 13.00%.", "en") == 3


WAIVER = next(one for one in CATALOGUE.offers if one.offer_id == "FEE_WAIVER")
BOUGHT = replace(
    next(one for one in CATALOGUE.offers if one.offer_id == "CARD_TRAVEL"),
    saves=Saving(of="travel_sum_amt_180d", ratio=0.015, source="d: a test"),
)


@pytest.mark.parametrize(
    ("action", "of_amt", "saved_amt"),
    [
        (WAIVER, 5_000.0, 5_000),
        (WAIVER, 9_000_000.0, WAIVER.budget.grant_amt if WAIVER.budget else None),
        (WAIVER, 0.0, None),
        (WAIVER, float("nan"), None),
        # The fee of half a year comes off: below it nothing is saved, and nothing is said.
        (BOUGHT, 2_000_000.0, 30_000 - BOUGHT.annual_fee_amt // 2),
        (BOUGHT, 100_000.0, None),
        (CATALOGUE.offer("CARD_GOLD"), 9_000_000.0, None),
    ],
)
def test_what_an_action_would_have_saved_is_the_customers_own_and_said_only_where_it_is_something(
    action, of_amt, saved_amt
):
    assert action.saved_amt(of_amt) == saved_amt


def test_a_limit_and_a_plan_have_words_answers_to_objections_and_texts_to_read_short_enough_to_be_said():
    for words in (CATALOGUE.proposals.limit, CATALOGUE.proposals.plan):
        assert len(spoken_sentences(words.talk_track.zh_cn)) <= 2
        assert 1 <= len(words.disclosures) <= 2
        rebuttals = (words.rebuttals.too_expensive, words.rebuttals.no_need)
        spoken = [words.talk_track, *rebuttals, *(one.text for one in words.disclosures)]
        assert [one for text in spoken for one in spoken_sentences(text.zh_cn) if len(one) > 30] == []


def test_a_text_that_cannot_be_recorded_by_its_name_is_refused():
    words = {"zh-CN": "字", "en": "word"}
    for name in ("X" * 40, "TWO WORDS", "卡"):
        with pytest.raises(ValueError, match="recorded under its id and version"):
            OfferEntry.model_validate(entry(disclosure={"disclosure_id": name, "version": "1", "text": words}))

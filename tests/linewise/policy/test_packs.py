"""The packs hold every rule of conduct, and each rule keeps to its own examples."""

from typing import Any

import numpy as np
import pytest

from features.catalogue import FEATURES
from linewise.decisioning.rule import CandidateKind
from linewise.policy.rules import RuleSource, compile_rules, vocabulary
from tests.linewise.policy.rule_rows import PACKS, all_rules, caps, hits

CATALOGUE = """
CN-CC-03 CN-CC-41 CN-CC-44 CN-CC-45A CN-CC-45B CN-CC-45C CN-CC-50 CN-CC-51 CN-CC-61 CN-CC-68
CN-CC-70A CN-CC-70B CN-CC-70C CN-CC-70D
CN-13-01 CN-13-02 CN-13-03 CN-13-04 CN-13-05 CN-13-06 CN-13-07 CN-13-08 CN-13-10 CN-13-11 CN-13-12 CN-13-13
CN-13-14 CN-13-15 CN-13-16 CN-13-17 CN-BJ-01 CN-TMP
CN-APR-1 CN-APR-2 CN-PI-24A CN-PI-24B CN-PI-24C CN-PI-28 CN-PI-47 CN-PI-55 CN-CP-1 CN-CP-2 CN-SMS CN-TIME
CN-24 CN-RC-1 CN-GRACE CN-ALG-17 CN-CR-1 CN-AML-TIP CN-COMP
US-Z-51A US-Z-51B US-Z-51C US-Z-51D US-Z-9C US-B-9 US-B-9C US-FCRA-615A US-FCRA-624 US-FCRA-604E US-TCPA US-MRM
US-AMG-03
EU-GDPR-22 EU-AIA-5B EU-AIA-5F EU-CCD2-17 EU-CCD2-18 EU-CCD2-13 EU-CCD2-14 EU-CCD2-35
BANK-ATO BANK-PD BANK-ONE BANK-LAD BANK-STAFF ALL-Z
"""
"""The rules that the bank's compliance people listed, by their ids."""

MATRIX = """
BANK-COMPLAINT BANK-COMPLAINT-PLAN BANK-FRAUD BANK-FRAUD-CREDIT BANK-UNVERIFIED BANK-UNVERIFIED-CREDIT BANK-ARREARS
BANK-ARREARS-CREDIT BANK-ARREARS-PLAN BANK-HARDSHIP BANK-HARDSHIP-PLAN BANK-VULNERABLE BANK-VULNERABLE-PLAN
BANK-TONE BANK-OPTED-OUT BANK-OPTED-OUT-CREDIT BANK-ART70
BANK-DECLINED-OFFER BANK-DECLINED-GROUP BANK-POSTPONED BANK-LIMIT-DECLINED BANK-IMPRESSIONS BANK-SAYS-HELD
BANK-CALL-DECLINES BANK-HELD-OUT
"""
"""The matrix of service before sales, and how often the bank may propose something."""

ELIGIBLE = [feature.name for feature in FEATURES if "eligibility" in feature.allowed_for]

MOST_CHARACTERS = 30
"""A sentence is spoken: longer ones are not said to the end."""


def test_every_rule_that_was_listed_is_in_a_pack():
    listed = CATALOGUE.split()
    assert len(listed) == len(set(listed)) == 78
    assert {*listed, *MATRIX.split()} - {source.rule.rule_id for source in all_rules()} == set()


def test_an_id_names_the_pack_that_holds_it():
    strangers = [
        source.rule.rule_id
        for source in all_rules()
        if source.rule.rule_id.split("-")[0].lower() not in {source.pack, "all"}
    ]
    assert strangers == []


def each_rule() -> list[Any]:
    return [pytest.param(source, id=source.rule.rule_id) for source in all_rules()]


@pytest.mark.parametrize("source", each_rule())
@pytest.mark.parametrize("rows", [1, 3], ids=["one customer", "a chunk"])
def test_a_rule_keeps_to_its_examples(source: RuleSource, rows: int):
    for kind in source.rule.applies_to or [source.rule.scope]:
        names = vocabulary(kind, ELIGIBLE if source.rule.applies_to else ())
        compiled = compile_rules([source], names, kind)
        for example in source.rule.tests:
            given = {name: value for name, value in example.items() if name not in {"hits", "cap"}}
            assert set(given) <= set(names)
            found = compiled.evaluate({name: np.array([value] * rows) for name, value in given.items()}, rows)
            assert found.hit[:, 0].tolist() == [example["hits"]] * rows, example
            if "cap" in example:
                assert found.cap_amt[:, 0].tolist() == [example["cap"]] * rows


@pytest.mark.parametrize("source", each_rule())
def test_a_rule_has_an_example_of_each_side(source: RuleSource):
    expected = {True} if source.rule.effect == "CAP" else {True, False}
    assert {example["hits"] for example in source.rule.tests} >= expected


@pytest.mark.parametrize("source", each_rule())
def test_a_sentence_can_be_read_aloud(source: RuleSource):
    duty = source.rule.duty
    said = [source.rule.because, source.rule.neutral, duty.what if duty else None]
    for sentences in said:
        if sentences is not None:
            words = sentences.by_language()
            assert len(words["zh-CN"]) <= MOST_CHARACTERS
            assert words["en"][-1] == "."
            assert words["zh-CN"][-1] == "。"


@pytest.mark.parametrize("source", each_rule())
def test_a_rule_guards_credit_or_does_not_hinder_service(source: RuleSource):
    """Nothing at all is known: an act of service must pass, whatever else is unknown."""
    if "offer" not in source.rule.applies_to or source.rule.effect not in {"BLOCK", "SUPPRESS", "HUMAN_REVIEW"}:
        return
    compiled = compile_rules([source], vocabulary("offer", ELIGIBLE), "offer")
    of_service = {"action_kind": "service", "is_credit": 0.0, "is_new_card": 0.0, "increases_debt": 0.0}
    of_service |= {"is_prescreened": 0.0, "uses_affiliate_data": 0.0, "is_over_limit_service": 0.0}
    found = compiled.evaluate({name: np.array([value]) for name, value in of_service.items()}, 1)
    assert not found.hit.any()


@pytest.mark.parametrize("packs", [("cn", "bank"), ("us", "bank"), ("eu", "bank")])
@pytest.mark.parametrize("kind", ["limit", "plan"])
def test_of_whom_nothing_is_known_no_credit_is_given(packs: tuple[str, ...], kind: CandidateKind):
    hit = {rule for pack in packs for rule in hits(pack, kind)}
    effects = {source.rule.rule_id: source.rule.effect for source in all_rules()}
    assert {effects[rule] for rule in hit} & {"BLOCK", "REQUIRE_CONSENT"}


@pytest.mark.parametrize("pack", PACKS)
def test_a_cap_over_what_is_not_known_is_nothing(pack: str):
    of_effect = {source.rule.rule_id for source in all_rules() if source.rule.effect == "CAP"}
    assert {cap for rule, cap in caps(pack, "limit").items() if rule in of_effect} <= {0.0}


def test_what_must_not_be_told_sounds_the_same_whatever_it_is():
    secret = [source.rule for source in all_rules() if source.rule.tell == "risk_only"]
    assert {rule.rule_id for rule in secret} == {
        *(
            "BANK-ATO",
            "BANK-ATO-CASH",
            "BANK-BURST",
            "BANK-ATO-OFFER",
            "CN-13-17-OFFER",
            "BANK-FRAUD",
            "BANK-FRAUD-CREDIT",
            "CN-AML-TIP",
        ),
        *("CN-13-17", "CN-13-17-CASH", "CN-13-17-REVIEW"),
    }
    assert len({rule.neutral.en for rule in secret if rule.neutral}) == 1


def test_rules_that_hold_only_in_places_or_drafts_are_off_until_a_bank_switches_them_on():
    assert {source.rule.rule_id for source in all_rules() if not source.rule.is_on} == {"CN-TMP", "CN-INT-CAP"}


def test_every_pack_says_how_well_its_rules_are_known():
    for pack in PACKS:
        known = {source.rule.verified for source in all_rules() if source.pack == pack}
        assert known <= {"v", "k", "d"}
        assert "d" not in known or pack in {"cn", "bank"}

"""Catalogue, economics and sentences: complete in both languages, in the bank's currency, refused with a line."""

import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from features.catalogue import FEATURE_NAMES, FEATURES, Feature
from features.lineage import columns_needed
from linewise.core.errors import AssumptionExpired, PolicyInvalid
from linewise.policy.catalogue import load_catalogue
from linewise.policy.policy import load_policy
from linewise.policy.standard_folder import STANDARD
from tests.builders import TODAY, a_policy

NAMES = tuple(feature.name for feature in FEATURES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the standard policy for a test to spoil."""
    shutil.copytree(STANDARD, tmp_path / "policy")
    return tmp_path / "policy"


@pytest.mark.parametrize("currency", ["CNY", "CZK", "EUR", "USD"])
def test_the_standard_policy_loads_in_each_currency_it_names(currency: str):
    policy = a_policy(currency)
    assert len(policy.catalogue.offers) == 17
    assert policy.decision.limit.step_amt > 0
    assert len(policy.version) == 12


def test_a_currency_without_amounts_is_refused_and_says_where_to_add_it():
    with pytest.raises(PolicyInvalid, match=r"catalogue\.yaml.*KWD.*Add 'KWD"):
        load_policy(None, "KWD", NAMES, TODAY)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("catalogue.yaml", "tier: 2", "tier: two", "offers.1.tier"),
        (
            "catalogue.yaml",
            "excludes: [PURCHASE_INSTALMENT, CASH",
            "excludes: [PURCHASE_INSTALMENT, CAR",
            "'CAR_INSTALMENT'",
        ),
        ("catalogue.yaml", "relevant_when: [travel_sum_amt_365d]", "relevant_when: [travel_amt]", "travel_amt"),
        ("catalogue.yaml", "    never_obstructs_closing: true\n", "", "never_obstructs_closing"),
        ("catalogue.yaml", "nominal_rate_ratio: 0.1300", "flat_rate_ratio: 0.1300", "flat_rate_ratio"),
        ("catalogue.yaml", "offer_id: CARD_GOLD", "offer_id: CARD_CLASSIC", "more than once"),
        ("catalogue.yaml", "annual_fee: {CNY: 80, CZK: 250, EUR: 10, USD: 0}", "annual_fee: {CNY: -80}", "annual_fee"),
        ("catalogue.yaml", "tier: 3", "tier: 3\n    tier: 4", "stands twice|occurs twice"),
        ("economics.yaml", "value: 0.75, unit: share of the exposure at default", "value: 1.75, unit: x", "loss_given"),
        ("economics.yaml", "tax_ratio", "tax_rate", "tax_ra"),
        ("parameters.yaml", "value: 36,", "value: 35,", "reference_term_months"),
        ("parameters.yaml", "60]", "61]", "term_months"),
        ("parameters.yaml", "value: 3, unit: suggestions", "value: 4, unit: suggestions", "offers_shown_count"),
        ("reasons.yaml", "inputs: [history_days, tenure_days]", "inputs: [history_days, balance_amt]", "balance_amt"),
        ("reasons.yaml", "raises: {zh-CN: 近期入账水平不利。, en", "raises: {zh-CN: 近期入账水平不利。, fr", "raises"),
    ],
)
def test_a_mistake_in_a_policy_file_is_refused_by_name(folder: Path, file: str, old: str, new: str, said: str):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyInvalid, match=said) as refused:
        load_policy(folder, "CNY", NAMES, TODAY)
    assert file in str(refused.value)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("expires_on", "2026-11-01", "expires_on must be after effective_from, 2026-11-01"),
        ("expires_on", "", "expires_on"),
        ("value", "[[0.0, 0.5], [0.5, 0.4]]", "must rise from band to band"),
        ("value", "[[0.1, 0.1], [0.5, 0.9]]", "a higher limit would owe less at default"),
    ],
)
def test_an_assumption_that_cannot_hold_is_refused(folder: Path, field: str, value: str, said: str):
    name = "exposure_bands" if field == "value" else "funding_rate_ratio"
    change_assumption(folder, name, field, value)
    with pytest.raises(PolicyInvalid, match=said):
        load_policy(folder, "CNY", NAMES, TODAY)


def change_assumption(folder: Path, name: str, field: str, value: str) -> int:
    """Write another value of one field of an assumption; gives the line it stands on."""
    path = folder / "economics.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith(f"{name}:"))
    told = yaml.safe_load(lines[place])[name]
    told = {key: str(one) if isinstance(one, date) else one for key, one in told.items()}
    told[field] = yaml.safe_load(value) if value else None
    lines[place] = f"{name}: " + json.dumps({key: one for key, one in told.items() if one is not None}, default=str)
    lines[place] = re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", lines[place])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return place + 1


def test_an_assumption_holds_through_its_last_day_and_no_longer(folder: Path):
    line = change_assumption(folder, "funding_rate_ratio", "expires_on", "2026-11-23")
    load_policy(folder, "CNY", NAMES, TODAY)
    with pytest.raises(AssumptionExpired) as expired:
        load_policy(folder, "CNY", NAMES, TODAY + timedelta(days=1))
    told = str(expired.value)
    assert f"economics.yaml line {line}: the assumption funding_rate_ratio expired on 2026-11-23" in told
    assert "its owner (treasury)" in told
    assert (expired.value.http_status, expired.value.exit_code) == (503, 2)


def test_a_missing_file_says_what_belongs_there(folder: Path):
    (folder / "economics.yaml").unlink()
    with pytest.raises(PolicyInvalid, match=r"economics\.yaml is missing"):
        load_policy(folder, "CNY", NAMES, TODAY)


def test_any_change_of_a_file_is_another_version(folder: Path):
    before = load_policy(folder, "CNY", NAMES, TODAY).version
    path = folder / "economics.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("0.1490", "0.1500"), encoding="utf-8")
    assert load_policy(folder, "CNY", NAMES, TODAY).version != before


def test_an_offer_is_not_in_the_catalogue_before_its_first_day():
    assert load_catalogue(None, "CNY", TODAY.replace(year=2025)).offers == ()
    assert len(load_catalogue(None, "CNY").offers) == 17


def is_personal(feature: Feature) -> bool:
    return "customers.birth_date" in columns_needed(feature)


def test_reasons_name_features_that_exist_and_leave_no_permitted_one_without_a_sentence():
    coded = set(a_policy().reasons.code_of)
    known = set(NAMES)
    personal = {one.name for one in FEATURES if is_personal(one)}
    spoken_of = {one.name for one in FEATURES if {"risk", "take_up"} & set(one.allowed_for)} - personal
    assert coded <= known
    assert spoken_of <= coded


def test_a_protected_trait_is_never_a_reason():
    personal = {one.name for one in FEATURES if is_personal(one)}
    assert "age_years" in personal
    assert personal.isdisjoint(a_policy().reasons.code_of)


def test_sentences_that_are_spoken_stay_within_thirty_characters():
    book = a_policy().reasons
    spoken = [*book.against.values(), *book.in_favour.values(), *book.take_up.values(), *book.constraints.values()]
    assert [one.zh_cn for one in spoken if len(one.zh_cn) > 30] == []
    rules = [entry.because.zh_cn for entry in a_policy().rules.entries]
    assert [sentence for sentence in rules if len(sentence) > 30] == []
    assert not any(jargon in one.zh_cn for one in spoken for jargon in ("综合评分不足", "系统判定"))


def test_every_offer_has_its_disclosure_with_a_version():
    assert all(one.disclosure.version and one.disclosure.text.zh_cn for one in a_policy().catalogue.offers)


def test_instalments_of_the_catalogue_and_plans_cost_the_same():
    policy = a_policy()
    rates = policy.decision.plan.rate_ratios
    by_purpose = {"bill": "statement", "purchase": "purchase"}
    for offer, purpose in zip(policy.catalogue.offers, policy.decision.offers.credit_purpose, strict=True):
        if purpose in by_purpose:
            assert offer.annualised_cost_ratio == pytest.approx(rates[by_purpose[purpose]], abs=2e-4)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{A: 1.0, B: 0.95,", "{A: 0.9, B: 0.95,", "never rise"),
        ("hardship_burden_hazard: {value: 0.8", "hardship_burden_hazard: {value: 1.1", "hardship_burden_hazard"),
        (
            "hardship_personal_term_months: {value: [36, 48, 60]",
            "hardship_personal_term_months: {value: [36, 61]",
            "term",
        ),
        ("plan_fee_forms: {value: {purchase: reducing", "plan_fee_forms: {value: {purchase: balloon", "plan_fee_forms"),
    ],
)
def test_a_parameter_of_plans_or_help_that_cannot_be_is_refused(folder: Path, old: str, new: str, said: str):
    path = folder / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyInvalid, match=said):
        load_policy(folder, "CNY", FEATURE_NAMES, TODAY)

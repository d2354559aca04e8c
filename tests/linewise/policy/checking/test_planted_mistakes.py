"""Mistakes of many kinds, planted one at a time and all together: each is found in its file, on its line."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from linewise.core.actions import ACTION_KINDS
from linewise.policy.checking import Bank
from linewise.policy.standard_folder import STANDARD
from tests.linewise.policy.checking.folder import BANK, RULES, STOPS, a_folder, found_in, plant

CATALOGUE, BANK_RULES, REASONS = "catalogue.yaml", "rules/bank.yaml", "reasons.yaml"
ANOTHER_YOUNG = (
    "  - rule_id: TOO-YOUNG" + RULES.partition("  - rule_id: TOO-YOUNG")[2].partition("  - rule_id: MOST")[0]
)

# kind: (file, what stands there, what is planted with the line of the mistake after ¶, check, part of the problem)
PLANTED = {
    "an unknown column": (
        BANK_RULES,
        "when: age_years <",
        "¶when: agee_years <",
        "expression",
        "no column 'agee_years'",
    ),
    "a feature that may not decide on eligibility": (
        BANK_RULES,
        "when: is_student = 1 AND age_years < 25",
        "¶when: gambling_count_365d > 1",
        "expression",
        "gambling_count",
    ),
    "a text compared with a number": (
        BANK_RULES,
        "when: is_student = 1",
        "¶when: channel > 1",
        "expression",
        "channel",
    ),
    "a parameter without a value": (
        BANK_RULES,
        "params: {least_years",
        "params: {most_years",
        "expression",
        ":least_years",
    ),
    "a construct that is not allowed": (
        BANK_RULES,
        "when: age_years <",
        "¶when: length(channel) <",
        "expression",
        "not allowed",
    ),
    "an unknown effect": (BANK_RULES, "effect: BLOCK", "effect: VANISH", "shape", "effect must be one of"),
    "a key that is unknown": (
        BANK_RULES,
        "    verified: d\n",
        "¶    verifyed: d\n    verified: d\n",
        "shape",
        "unknown",
    ),
    "a language that is missing": (
        BANK_RULES,
        ", en: The customer is under eighteen.}",
        "}",
        "shape",
        "because.en",
    ),
    "dates of one id that overlap": (
        BANK_RULES,
        "  - rule_id: MOST-LENT",
        f"{ANOTHER_YOUNG}¶  - rule_id: MOST-LENT",
        "dates",
        "overlap",
    ),
    "an id that stands twice at different times": (
        BANK_RULES,
        "  - rule_id: MOST-LENT",
        ANOTHER_YOUNG.replace("2026-01-01", "2025-01-01\n    effective_to: 2025-12-31") + "¶  - rule_id: MOST-LENT",
        "ids",
        "stands in",
    ),
    "a rule that is over": (
        BANK_RULES,
        "    effective_from: 2026-01-01\n",
        "    effective_from: 2026-01-01\n¶    effective_to: 2026-02-01\n",
        "dates",
        "ended on 2026-02-01",
    ),
    "a condition that can never hold": (
        BANK_RULES,
        "when: is_student = 1 AND age_years < 25",
        "when: age_years < 20 AND age_years > 30",
        "contradiction",
        "never hold",
    ),
    "rules that leave nobody over": (
        BANK_RULES,
        "effect: REQUIRE_DOC\n    when: is_student = 1 AND age_years < 25",
        "effect: BLOCK\n¶    when: age_years >= 18",
        "contradiction",
        "takes every limit away",
    ),
    "a paper asked of those who are blocked": (
        BANK_RULES,
        "when: is_student = 1 AND age_years < 25",
        "when: age_years < 16",
        "contradiction",
        "TOO-YOUNG blocks",
    ),
    "a cap below the least limit": (
        BANK_RULES,
        "cap: LEAST(income_mean_amt_6m * 12, :most)",
        "cap: LEAST(income_mean_amt_6m * 12, 500)",
        "contradiction",
        "below the least",
    ),
    "an example that fails": (
        BANK_RULES,
        "{age_years: 18, hits: false}",
        "{age_years: 18, hits: true}",
        "examples",
        "hits: true",
    ),
    "an example of a cap that fails": (BANK_RULES, "cap: 12000}", "cap: 12001}", "examples", "12001"),
    "an example that names no column": (
        BANK_RULES,
        "{age_years: 18, hits",
        "{age_yrs: 9, age_years: 18, hits",
        "examples",
        "age_yrs",
    ),
    "an amount missing in the bank's currency": (
        BANK_RULES,
        "most: {CNY",
        "most: {USD",
        "currency",
        "no amount in CNY",
    ),
    "a spoken sentence of more than thirty characters": (
        BANK_RULES,
        "zh-CN: 学生需提交材料。",
        "zh-CN: 学生客户在申请提高信用额度之前需要先提交学校出具的在读证明以及监护人的书面同意。",
        "length",
        "characters",
    ),
    "a rate that contradicts its own payments": (
        CATALOGUE,
        "stated_rate_ratio: 0.1300",
        "stated_rate_ratio: 0.0720",
        "rate",
        "cost 13.0",
    ),
    "a flat fee sold as a rate": (
        CATALOGUE,
        "      nominal_rate_ratio: 0.1300\n      stated_rate_ratio: 0.1300",
        "      flat_fee_ratio: 0.0060\n¶      stated_rate_ratio: 0.0720",
        "rate",
        "13.03%",
    ),
    "a text that names another rate": (
        CATALOGUE,
        "zh-CN: 这期账单可以分十二个月还，年化利率13.00%",
        "zh-CN: 这期账单可以分十二个月还，月利率0.60%",
        "rate",
        "0.60%",
    ),
    "a credit priced as a fee": (
        CATALOGUE,
        "zh-CN: 本期账单分月还，每月金额固定",
        "zh-CN: 本期账单分月还，手续费低至6元",
        "rate",
        "as a fee",
    ),
    "a message without a way to refuse": (
        CATALOGUE,
        '    ending: {zh-CN: 。拒收请回复R, en: ". Reply STOP to refuse."}\n',
        "",
        "screen",
        "way to refuse",
    ),
    "a disclosure that is missing": (
        CATALOGUE,
        "    disclosure:\n      disclosure_id: CARD-GOLD-FEES\n",
        "    disclosed:\n      disclosure_id: CARD-GOLD-FEES\n",
        "shape",
        "disclosure",
    ),
    "a disclosure without a version": (
        CATALOGUE,
        'CARD-GOLD-FEES\n      version: "1"',
        'CARD-GOLD-FEES\n      ¶version: ""',
        "shape",
        "version",
    ),
    "two wordings of one disclosure": (
        CATALOGUE,
        "disclosure_id: CARD-CLASSIC-FEES",
        "disclosure_id: CARD-JUNIOR-FEES",
        "disclosure",
        "other words",
    ),
    "a promise of approval": (
        CATALOGUE,
        "zh-CN: 含旅行保障和更高单日限额",
        "zh-CN: 百分百获批，含旅行保障",
        "words",
        "PROMISED_APPROVAL",
    ),
    "a guaranteed approval in English": (
        CATALOGUE,
        'en: "Travel cover and a higher daily limit"',
        'en: "Guaranteed approval and travel cover"',
        "words",
        "approval",
    ),
    "an unspecific reason": (
        REASONS,
        "zh-CN: 近期入账水平不利。",
        "zh-CN: 综合评分不足。",
        "words",
        "UNSPECIFIC_REFUSAL",
    ),
    "retention that stands in the way of closing": (
        CATALOGUE,
        "zh-CN: 退回近期收取的一笔费用",
        "zh-CN: 退回一笔费用，请先不要销户",
        "words",
        "OBSTRUCTS_CLOSING",
    ),
    "a text in the wrong language": (CATALOGUE, 'en: "Gold card"', 'en: "金卡"', "language", "not in en"),
    "a talk track of three sentences": (
        CATALOGUE,
        "zh-CN: 您可以申请金卡，它带旅行保障，单日限额更高。",
        "zh-CN: 您好。您可以申请金卡。它带旅行保障。",
        "length",
        "at most 2",
    ),
    "a title that is too long": (CATALOGUE, 'en: "Gold card"', f'en: "{"Gold card " * 9}"', "length", "characters"),
    "a quota below zero": (CATALOGUE, "most_count: 2000", "most_count: -1", "shape", "most_count"),
    "stacking that names no action": (
        CATALOGUE,
        "excludes: [PURCHASE_INSTALMENT, CASH_INSTALMENT]",
        "excludes: [PURCHASE_INSTALMENT, CAR_INSTALMENT]",
        "stacking",
        "CAR_INSTALMENT",
    ),
    "an action that excludes itself": (
        CATALOGUE,
        "excludes: [PURCHASE_INSTALMENT, CASH_INSTALMENT]",
        "excludes: [BILL_INSTALMENT]",
        "stacking",
        "itself",
    ),
    "an action that is over": (
        CATALOGUE,
        "    valid_from: 2026-11-01\n",
        "    valid_from: 2026-11-01\n¶    valid_to: 2026-11-02\n",
        "dates",
        "ended",
    ),
    "an action twice": (CATALOGUE, "offer_id: CARD_GOLD", "offer_id: CARD_CLASSIC", "ids", "more than once"),
    "a largest amount below the smallest": (
        CATALOGUE,
        "      maximum: {CNY: 50000, CZK: 150000, EUR: 7000, USD: 8000}",
        "      maximum: {CNY: 500, CZK: 150000, EUR: 7000, USD: 8000}",
        "bounds",
        "below the minimum",
    ),
    "a grant above what one customer may have": (
        CATALOGUE,
        "grant: {CNY: 80,",
        "grant: {CNY: 8000,",
        "bounds",
        "below a single grant",
    ),
    "a relevance that names no column": (
        CATALOGUE,
        "relevant_when: [travel_sum_amt_365d]",
        "relevant_when: [travel_amt]",
        "columns",
        "travel_amt",
    ),
    "an action without the bank's currency": (
        CATALOGUE,
        "annual_fee: {CNY: 300, ",
        "annual_fee: {",
        "currency",
        "annual_fee",
    ),
    "a channel without a treatment": (
        CATALOGUE,
        "  - {channel: ivr, uses",
        "  - {channel: voice, uses",
        "treatment",
        "'ivr'",
    ),
    "a channel whose text is missing": (
        CATALOGUE,
        "    menu_line:\n      zh-CN: 想换还款日，请说“改还款日”。\n"
        '      en: "To move your payment date, say payment date."\n',
        "",
        "treatment",
        "menu_line",
    ),
    "a voice menu that says two sentences": (
        CATALOGUE,
        "想换还款日，请说“改还款日”。",
        "想换还款日？请说“改还款日”。",
        "length",
        "at most 1 sentence",
    ),
    "a feature that speaks for two reasons": (
        REASONS,
        "inputs: [history_days, tenure_days]",
        "inputs: [history_days, balance_amt]",
        "reasons",
        "balance_amt",
    ),
    "a constraint without a sentence": (REASONS, "code: NOT_TOGETHER", "code: NOT_AT_ALL", "reasons", "NOT_TOGETHER"),
    "a cure of nothing": (
        REASONS,
        "cures: [AFFORDABILITY, PAYDOWN",
        "cures: [ILLNESS, PAYDOWN",
        "reasons",
        "'ILLNESS'",
    ),
    "two cures of one thing": (REASONS, "cures: [REPAYMENT, FEES", "cures: [UTILISATION, FEES", "reasons", "by LOWER"),
    "an assumption that has expired": (
        "economics.yaml",
        "owner: treasury, effective_from: 2026-11-01, expires_on: 2027-12-31",
        "owner: treasury, effective_from: 2025-11-01, expires_on: 2026-11-22",
        "assumptions",
        "it expired on 2026-11-22",
    ),
    "an assumption that soon expires": (
        "economics.yaml",
        "owner: treasury, effective_from: 2026-11-01, expires_on: 2027-12-31",
        "owner: treasury, effective_from: 2026-11-01, expires_on: 2026-12-24",
        "assumptions",
        "it expires on 2026-12-24",
    ),
    "a file that is no YAML": ("economics.yaml", "tax_ratio: {", "tax_ratio: {{", "shape", ""),
}

ELSEWHERE = {
    # Where the line of the finding is another one than that of what was planted.
    "a parameter without a value", "an unknown effect", "a language that is missing", "dates of one id that overlap",
    "an id that stands twice at different times", "a grant above what one customer may have",
    "a message without a way to refuse",
    "a disclosure that is missing", "a channel without a treatment",
    "a channel whose text is missing", "a constraint without a sentence",
    "two wordings of one disclosure", "an example that names no column", "a file that is no YAML",
}  # fmt: skip


def test_the_folder_before_it_is_spoiled_is_clean(tmp_path: Path):
    assert found_in(a_folder(tmp_path / "policy")) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_mistake_is_found_in_its_file_on_its_line(tmp_path: Path, kind: str):
    folder = a_folder(tmp_path / "policy")
    file, old, new, check, said = PLANTED[kind]
    line = plant(folder, file, old, new)
    found = found_in(folder)
    hits = [one for one in found if (one.check, one.file) == (check, file) and said in one.problem]
    assert hits, found
    assert all(one.next_step for one in found)
    if kind not in ELSEWHERE:
        assert line in {one.line for one in hits}
    assert all(one.line > 0 for one in hits)


def test_every_mistake_is_found_where_many_are_planted_at_once(tmp_path: Path):
    folder = a_folder(tmp_path / "policy")
    together = [
        "an unknown column", "a cap below the least limit", "an example of a cap that fails", "an unspecific reason",
        "a condition that can never hold", "a rate that contradicts its own payments", "a promise of approval",
        "a quota below zero", "an action that excludes itself",
        "a relevance that names no column", "an example that fails", "two wordings of one disclosure",
        "a title that is too long", "a feature that speaks for two reasons", "a constraint without a sentence",
        "retention that stands in the way of closing", "a file that is no YAML",
    ]  # fmt: skip
    for kind in together:
        plant(folder, *PLANTED[kind][:3])
    found = found_in(folder)
    for kind in together:
        file, _, _, check, said = PLANTED[kind]
        assert [one for one in found if (one.check, one.file) == (check, file) and said in one.problem], kind


def test_a_missing_file_and_an_unknown_pack_are_found(tmp_path: Path):
    folder = a_folder(tmp_path / "policy")
    (folder / "reasons.yaml").unlink()
    found = found_in(folder, replace(BANK, packs=("bank", "mars")))
    assert [(one.file, one.check) for one in found] == [("reasons.yaml", "shape"), ("rules", "packs")]
    assert "'mars'" in found[1].problem


def test_a_policy_whose_kill_switches_do_nothing_is_found(tmp_path: Path):
    folder = a_folder(tmp_path / "policy")
    (folder / "rules" / STOPS).unlink()
    found = found_in(folder)
    assert {one.check for one in found} == {"switches"}
    assert {one.subject for one in found} == set(ACTION_KINDS)


def test_the_packs_of_the_currency_have_to_be_there_where_none_are_chosen(tmp_path: Path):
    [told] = found_in(a_folder(tmp_path / "policy"), replace(BANK, packs=None))
    assert (told.check, told.grade, told.subject) == ("packs", "error", "cn")


def test_a_rule_that_this_banks_tables_cannot_evaluate_is_told(tmp_path: Path):
    folder = a_folder(tmp_path / "policy")
    line = plant(folder, BANK_RULES, "when: is_student = 1 AND age_years < 25", "when: bureau_age_days > 90")
    bank: Bank = replace(BANK, absent_tables=frozenset({"obligations"}))
    [told] = [one for one in found_in(folder, bank) if one.check == "tables"]
    assert (told.grade, told.line, told.subject) == ("warning", line, "PAPERS")
    assert "obligations" in told.problem


def test_the_packs_rules_on_screens_are_asked_of_the_card_of_a_credit(tmp_path: Path):
    folder = a_folder(tmp_path / "policy")
    shutil.copy(STANDARD / "rules" / "cn.yaml", folder / "rules" / "cn.yaml")
    bank = replace(BANK, packs=("cn", "bank"))
    assert "screen" not in {one.check for one in found_in(folder, bank)}
    line = plant(folder, CATALOGUE, "zh-CN: 本期账单分月还，每月金额固定", "zh-CN: 本期账单分月还，每期0.60%")
    told = [one for one in found_in(folder, bank) if one.check == "screen"]
    assert any("CN-APR-1" in one.problem and one.line >= line for one in told), told


def test_examples_are_judged_in_the_currency_that_the_rule_names_first(tmp_path: Path):
    folder = a_folder(tmp_path / "policy")
    plant(folder, BANK_RULES, "most: {CNY: 100000}", "most: {CNY: 100, CZK: 1}")
    plant(folder, BANK_RULES, "cap: 12000}", "cap: 10000}")
    for currency in ("CNY", "CZK"):
        found = [one for one in found_in(folder, replace(BANK, currency=currency)) if one.file == BANK_RULES]
        assert {one.check for one in found} <= {"contradiction"}


def test_rules_of_a_pack_that_is_not_chosen_are_read_and_take_nothing_away(tmp_path: Path):
    folder = a_folder(tmp_path / "policy")
    text = RULES.replace("pack: bank", "pack: us").replace("age_years < :least", "age_years >= :least")
    text = text.replace("TOO-", "NOT-TOO-").replace("MOST-", "US-MOST-").replace("PAPERS", "US-PAPERS")
    text = text.replace(
        "hits: true}\n      - {age_years: 18, hits: false", "hits: false}\n      - {age_years: 18, hits: true"
    )
    (folder / "rules" / "us.yaml").write_text(text, encoding="utf-8")
    assert found_in(folder) == []
    assert "contradiction" in {one.check for one in found_in(folder, replace(BANK, packs=("us", "bank")))}

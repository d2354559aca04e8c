"""Which rules hold: those of the bank's packs, in force on the day, switched on."""

from datetime import date
from pathlib import Path

import pytest

from linewise.core.errors import PolicyInvalid
from linewise.policy.rules import default_packs, load_rules, read_rules
from tests.builders import TODAY
from tests.linewise.policy.rules.builders import a_rule, write_pack


def ids(folder: Path, currency: str = "CNY", packs: list[str] | None = None) -> list[str]:
    return [source.rule.rule_id for source in read_rules(folder, currency, packs)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for pack in ("bank", "cn", "eu", "us"):
        write_pack(tmp_path, pack, [a_rule(rule_id=f"{pack.upper()}-1")])
    return tmp_path


@pytest.mark.parametrize(
    ("currency", "packs"),
    [("CNY", ("cn", "bank")), ("USD", ("us", "bank")), ("CZK", ("eu", "bank")), ("EUR", ("eu", "bank"))],
)
def test_packs_follow_the_currency_of_the_bank(folder: Path, currency: str, packs: tuple[str, ...]):
    assert default_packs(currency) == packs
    assert ids(folder, currency) == [f"{pack.upper()}-1" for pack in packs]


def test_named_packs_are_taken_in_their_order_and_once(folder: Path):
    assert ids(folder, packs=["bank", "eu", "bank"]) == ["BANK-1", "EU-1"]


def test_an_unknown_pack_is_refused_and_the_known_ones_are_named(folder: Path):
    with pytest.raises(PolicyInvalid, match=r"'jp'.*bank, cn, eu, us"):
        ids(folder, packs=["jp"])


def test_a_folder_without_a_pack_of_the_banks_currency_is_refused_rather_than_doing_without_the_law(folder: Path):
    (folder / "rules" / "us.yaml").unlink()
    with pytest.raises(PolicyInvalid, match=r"no rule pack 'us'.*bank, cn, eu"):
        ids(folder, "USD")


def test_a_pack_may_lie_in_several_files_but_an_id_stands_once(folder: Path):
    write_pack(folder, "bank", [a_rule(rule_id="BANK-1")])
    (folder / "rules" / "bank.yaml").rename(folder / "rules" / "bank2.yaml")
    write_pack(folder, "bank", [a_rule(rule_id="BANK-1")])
    with pytest.raises(PolicyInvalid, match=r"bank2\.yaml line \d+: rule BANK-1: the id stands more than once"):
        ids(folder, packs=["bank"])


def test_an_amount_is_filled_in_minor_units_of_the_banks_currency(folder: Path):
    write_pack(folder, "bank", [a_rule(params_amt={"most": {"CNY": 50_000, "JPY": 1_000_000}}, params={"months": 3})])
    (yuan,), (yen,) = (read_rules(folder, currency, ["bank"]) for currency in ("CNY", "JPY"))
    assert yuan.params == {"most": 5_000_000, "months": 3}
    assert yen.params == {"most": 1_000_000, "months": 3}
    with pytest.raises(PolicyInvalid, match=r"params_amt\.most has no amount in USD"):
        read_rules(folder, "USD", ["bank"])


@pytest.mark.parametrize(
    ("changes", "is_in_force"),
    [
        ({}, True),
        ({"is_on": False}, False),
        ({"effective_from": "2026-11-23"}, True),
        ({"effective_from": "2026-11-24"}, False),
        ({"effective_to": "2026-11-23"}, True),
        ({"effective_to": "2026-11-22"}, False),
    ],
)
def test_a_rule_holds_between_its_dates_and_while_it_is_on(folder: Path, changes: dict, is_in_force: bool):
    write_pack(folder, "bank", [a_rule(rule_id="ALWAYS-1"), a_rule(rule_id="SOMETIMES-1", **changes)])
    held = {entry.rule_id for entry in load_rules(folder, ["age_years"], TODAY, packs=["bank"]).entries}
    assert held == {"ALWAYS-1", "SOMETIMES-1"} if is_in_force else held == {"ALWAYS-1"}


def test_a_day_without_any_rule_is_refused_rather_than_allowing_everything(folder: Path):
    with pytest.raises(PolicyInvalid, match="No rule"):
        load_rules(folder, ["age_years"], date(1998, 12, 31))

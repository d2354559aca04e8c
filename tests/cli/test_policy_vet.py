"""`linewise policy vet` as a marketer or a validator meets it."""

import json
from pathlib import Path

import pytest

from linewise.core.home import Home
from tests.cli.test_cli import run

HONEST = """
scope: campaign
name: spring
facts:
  objective_metric: value
  is_sole_or_main_objective: true
  is_for_card_business: true
  is_automated_marketing: true
  has_easy_refusal: true
  has_choice_of_data_use: true
  offers_refusal_each_time: true
  ties_products: false
  opens_paid_service_unasked: false
  consent_proof_kept_months: 5
"""


def vetted(home: Home, folder: Path, text: str, *options: str):
    file = folder / "described.yaml"
    file.write_text(text, encoding="utf-8")
    return run("policy", "vet", str(file), "--json", *options, home=home)


def test_an_honest_campaign_may_go(home: Home, tmp_path: Path):
    done = vetted(home, tmp_path, HONEST)
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"scope": "campaign", "name": "spring", "findings": []}


def test_a_campaign_that_counts_cards_is_stopped_with_its_rule(home: Home, tmp_path: Path):
    done = vetted(home, tmp_path, HONEST.replace("metric: value", "metric: cards_issued"))
    assert done.exit_code == 4
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["rule_id"], found["effect"], found["stops"]) == ("CN-13-01", "BLOCK", True)
    assert "stopped by CN-13-01" in done.stderr


def test_what_is_not_told_fails_closed_but_for_a_part(home: Home, tmp_path: Path):
    little = "scope: screen\nname: price\nfacts: {is_price_shown: true, shows_annualised_rate: true"
    whole = vetted(home, tmp_path, f"{little}, is_annualised_rate_prominent: true}}")
    assert whole.exit_code == 4
    part = vetted(home, tmp_path, f"{little}, is_annualised_rate_prominent: true}}", "--part")
    assert (part.exit_code, json.loads(part.stdout)["findings"]) == (0, [])
    hidden = vetted(home, tmp_path, f"{little}, is_annualised_rate_prominent: false}}", "--part")
    assert [one["rule_id"] for one in json.loads(hidden.stdout)["findings"]] == ["CN-APR-1"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ties_products", "tied_products", "line 12: 'tied_products' is nothing that a rule asks of a campaign"),
        ("ties_products: false", "ties_products: 7", "A flag was expected"),
        ("months: 5", "months: long", "A number was expected"),
        ("metric: value", "metric: 3", "A text was expected"),
        ("scope: campaign", "scope: portfolio", "line 2"),
    ],
)
def test_a_description_that_cannot_be_judged_is_refused_with_its_line(
    home: Home, tmp_path: Path, old: str, new: str, said: str
):
    done = vetted(home, tmp_path, HONEST.replace(old, new))
    assert done.exit_code == 2
    assert said in done.stderr

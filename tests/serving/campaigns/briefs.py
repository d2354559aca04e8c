"""A campaign's file for the tests, of which each changes a line."""

from pathlib import Path

__all__ = ["BRIEF", "brief_file"]

BRIEF = """\
campaign_id: SPRING_CARDS
title: Cards in spring
owner: mei
objectives:
  - {metric: incremental_value, weight: 0.8}
  - {metric: cards_issued, weight: 0.2}
channels:
  - {channel: sms, a_day: 100, cost: 0.05}
  - {channel: voice, agents: 2, calls_an_hour: 6, hours_a_day: 5}
offers:
  - offer_id: CARD_GOLD
    templates: {sms: {code: SMS_2201, signature: 某某银行}}
    benefit: 50
    claw_back: {within_days: 180, expected_ratio: 0.1}
  - offer_id: CARD_TRAVEL
    templates: {sms: {code: SMS_2202, signature: 某某银行}}
window: {first_day: 2026-12-01, last_day: 2026-12-07}
audience: age_years >= 18
segments:
  - {segment: young, when: age_years < 30}
budget: {amount: 5000}
holdout: {control_ratio: 0.1}
approvers: [bo, lin]
said:
  has_non_personalised_option: true
  has_easy_refusal: true
  has_choice_of_data_use: true
  offers_refusal_each_time: true
  ties_products: false
  opens_paid_service_unasked: false
  consent_proof_kept_months: 60
"""


def brief_file(folder: Path, *changes: tuple[str, str], name: str = "campaign.yaml") -> Path:
    """The file with some texts in it replaced, each of which has to be there."""
    text = BRIEF
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path

"""The campaign that is measured, and the home that it is planned in."""

import os
from pathlib import Path

import yaml

from linewise.core.settings import Settings, checkout_dir, load_settings

__all__ = ["BASE", "THREADS", "brief_of", "offer_ids", "settings_of"]

THREADS = os.cpu_count() or 1
BASE = "bench-campaigns"

BRIEF = """\
campaign_id: BENCHMARK
title: Everything to everybody
owner: bench
objectives: [{metric: incremental_value}]
channels: [{channel: app, a_day: 1000000000}]
offers: [OFFERS]
window: {first_day: 2026-12-01, last_day: 2026-12-07}
audience: age_years >= 0
budget: {amount: BUDGET}
holdout: {control_ratio: 0.1}
approvers: [another]
said: {has_choice_of_data_use: true, offers_refusal_each_time: true, has_easy_refusal: true,
       has_non_personalised_option: true, ties_products: false, opens_paid_service_unasked: false,
       consent_proof_kept_months: 60}
"""
"""A budget that a part of the base uses up, so that there is something to choose."""


def brief_of(offer_ids: list[str], customer_count: int, folder: Path) -> Path:
    """The campaign's file."""
    path = folder / "benchmark.yaml"
    offers = ", ".join(f"{{offer_id: {one}}}" for one in offer_ids)
    path.write_text(BRIEF.replace("OFFERS", offers).replace("BUDGET", str(customer_count // 10)), encoding="utf-8")
    return path


def settings_of(customer_count: int) -> Settings:
    """The home of a base of that size, with a policy of twelve promotional offers."""
    root = checkout_dir() / "data" / f"{BASE}-{customer_count}"
    return load_settings(home=root, language="en").model_copy(update={"policy": root / "policy"})


def offer_ids(settings: Settings) -> list[str]:
    """The promotional offers of the home's policy."""
    assert settings.policy is not None
    catalogue = yaml.safe_load((settings.policy / "catalogue.yaml").read_text(encoding="utf-8"))
    return [one["offer_id"] for one in catalogue["offers"] if one["kind"] == "promotional"]

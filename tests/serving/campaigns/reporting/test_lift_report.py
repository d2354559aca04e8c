"""The lift report says what came beside what was planned, and warns where no figure is to be trusted."""

import json
import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linewise.core.errors import UsageError
from serving.campaigns.plan.files import LIST_SCHEMA, Plan
from serving.campaigns.reporting.following import Followed, Groups
from serving.campaigns.reporting.lift_page import page
from serving.campaigns.reporting.lift_report import LiftReport, lift_report
from tests.serving.campaigns.plans import ORDER_AMT, list_of, plan_in

NOW = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan_in(tmp_path_factory.mktemp("home"), list_of(4_000, most_uplift=0.3))


def followed(treated: int = 900, control: int = 100, hits: tuple[int, int] = (90, 5), **changes: Any) -> Followed:
    """An arm of 900 with 90 orders beside one of 100 with 5, each order worth ORDER_AMT and each contact 10."""
    count = treated + control
    is_treated, at = np.arange(count) < treated, np.arange(count)
    responded = (at < hits[0]) | ((at >= treated) & (at < treated + hits[1]))
    no, one = np.zeros(count, dtype=np.bool_), Groups(("only",), np.zeros(count, dtype=np.int64))
    found = Followed(
        is_treated=is_treated, decile=at % 10 + 1, propensity=np.full(count, 0.1), uplift=np.full(count, 0.05),
        value_amt=np.full(count, 0.05 * ORDER_AMT), cost_amt=np.full(count, 10.0), offers=one, channels=one,
        segments=one, has_responded=responded, response_amt=np.full(count, np.nan), has_ordered_other=no,
        has_complained=no, has_opted_out=no, has_heard_same=no, has_heard_other=no, was_sent=None,
        is_over=~no, read=None,
    )  # fmt: skip
    return replace(found, **changes)


def test_lift_profit_and_forecasts_are_those_of_a_campaign_worked_by_hand(plan: Plan):
    report = lift_report(plan, followed(), NOW, 1)
    assert report.lift is not None and report.money is not None and report.lift.relative is not None
    assert report.lift.absolute.value == pytest.approx(0.10 - 0.05)
    assert report.lift.relative.value == pytest.approx(1.0)
    assert report.lift.added_count.value == pytest.approx(45)
    # 45 orders of 20,000 each, less 900 contacts at 10.
    assert report.money.value_amt.value == pytest.approx(45 * ORDER_AMT)
    assert report.money.profit_amt.value == pytest.approx(45 * ORDER_AMT - 9_000)
    planned = {one.figure: one.planned for one in report.forecasts}
    assert planned["responses that treating adds"] == pytest.approx(45)
    assert planned["incremental profit"] == pytest.approx(45 * ORDER_AMT - 9_000)
    assert all(one.holds for one in report.forecasts)
    assert report.warnings == ()


def test_who_was_not_sent_costs_nothing_and_still_counts_in_the_arm_they_were_drawn_into(plan: Plan):
    sent = np.arange(1_000) < 600
    report = lift_report(plan, followed(was_sent=sent), NOW, 1)
    assert report.lift is not None and report.money is not None
    assert report.lift.treated_count == 900
    assert (report.sent_count, report.money.cost_amt) == (600, 6_000.0)
    assert report.money.profit_amt.value == pytest.approx(45 * ORDER_AMT - 6_000)


def test_arms_that_are_not_as_drawn_are_warned_of_before_anything_else(plan: Plan):
    report = lift_report(plan, followed(treated=940, control=60), NOW, 1)
    assert report.sample_ratio is not None and report.sample_ratio.is_mismatched
    assert json.loads(report.model_dump_json())["sample_ratio"]["is_mismatched"] is True
    assert report.warnings[0].startswith("The arms are not as they were drawn: 60 customers of the control where 100")
    told = page(report)
    assert told.index('class="warning" role="alert"') < told.index("Forecast against actual")


@pytest.mark.parametrize(("treated", "control"), [(1_000, 0), (0, 1_000)])
def test_without_both_arms_responses_are_told_and_no_lift(plan: Plan, treated: int, control: int):
    report = lift_report(plan, followed(treated, control, hits=(0, 0)), NOW, 1)
    assert (report.lift, report.money, report.uplift) == (None, None, None)
    assert any("nothing can be said of lift" in one for one in report.warnings)
    assert "Lift by part" in page(report)


@pytest.mark.parametrize(("treated", "control"), [(999, 1), (1, 999), (1, 1)])
def test_an_arm_of_one_has_a_lift_and_no_interval_of_money(plan: Plan, treated: int, control: int):
    report = lift_report(plan, followed(treated, control, hits=(1, 0)), NOW, 1)
    assert report.lift is not None and report.money is None
    assert LiftReport.model_validate(json.loads(report.model_dump_json())) == report
    assert "Forecast against actual" in page(report)


def test_while_responses_still_come_it_says_so(plan: Plan):
    report = lift_report(plan, followed(is_over=np.arange(1_000) < 250), NOW, 1)
    assert any("over for 25% of the customers" in one for one in report.notes)
    assert report.warnings == ()
    assert "over for 25% of the customers" in page(report)


def test_a_control_that_heard_of_the_offer_elsewhere_is_warned_of(plan: Plan):
    report = lift_report(plan, followed(has_heard_same=np.arange(1_000) >= 980), NOW, 1)
    assert (report.heard_same.control_count, report.heard_same.treated_count) == (20, 0)
    assert any("heard of the offer elsewhere" in one for one in report.warnings)


def test_what_was_ordered_elsewhere_and_who_complained_are_told_of_both_arms(plan: Plan):
    at = np.arange(1_000)
    report = lift_report(
        plan, followed(has_ordered_other=at >= 970, has_complained=at < 9, has_opted_out=at < 18), NOW, 1
    )
    assert report.other_orders.difference.value == pytest.approx(-0.30)
    assert report.complaints.treated.value * 1_000 == pytest.approx(10)
    told = re.sub(r"\s+", " ", page(report))
    assert re.search(r"complained, per thousand</th><td>9</td><td>10\.00 \[", told)
    assert re.search(r"opted out, per thousand</th><td>18</td><td>20\.00 \[", told)


def test_parts_of_the_list_have_a_lift_of_their_own(plan: Plan):
    offers = Groups(("CARD_GOLD", "CARD_TRAVEL"), np.arange(1_000) % 2)
    report = lift_report(plan, followed(offers=offers), NOW, 1)
    assert [(one.by, one.part, one.lift.treated_count) for one in report.parts] == [
        ("offer", "CARD_GOLD", 450), ("offer", "CARD_TRAVEL", 450)
    ]  # fmt: skip


def test_the_report_is_read_back_from_its_json_and_the_page_is_the_same_for_the_same_report(plan: Plan):
    report = lift_report(plan, followed(), NOW, 1)
    again = LiftReport.model_validate(json.loads(report.model_dump_json()))
    assert again == report
    assert page(again) == page(report)


def test_nobody_on_the_list_is_no_campaign_to_report_on(tmp_path: Path):
    plan = plan_in(tmp_path, LIST_SCHEMA.empty_table(), profit_curve=None)
    whole = followed()
    empty = {one.name: value[:0] for one in fields(whole) if isinstance(value := getattr(whole, one.name), np.ndarray)}
    with pytest.raises(UsageError, match="Nobody was on the list"):
        lift_report(plan, replace(whole, **empty), NOW, 1)

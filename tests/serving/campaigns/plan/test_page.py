"""An approver reads on one page what a campaign will do, and its figures are those of its list."""

import re
from pathlib import Path

import pytest

from serving.campaigns.plan.deciles import expected_deciles
from serving.campaigns.plan.files import LIST_SCHEMA, STEPS
from serving.campaigns.plan.page import page
from tests.serving.campaigns.plans import list_of, plan_in


@pytest.fixture(scope="module")
def rows():
    return list_of(4_000)


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def test_the_tenths_add_up_to_the_list(tmp_path: Path, rows) -> None:
    found = expected_deciles(plan_in(tmp_path, rows))
    treated = rows.filter([one == "treated" for one in rows["arm"].to_pylist()])
    assert sum(one.treated_count for one in found) == len(treated)
    assert sum(one.control_count for one in found) == len(rows) - len(treated)
    assert sum(one.value_amt for one in found) == sum(treated["value_amt"].to_pylist())
    assert sum(one.cost_amt for one in found) == sum(treated["cost_amt"].to_pylist())
    assert sum(one.added_responses for one in found) == pytest.approx(sum(treated["uplift"].to_pylist()))
    assert (found[-1].cumulative_gain, found[-1].cumulative_lift) == pytest.approx((1.0, 1.0))
    assert found[0].cumulative_lift > found[4].cumulative_lift > 1.0


def test_every_step_and_every_part_stands_on_the_page_and_the_same_plan_gives_the_same_bytes(tmp_path: Path, rows):
    plan = plan_in(tmp_path, rows)
    told = page(plan)
    assert told == page(plan)
    assert len(re.findall(r'<th scope="row">', told.split("From the audience")[1].split("</table>")[0])) == len(STEPS)
    words = text_of(told)
    for word in ("Cumulative gain", "Lift by tenth", "Expected profit by depth", "Contacts a day", "Calibration",
                 "Who is on the list", "masked", plan.plan_sha256, "r-0123456789ab",
                 "card_default 2, offer_take_up 3"):  # fmt: skip
        assert word in words, word
    assert "http" not in told.replace("http-equiv", "")
    assert "<script" not in told


def test_a_control_too_small_to_show_what_is_expected_is_warned_of(tmp_path: Path, rows) -> None:
    detectable = {"base_ratio": 0.03, "effect_ratio": 0.2, "alpha": 0.05, "power": 0.8}
    assert "is below the least" in page(plan_in(tmp_path, rows, minimum_detectable_effect=detectable))
    assert "is below the least" not in page(plan_in(tmp_path, rows, minimum_detectable_effect=0.001))


def test_a_group_that_is_listed_less_is_marked_and_a_handful_is_not_judged(tmp_path: Path, rows) -> None:
    told = page(plan_in(tmp_path, rows)).split("Who is on the list")[1]
    female, male, unknown = re.findall(r"<tr[^>]*><th scope=\"row\">sex.*?</tr>", told)
    assert "is-bad" in male and "0.67" in male
    assert "is-bad" not in female and "is-bad" not in unknown
    assert "–" in unknown


def test_an_empty_list_and_a_plan_that_says_little_have_a_page_too(tmp_path: Path) -> None:
    nothing = dict.fromkeys(("waterfall", "quotas", "fairness", "preview", "calibration", "funding"), ())
    plan = plan_in(tmp_path, LIST_SCHEMA.empty_table(), profit_curve=None, **nothing)
    assert "Nobody is on the list" in text_of(page(plan))


def test_what_somebody_wrote_into_the_file_is_text_and_no_markup(tmp_path: Path, rows) -> None:
    from tests.serving.campaigns.briefs import BRIEF

    plan = plan_in(tmp_path, rows, brief=BRIEF.replace("title: Cards in spring", "title: <b>Cards</b>"))
    assert "&lt;b&gt;Cards" in page(plan)

"""A campaign is planned: who is on its list follows from the rules, models and budgets, and from nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from linewise.core.clock import BankClock
from linewise.core.errors import AudienceEmpty, BriefInvalid, Conflict, UsageError
from linewise.core.settings import Settings
from linewise.decisioning.cells import is_drawn_control
from linewise.decisioning.types import Context
from linewise.ledger.campaigns import stop_campaign
from linewise.ledger.store import ledger_of
from serving.campaigns.approving.approval import approve, propose
from serving.campaigns.approving.standing import Standing
from serving.campaigns.gathering.frame_pass import FramePass
from serving.campaigns.plan.files import LIST_SCHEMA, STEPS, campaign_dir, plan_dir, read_plan
from serving.campaigns.planning.writing import Planned
from serving.scoring.opening import open_decider
from tests.linewise.ledger.campaigns import a_marketing_cast
from tests.serving.campaigns.briefs import brief_file

Plan = Callable[..., list[Planned]]
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(planning: Settings, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    """The campaign of the tests, planned once."""
    from serving.campaigns.planning.together import plan_campaigns

    (planned,) = plan_campaigns(planning, [brief_file(tmp_path_factory.mktemp("file"))], "mei")
    return planned


@pytest.fixture(scope="module")
def listed(made: Planned):
    assert made.folder is not None
    return pq.read_table(made.folder / "list.parquet")


def treated(rows):
    return rows.filter(pc.equal(rows["arm"], "treated"))


def test_the_waterfall_leaves_exactly_the_treated(made: Planned, listed) -> None:
    steps = made.told["waterfall"]
    assert tuple(one["step"] for one in steps) == STEPS
    assert all(sum(one["reasons"].values()) == one["removed"] >= 0 for one in steps)
    assert [one["left"] for one in steps] == sorted((one["left"] for one in steps), reverse=True)
    assert steps[-1]["left"] == len(treated(listed)) == made.told["arms"]["treated"]
    assert made.told["arms"]["control"] == len(listed) - len(treated(listed)) > 0
    assert steps[-1]["reasons"]["CAMPAIGN_CONTROL"] == made.told["arms"]["control"]


def test_each_way_out_of_the_list_has_its_reason(made: Planned) -> None:
    reasons = {one["step"]: set(one["reasons"]) for one in made.told["waterfall"]}
    assert "BANK-ALREADY-HELD" in reasons["eligibility"]
    assert {"CN-PI-28", "CN-CP-1"} & reasons["consent"]
    assert "GLOBAL_HOLDOUT" in reasons["holdout"] or "BUSINESS_AS_USUAL" in reasons["holdout"]


def test_who_is_not_in_the_audience_falls_first(plan: Plan, made: Planned, tmp_path: Path) -> None:
    (planned,) = plan(brief_file(tmp_path, ("age_years >= 18", "age_years >= 40 AND language = 'en'")), dry_run=True)
    first = planned.told["waterfall"][0]
    assert first["reasons"] == {"NOT_IN_AUDIENCE": first["removed"]}
    assert 0 < first["left"] < made.told["waterfall"][0]["left"]


def test_the_list_has_the_columns_that_were_agreed_and_is_in_order(listed) -> None:
    assert listed.schema.equals(LIST_SCHEMA)
    ids = listed["customer_id"].to_pylist()
    assert ids == sorted(set(ids))


def test_nobody_is_reached_twice_by_one_address(listed) -> None:
    references = [one for one in listed["contact_ref"].to_pylist() if one is not None]
    assert len(references) == len(set(references)) == len(listed)
    assert all(one.startswith("tok") for one in references)


def test_no_day_holds_more_than_its_quota(made: Planned, listed) -> None:
    most = {one.channel: one.most_a_day for one in made.brief.channels}
    counts = treated(listed).group_by(["send_on", "channel"]).aggregate([("arm", "count")]).to_pylist()
    assert all(one["arm_count"] <= most[one["channel"]] for one in counts)
    told = {(one["day"], one["channel"]): one["count"] for one in made.told["quotas"] if one["count"]}
    assert told == {(one["send_on"].isoformat(), one["channel"]): one["arm_count"] for one in counts}


def test_it_costs_no_more_than_its_budget_and_every_contact_is_worth_its_cost(made: Planned, listed) -> None:
    cost = pc.sum(treated(listed)["cost_amt"]).as_py()
    assert cost == made.told["expected"]["cost_amt"] <= 500_000
    assert all(one > 0 for one in listed["priority"].to_pylist())
    assert pc.sum(treated(listed)["value_amt"]).as_py() == made.told["expected"]["value_amt"]


def test_the_control_is_drawn_by_the_salt_of_the_campaign(planning: Settings, listed) -> None:
    ids = np.array(listed["customer_id"].to_pylist())
    drawn = is_drawn_control(ids, planning.seed, "SPRING_CARDS", 0.1)
    assert (drawn == (np.array(listed["arm"].to_pylist()) == "control")).all()


def test_who_the_bank_holds_out_of_everything_is_in_neither_arm(planning: Settings, listed) -> None:
    desk = open_decider(planning)
    ids = listed["customer_id"].to_pylist()
    facts = desk.decide(ids, desk.context("voice", explain=False)).customers.facts
    assert not facts["is_held_out"].any()


def test_an_offer_is_scored_as_a_call_would_score_it(planning: Settings, listed) -> None:
    desk = open_decider(planning)
    rows = listed.slice(0, 50).to_pylist()
    ids = [one["customer_id"] for one in rows]
    context = replace(Context("app", desk.clock.now(), "en", explain=False))
    decided = desk.decide(ids, context).offers
    for at, row in enumerate(rows):
        column = decided.offer_id.index(row["offer_id"])
        # What a rule of the channel takes away in the app has no score there.
        if decided.propensity[at, column] > 0.0:
            assert row["propensity"] == pytest.approx(decided.propensity[at, column], abs=1e-12)
            assert row["uplift"] == pytest.approx(decided.uplift[at, column], abs=1e-12)


def test_messages_go_out_in_the_hours_where_the_customer_is(listed) -> None:
    from zoneinfo import ZoneInfo

    for row in listed.slice(0, 100).to_pylist():
        zone = ZoneInfo(row["time_zone"])
        begins, ends = (row[name].astimezone(zone) for name in ("send_not_before", "send_not_after"))
        assert begins.date() == ends.date() == row["send_on"]
        assert (begins.hour, ends.hour) == (9, 18)


def test_the_same_inputs_give_the_same_bytes(plan: Plan, made: Planned, tmp_path: Path) -> None:
    assert made.folder is not None
    before = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    (again,) = plan(brief_file(tmp_path))
    assert again.folder is not None
    assert {path.name: path.read_bytes() for path in again.folder.iterdir()} == before
    assert set(before) == {"campaign.yaml", "plan.json", "list.parquet", "report.html"}


def test_the_plan_is_the_same_however_many_customers_are_in_memory(plan: Plan, made: Planned, tmp_path: Path) -> None:
    (again,) = plan(brief_file(tmp_path), frame=331)
    assert again.told["list_sha256"] == made.told["list_sha256"] or _same_rows(again, made)
    kept = {key for key in made.told if key not in {"list_sha256", "plan_sha256"}}
    assert {key: again.told[key] for key in kept} == {key: made.told[key] for key in kept}


def test_a_plan_is_of_one_moment_however_long_it_takes(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(10**6))
    clock = BankClock(wall=lambda: NOW + timedelta(minutes=next(ticks)))
    kept = Settings.bank_clock
    monkeypatch.setattr(
        Settings, "bank_clock", lambda self, until: kept(self, until) if self.now is not None else clock
    )
    moments = set()
    found = FramePass.found

    def noted(self, frame, elsewhere):
        moments.add(frame.desk.clock.now())
        moments.update(one.decided_at for one in self.contexts.values())
        return found(self, frame, elsewhere)

    monkeypatch.setattr(FramePass, "found", noted)
    (planned,) = plan(brief_file(tmp_path), frame=500, dry_run=True)
    assert {one.isoformat() for one in moments} == {planned.told["planned_at"]}


def _same_rows(one: Planned, other: Planned) -> bool:
    assert one.folder is not None and other.folder is not None
    return pq.read_table(one.folder / "list.parquet").equals(pq.read_table(other.folder / "list.parquet"))


def test_a_plan_reads_back_as_it_was_written(planning: Settings, made: Planned) -> None:
    assert read_plan(planning.paths, "SPRING_CARDS").told["campaign_id"] == made.told["campaign_id"]


def test_a_dry_run_writes_nothing(plan: Plan, planning: Settings, tmp_path: Path) -> None:
    (planned,) = plan(brief_file(tmp_path, ("SPRING_CARDS", "ONLY_LOOKED_AT")), dry_run=True)
    assert planned.folder is None
    assert planned.told["arms"]["treated"] > 0
    assert not campaign_dir(planning.paths, "ONLY_LOOKED_AT").exists()


def test_twenty_masked_rows_are_shown_beforehand(made: Planned, listed) -> None:
    preview = made.told["preview"]
    assert len(preview) == 20
    assert all(set(one["customer"][:-2]) == {"*"} for one in preview)
    text = str(preview)
    assert not any(one in text for one in listed["customer_id"].to_pylist() + listed["contact_ref"].to_pylist())


def test_the_fairness_slice_counts_every_group(made: Planned, listed) -> None:
    attributes = {one["attribute"] for one in made.told["fairness"]}
    assert "age" in attributes and len(attributes) > 1
    for attribute in attributes:
        groups = [one for one in made.told["fairness"] if one["attribute"] == attribute]
        assert sum(one["listed_count"] for one in groups) == len(listed)


def test_a_small_budget_is_spent_on_the_best(plan: Plan, tmp_path: Path) -> None:
    (planned,) = plan(brief_file(tmp_path, ("budget: {amount: 5000}", "budget: {amount: 20}")), dry_run=True)
    assert 0 < planned.told["expected"]["cost_amt"] <= 2_000
    budget = next(one for one in planned.told["waterfall"] if one["step"] == "budget")
    assert budget["reasons"]["BUDGET_SPENT"] > 0
    assert planned.told["profit_curve"]["budget_depth"] is not None


def test_a_full_channel_leaves_the_rest_to_the_other_one(plan: Plan, tmp_path: Path) -> None:
    few = ("a_day: 100, cost: 0.05", "a_day: 2, cost: 0.05")
    (planned,) = plan(brief_file(tmp_path, few), dry_run=True)
    by_channel: dict[str, int] = {}
    for one in planned.told["quotas"]:
        by_channel[one["channel"]] = by_channel.get(one["channel"], 0) + one["count"]
    assert by_channel["sms"] == 14
    assert by_channel["voice"] > 0


def test_an_offer_goes_to_no_more_than_its_count(plan: Plan, tmp_path: Path) -> None:
    (planned,) = plan(brief_file(tmp_path, ("    benefit: 50", "    benefit: 0.01\n    most_count: 5")))
    assert planned.folder is not None
    rows = treated(pq.read_table(planned.folder / "list.parquet"))
    assert pc.sum(pc.equal(rows["offer_id"], "CARD_GOLD")).as_py() <= 5


def test_two_campaigns_share_nobody_and_each_customer_gets_the_better_one(plan: Plan, tmp_path: Path) -> None:
    one = brief_file(tmp_path, ("SPRING_CARDS", "CARDS_A"), name="a.yaml")
    other = brief_file(tmp_path, ("SPRING_CARDS", "CARDS_B"), ("benefit: 50", "benefit: 0"), name="b.yaml")
    first, second = plan(one, other)
    ids = [set(pq.read_table(x.folder / "list.parquet")["customer_id"].to_pylist()) for x in (first, second)]  # type: ignore[operator]
    assert not ids[0] & ids[1] and all(ids)
    lost = next(step for step in first.told["waterfall"] if step["step"] == "duplicates")["reasons"]
    assert lost["BETTER_IN_CARDS_B"] > 0
    for planned in (first, second):
        assert planned.told["waterfall"][-1]["left"] == planned.told["arms"]["treated"]


def test_who_is_on_the_list_of_a_live_campaign_is_on_no_other_unless_they_stack(
    plan: Plan, planning: Settings, tmp_path: Path
) -> None:
    (first,) = plan(brief_file(tmp_path, ("SPRING_CARDS", "LIVES_NOW"), ("window:", "most_contacts: 30\nwindow:")))
    assert first.folder is not None
    on_it = set(pq.read_table(first.folder / "list.parquet")["customer_id"].to_pylist())
    ledger = ledger_of(planning)
    plan_there = read_plan(planning.paths, "LIVES_NOW")
    standing = Standing.now(planning)
    keys = a_marketing_cast(ledger, tmp_path)
    propose(ledger, plan_there, standing, keys["mei"], "planned", NOW)
    approve(ledger, plan_there, standing, keys["lin"], "words and disclosures read", NOW)
    try:
        (second,) = plan(brief_file(tmp_path, ("SPRING_CARDS", "COMES_LATER")))
        assert second.folder is not None
        rows = pq.read_table(second.folder / "list.parquet")["customer_id"].to_pylist()
        assert not on_it & set(rows)
        lost = next(one for one in second.told["waterfall"] if one["step"] == "duplicates")["reasons"]
        assert lost["ON_LIST_LIVES_NOW"] > 0
        together = ("campaign_id: SPRING_CARDS", "campaign_id: COMES_TOO\nstacks_with: [LIVES_NOW]")
        (third,) = plan(brief_file(tmp_path, together), dry_run=True)
        assert third.told["arms"]["treated"] > second.told["arms"]["treated"]
        assert "ON_LIST_LIVES_NOW" not in str(third.told["waterfall"])
    finally:
        stop_campaign(ledger, "LIVES_NOW", "the test is over", "mei", NOW)
        ledger.close()


def test_two_files_of_one_campaign_are_refused(plan: Plan, tmp_path: Path) -> None:
    path = brief_file(tmp_path)
    with pytest.raises(UsageError, match="Two of the files"):
        plan(path, path)


def test_an_audience_of_nobody_is_said_so(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(AudienceEmpty, match="holds for none of 2,000 customers"):
        plan(brief_file(tmp_path, ("age_years >= 18", "age_years >= 200")))


def test_where_the_last_ones_fell_is_said(plan: Plan, planning: Settings, tmp_path: Path) -> None:
    poor = ("SPRING_CARDS", "NO_ROOM"), ("budget: {amount: 5000}", "budget: {amount: 0.01}"), ("cost: 0.05", "cost: 1")
    with pytest.raises(AudienceEmpty, match=r"nobody is left: .*budget"):
        plan(brief_file(tmp_path, *poor))
    assert not plan_dir(planning.paths, "NO_ROOM").exists()


def test_a_campaign_that_was_exported_is_not_planned_anew(plan: Plan, planning: Settings, tmp_path: Path) -> None:
    path = brief_file(tmp_path, ("SPRING_CARDS", "SENT_OUT"))
    manifest = campaign_dir(planning.paths, "SENT_OUT") / "exports" / "b1" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("{}", encoding="utf-8")
    with pytest.raises(Conflict, match="exported already, as b1"):
        plan(path)


def test_spilling_over_to_the_next_channel_ends_sooner(plan: Plan, tmp_path: Path) -> None:
    few = ("a_day: 100, cost: 0.05", "a_day: 12, cost: 0.05")

    def last_day(*changes: tuple[str, str]) -> tuple[str, dict[str, int]]:
        (planned,) = plan(brief_file(tmp_path, few, *changes), dry_run=True)
        used = [one for one in planned.told["quotas"] if one["count"]]
        assert planned.told["expected"]["cost_amt"] <= 500_000
        return max(one["day"] for one in used), {
            one["channel"]: one["count"] for one in used if one["day"].endswith("-01")
        }

    waits, _ = last_day()
    spills, on_the_first = last_day(("window:", "spill_over: next_channel\nwindow:"))
    assert spills <= waits
    assert on_the_first["voice"] > 0


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (
            "  - {metric: incremental_value, weight: 0.8}\n  - {metric: cards_issued, weight: 0.2}",
            "  - {metric: responses, weight: 0.8}\n  - {metric: cards_issued, weight: 0.2}",
            4,
            "reward volume alone: responses, cards_issued",
        ),
        ("{metric: incremental_value, weight: 0.8}\n  - {metric: cards_issued, weight: 0.2}",
         "{metric: incremental_value, weight: 0.4}\n  - {metric: cards_issued, weight: 0.6}", 4, "CN-13-01"),
        ("  has_choice_of_data_use: true\n", "", 24, "CN-CP-2"),
        ("ties_products: false", "ties_products: true", 24, "CN-CP-1-TIED"),
        ("offer_id: CARD_TRAVEL", "offer_id: CARD_MOON", 15, "there is no offer 'CARD_MOON'"),
        ("offer_id: CARD_TRAVEL", "offer_id: AUTOPAY", 15, "there is no offer 'AUTOPAY' to be sold"),
        ("benefit: 50", "benefit: 50\n    valid_until: 2026-12-05", 14, "the window ends on 2026-12-07"),
        ("first_day: 2026-12-01, last_day: 2026-12-07", "first_day: 2026-10-01, last_day: 2026-10-07", 17, "ended on"),
        ("2026-12-07}", "2026-12-07, closes: '20:00'}", 17, "CN-TIME-SMS"),
        ("2026-12-07}", "2026-12-07, opens: '08:00'}", 17, "at 08:00 nothing may be sent by sms"),
        ("budget: {amount: 5000}", "budget: {amount: 5000, currency: EUR}", 21, "The bank's own CNY"),
        ("{amount: 5000}", "{amount: 5000, funding: [{source: cards, budget_id: cards-9}]}", 21, "cards-9"),
        ("age_years >= 18", "age_year >= 18", 18, "there is no column 'age_year'. Near it are: age_years"),
        ("age_years >= 18", "sex = 'female'", 18, "'sex' is a protected attribute"),
        ("age_years >= 18", "ethnicity <> 'x'", 18, "'ethnicity' is a protected attribute"),
        ("age_years >= 18", "protected_attributes.value = 'x'", 18, "is a protected attribute"),
        ("age_years >= 18", "birth_date IS NULL", 18, "customers.birth_date must not be used"),
        ("age_years >= 18", "customers.language = 'en'", 18, "language alone was expected"),
        ("age_years >= 18", "cases.kind = 'complaint'", 18, "several values a customer"),
        ("age_years >= 18", "age_years >= 18; DROP TABLE customers", 18, "not one SQL expression"),
        ("age_years >= 18", "age_years >= (SELECT 1)", 18, "not allowed"),
        ("age_years >= 18", "read_text('/etc/passwd') IS NULL", 18, "not allowed"),
        ("age_years >= 18", "age_years", 18, "gives a number"),
        ("when: age_years < 30", "when: colour = 'red'", 20, "there is no column 'colour'"),
    ],
)  # fmt: skip
def test_what_stands_against_a_campaign_is_told_with_its_line(
    plan: Plan, tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    with pytest.raises(BriefInvalid) as found:
        plan(brief_file(tmp_path, (old, new)))
    assert f"line {line}: " in str(found.value)
    assert said in str(found.value)

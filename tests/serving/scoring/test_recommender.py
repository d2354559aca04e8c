"""Decisions of a served home: complete, recorded before they leave, the same alone and in the batch."""

import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.parquet as pq
import pytest

from features.generations import live_id, new_generation
from features.online import OnlineStore
from features.store import online_dir
from linewise.bank.tables import open_bank
from linewise.core.errors import (
    BankMissing,
    FeaturesMissing,
    ModelMissing,
    NotReady,
    UnknownCustomer,
    UnknownDecision,
    UsageError,
)
from linewise.core.home import Home
from linewise.core.moments import microseconds
from linewise.core.settings import load_settings
from linewise.decisioning.affordability import monthly_budget
from linewise.decisioning.plans import LOAN
from linewise.decisioning.raises import is_raised, raised_to_amt
from linewise.decisioning.rule import takes_away
from linewise.decisioning.together import need_of
from linewise.ledger.record import read_decision
from serving.scoring.audience import agent_view
from serving.scoring.batch import score_base
from serving.scoring.opening import open_recommender
from serving.scoring.outcomes import actions_for_sale
from serving.scoring.recommender import Recommender

pytestmark = pytest.mark.slow

OFFER_FIELDS = {"offer_id", "title", "propensity", "value_amt", "priority", "pscore", "reasons"}
DROP_FIELDS = {"offer_id", "stage", "rule_id", "because", "value", "threshold"}
LIMIT_FIELDS = {"current_amt", "suggested_amt", "max_amt", "binding", "reasons", "curve"}
PLAN_FIELDS = {"term_months", "payment_amt", "total_cost_amt", "annualised_rate_ratio", "schedule"}


@pytest.fixture(scope="module")
def recommender(served_home: Home) -> Recommender:
    return open_recommender(load_settings(home=served_home.root, language="en"))


def a_customer_with(recommender: Recommender, *fields: str, skip: int = 0) -> str:
    """The first customer whose answer has something in each of these fields."""
    decisions = recommender.decide(recommender.customer_ids()[:200], recommender.context("voice"))
    found = (
        str(decisions.customers.customer_id[row])
        for row in range(len(decisions.customers))
        if all(recommender.answer(decisions, row)[field] for field in fields)
    )
    return next(islice(found, skip, None))


def test_an_answer_carries_every_field_of_the_contract(recommender: Recommender):
    answer = recommender.decide_one(a_customer_with(recommender, "offers", "plans", "not_offered"), "voice")
    assert {
        "decision_id",
        "customer_id",
        "as_of",
        "channel",
        "offers",
        "not_offered",
        "limit",
        "plans",
        "versions",
    } <= set(answer)
    assert all(set(offer) >= OFFER_FIELDS and offer["reasons"] for offer in answer["offers"])
    assert all(set(drop) >= DROP_FIELDS for drop in answer["not_offered"])
    assert set(answer["limit"]) >= LIMIT_FIELDS
    assert set(answer["limit"]["curve"][0]) >= {"limit_amt", "expected_profit_amt", "gain_lower_amt", "pd_12m"}
    assert all(set(plan) >= PLAN_FIELDS for plan in answer["plans"])
    assert set(answer["versions"]) == {"models", "policy", "catalogue", "features"}
    told = [one["offer_id"] for part in ("help", "offers", "not_offered") for one in answer[part]]
    assert set(told) == set(recommender.policy.decision.offers.offer_id)
    for plan in answer["plans"]:
        planned_amt = plan["amount_amt"]
        assert sum(line["principal_amt"] for line in plan["schedule"]) == planned_amt
        assert sum(line["payment_amt"] for line in plan["schedule"]) - planned_amt == plan["total_cost_amt"]


def test_every_customer_gets_offers_or_a_reason_why_not(recommender: Recommender):
    decisions = recommender.decide(recommender.customer_ids(), recommender.context("voice"))
    for row in range(len(decisions.customers)):
        answer = recommender.answer(decisions, row)
        assert answer["offers"] or answer["offers_none_because"]
        assert answer["plans"] or answer["plans_none_because"]
        assert answer["limit"]["reasons"][0]["text"]


def test_the_decision_is_in_the_record_before_it_is_answered(recommender: Recommender):
    answer = recommender.decide_one(recommender.customer_ids()[0], "voice")
    assert recommender.recorded(answer["decision_id"]) == answer


def test_online_and_batch_decide_alike_field_by_field(recommender: Recommender):
    customer_ids = recommender.customer_ids()[:40]
    context = recommender.context("voice")
    together = recommender.decide(customer_ids, context)
    for row, customer_id in enumerate(customer_ids):
        alone = recommender.decide([customer_id], context)
        assert recommender.answer(alone, 0) == recommender.answer(together, row)


@pytest.mark.parametrize("channel", ["voice", "app"])
def test_what_anybody_is_shown_fits_one_month_lends_once_and_was_left_by_the_rules(
    recommender: Recommender, channel: str
):
    made = recommender.decide(recommender.customer_ids(), recommender.context(channel))
    actions, shown, raised = recommender.policy.decision.offers, made.offers.rank >= 0, is_raised(made.limit)
    budget = monthly_budget(made.customers, recommender.policy.decision.affordability)
    is_owed = made.plans.is_shown.any(axis=1) & (made.plans.kind != LOAN)
    planned = (np.where(is_owed, one, 0) for one in (made.plans.dearest_amt, made.plans.planned_amt))
    budget = budget.with_plan(*planned)
    leaves = np.where(raised, budget.beside_line_amt(raised_to_amt(made.limit)), budget.available_amt)
    assert (need_of(shown, actions.need_amt) <= leaves).all()
    assert ((shown & actions.borrows).sum(axis=1) + raised <= 1).all()
    taken = made.offers.hits & takes_away(made.offers.rules, made.asks_for("offer"))[:, None, :]
    assert not (shown | (made.offers.pscore > 0))[taken.any(axis=2)].any()
    assert np.allclose(made.offers.pscore.sum(axis=1), shown.any(axis=1))
    assert shown.any() and (made.offers.rank.max(axis=1) < 3).all()


def test_many_threads_decide_as_one_does(served_home: Home, recommender: Recommender):
    many = open_recommender(load_settings(home=served_home.root, language="en"), threads=2)
    context = recommender.context("voice", explain=False)
    one_thread = recommender.decide(recommender.customer_ids(), context)
    assert np.array_equal(many.decide(many.customer_ids(), context).offers.propensity, one_thread.offers.propensity)


def test_a_declined_offer_is_gone_from_the_very_next_decision_in_every_channel(recommender: Recommender):
    customer_id = a_customer_with(recommender, "offers")
    first = recommender.decide_one(customer_id, "voice")
    declined = first["offers"][0]["offer_id"]
    recommender.record_outcome(first["decision_id"], declined, "declined", "price", agent_id="a", call_id="c")
    for channel in ("voice", "app", "web", "branch"):
        again = recommender.decide_one(customer_id, channel)
        assert declined not in [offer["offer_id"] for offer in again["offers"]]
        assert [one["action_id"] for one in again["treatments"]] == [
            *actions_for_sale(again), *(one["offer_id"] for one in again["help"]),
        ]  # fmt: skip
        rules = {drop["rule_id"] for drop in again["not_offered"] if drop["offer_id"] == declined}
        assert {"BANK-DECLINED-OFFER", "BANK-DECLINED-GROUP"} <= rules


def test_a_customer_who_wants_no_contact_is_offered_nothing_more(recommender: Recommender):
    customer_id = a_customer_with(recommender, "offers", skip=1)
    first = recommender.decide_one(customer_id, "voice")
    recommender.record_outcome(
        first["decision_id"], first["offers"][0]["offer_id"], "declined", "do_not_contact", agent_id="a"
    )
    again = recommender.decide_one(customer_id, "voice")
    assert again["offers"] == []
    assert all(
        "CN-CP-1" in {drop["rule_id"] for drop in again["not_offered"] if drop["offer_id"] == offer_id}
        for offer_id in ("CARD_JUNIOR", "CARD_CLASSIC", "CARD_GOLD")
    )


def test_an_answer_to_an_offer_that_was_not_shown_is_refused(recommender: Recommender):
    answer = recommender.decide_one(a_customer_with(recommender, "offers", skip=2), "voice")
    dropped = answer["not_offered"][0]["offer_id"]
    with pytest.raises(UsageError, match=f"did not show the offer '{dropped}'"):
        recommender.record_outcome(answer["decision_id"], dropped, "accepted")
    with pytest.raises(UsageError, match="'perhaps'"):
        recommender.record_outcome(answer["decision_id"], answer["offers"][0]["offer_id"], "perhaps")
    with pytest.raises(UnknownDecision):
        recommender.record_outcome("none", "CARD_GOLD", "accepted")


def test_an_unknown_customer_or_channel_is_named(recommender: Recommender):
    with pytest.raises(UnknownCustomer, match="'nobody'"):
        recommender.decide_one("nobody", "voice")
    with pytest.raises(UsageError, match="'fax'"):
        recommender.decide_one(recommender.customer_ids()[0], "fax")


def hidden_numbers(value: object) -> set[str]:
    """Every key of a nested answer."""
    if isinstance(value, dict):
        return set(value) | {key for one in value.values() for key in hidden_numbers(one)}
    return {key for one in value for key in hidden_numbers(one)} if isinstance(value, list) else set()


def test_the_agent_sees_no_probability_profit_value_or_threshold(recommender: Recommender):
    view = agent_view(recommender.decide_one(a_customer_with(recommender, "offers", "plans"), "voice"))
    secret = {
        "propensity",
        "value_amt",
        "priority",
        "pscore",
        "pd_12m",
        "curve",
        "value",
        "threshold",
        "weight",
        "rule_id",
    }
    assert hidden_numbers(view).isdisjoint(
        secret | {"expected_profit_amt", "budget_amt", "cautious_income_amt", "seed"}
    )
    assert view["offers"][0]["confidence"] in {"high", "medium", "low"}


def test_what_must_not_be_told_reaches_the_agent_as_a_neutral_sentence(recommender: Recommender):
    context = recommender.context("voice")
    decisions = recommender.decide([recommender.customer_ids()[0]], context)
    policy = recommender.policy.decision
    from linewise.decisioning.decide import decide
    from linewise.decisioning.prices import Prices
    from tests.builders import FixedScorers

    fraud = decide(
        decisions.customers,
        replace(decisions.state, has_open_fraud_case=np.array([True])),
        context, policy, FixedScorers(), Prices(), 1,
    )  # fmt: skip
    answer = {"decision_id": "D"} | recommender.answer(fraud, 0)
    assert "fraud" in str(answer)
    shown = str(agent_view(answer)).lower()
    assert "fraud" not in shown
    assert "cn-aml" not in shown
    assert "cannot be done at the moment" in shown


def test_the_whole_base_is_written_to_parquet_and_csv_the_same_twice(recommender: Recommender, tmp_path):
    seen: list[int] = []
    first = score_base(recommender, tmp_path / "one.parquet", advance=seen.append)
    second = score_base(recommender, tmp_path / "two.parquet")
    assert first.customers == sum(seen) == len(recommender.customer_ids())
    assert first.parquet.read_bytes() == second.parquet.read_bytes()
    assert first.csv.read_bytes() == second.csv.read_bytes()
    table = pq.read_table(first.parquet)
    assert table["customer_id"].to_pylist() == recommender.customer_ids()
    assert len(first.csv.read_text(encoding="utf-8").splitlines()) == table.num_rows + 1


def test_the_batch_says_what_the_call_says(recommender: Recommender, tmp_path):
    report = score_base(recommender, tmp_path / "base.parquet")
    for row in pq.read_table(report.parquet).slice(50, 25).to_pylist():
        answer = recommender.decide_one(row["customer_id"], "voice")
        measuring = answer["measuring"]
        assert (row["standing_cell"], row["is_held_out"]) == (measuring["standing_cell"], measuring["is_held_out"])
        ids = [offer["offer_id"] for offer in answer["offers"]]
        assert [row[f"offer_{i}_id"] for i in (1, 2, 3) if row[f"offer_{i}_id"]] == ids
        assert row["suggested_limit_amt"] == answer["limit"]["suggested_amt"]
        assert row["limit_binding"] == answer["limit"]["binding"]
        plan = answer["plans"][0] if answer["plans"] else {"term_months": None, "payment_amt": None}
        assert (row["plan_term_months"], row["plan_payment_amt"]) == (plan["term_months"], plan["payment_amt"])


def test_who_is_held_out_is_shown_nothing_promotional_in_any_door_and_help_all_the_same(recommender: Recommender):
    customer_ids = recommender.customer_ids()
    for channel in ("voice", "app"):
        decisions = recommender.decide(customer_ids, recommender.context(channel, explain=False))
        held_out = decisions.customers.facts["is_held_out"] == 1.0
        assert 0 < held_out.sum() < 0.1 * len(customer_ids)
        kinds = np.array(recommender.policy.decision.offers.kind)
        assert not (decisions.offers.rank[held_out] >= 0)[:, kinds == "promotional"].any()
        assert (decisions.limit.suggested_amt <= decisions.limit.current_amt)[held_out].all()
        assert (decisions.offers.help_rank[held_out] >= 0).any(axis=1).all()


def test_an_interrupted_batch_leaves_the_former_file_as_it_was(recommender: Recommender, tmp_path):
    target = tmp_path / "base.parquet"
    target.write_text("former", encoding="utf-8")

    def stop(_steps: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_base(recommender, target, advance=stop)
    assert target.read_text(encoding="utf-8") == "former"
    assert [path.name for path in tmp_path.iterdir()] == ["base.parquet"]


def test_the_age_of_the_features_is_told(served_home: Home):
    later = load_settings(home=served_home.root)
    now = open_recommender(later).clock.now() + timedelta(days=3)
    desk = open_recommender(load_settings(home=served_home.root, now=now))
    decisions = desk.decide([desk.customer_ids()[0]], desk.context("voice"))
    assert desk.answer(decisions, 0)["feature_age_days"] == pytest.approx(3.0)


def test_a_home_without_a_part_says_what_to_run(home: Home, served_home: Home):
    with pytest.raises(BankMissing, match="linewise bank import"):
        open_recommender(load_settings(home=home.root))
    home.data_dir.mkdir(parents=True)
    (home.data_dir / "bank").symlink_to(served_home.bank_dir)
    with pytest.raises(FeaturesMissing, match="linewise features build && linewise features materialize"):
        open_recommender(load_settings(home=home.root))
    (home.data_dir / "feast").symlink_to(served_home.feast_dir)
    with pytest.raises(ModelMissing, match="linewise model train"):
        open_recommender(load_settings(home=home.root))


@pytest.fixture
def own_store(home: Home, served_home: Home) -> Home:
    """The served home with a feature store of its own, which a test may fill again."""
    home.data_dir.mkdir(parents=True)
    for part in ("bank", "releases", "features"):
        (home.data_dir / part).symlink_to(served_home.data_dir / part)
    shutil.copytree(served_home.feast_dir, home.feast_dir, symlinks=True)
    return home


def fill(home: Home, value: float, definitions_hash: str = "") -> str:
    """A generation in which every feature of every customer is `value`; gives its id."""
    view = OnlineStore(home).generation().filled.view
    view = replace(view, definitions_hash=definitions_hash or view.definitions_hash)
    moment = open_recommender(load_settings(home=home.root)).clock.now()
    packed = np.full(len(view.feature_names), value).tobytes()
    ids = open_bank(home).read("customers", ["customer_id"])["customer_id"].to_pylist()
    with new_generation(online_dir(home)) as writer:
        rows = ((one, microseconds(moment), packed) for one in sorted(ids))
        writer.add(writer.begin(view, (moment, moment), moment), rows)
    filled = live_id(online_dir(home))
    assert filled is not None
    return filled


def test_a_decision_reads_one_generation_and_its_record_says_which(own_store: Home):
    desk = open_recommender(load_settings(home=own_store.root))
    customer_id = desk.customer_ids()[0]
    for value in (1.0, 2.0):
        filled = fill(own_store, value)
        inputs = read_decision(desk._ledger, desk.decide_one(customer_id, "voice")["decision_id"]).inputs
        assert (inputs["generation_id"], set(inputs["features"].values())) == (filled, {value})


def test_a_batch_stays_with_its_generation_while_the_store_is_filled_again(own_store: Home, tmp_path: Path):
    desk = open_recommender(load_settings(home=own_store.root))
    fill(own_store, 1.0)
    pinned = desk.generation()
    fill(own_store, 2.0)
    decisions = desk.decide(desk.customer_ids(), desk.context("voice", explain=False), pinned)
    assert (decisions.customers.features == 1.0).all()


def test_a_running_service_refuses_a_store_of_other_definitions(own_store: Home):
    desk = open_recommender(load_settings(home=own_store.root))
    fill(own_store, 1.0, definitions_hash="another")
    with pytest.raises(FeaturesMissing, match="filled from other definitions"):
        desk.decide_one(desk.customer_ids()[0], "voice")


def test_a_champion_of_other_definitions_than_the_generations_is_refused(
    own_store: Home, monkeypatch: pytest.MonkeyPatch
):
    desk = open_recommender(load_settings(home=own_store.root))
    fill(own_store, 1.0, definitions_hash="another")
    monkeypatch.setattr("features.online.definitions_hash", lambda: "another")
    with pytest.raises(NotReady, match="trained on other feature definitions than the online store's"):
        desk.decide_one(desk.customer_ids()[0], "voice")
    with pytest.raises(NotReady, match="linewise model train"):
        open_recommender(load_settings(home=own_store.root))


def test_everything_that_may_be_suggested_has_a_title_for_whoever_reads_figures(recommender: Recommender):
    for language in ("zh-CN", "en"):
        titles = recommender.titles_of_actions(language)
        assert {one.offer_id for one in recommender.policy.catalogue.offers} | {"LIMIT", "PLAN"} == set(titles)
        assert all(titles.values())
    now, zone = recommender.now_and_zone()
    assert now == recommender.clock.now()
    assert ZoneInfo(zone).key == zone

"""On a bank whose truth is known the measured lift's interval holds the truth as often as it says.

The bank, its customers and the list are fixed; who is control and who responds is drawn anew each time, and read back
from a file as of any campaign.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from linewise.core.home import Home
from linewise.decisioning.cells import is_drawn_control
from linewise.ledger.store import Ledger, open_ledger
from linewise.simulation.logged import logged_world
from linewise.simulation.logged.callers import CHANNELS, OFFER_IDS, draw_callers
from linewise.simulation.logged.offers import offer_truth
from serving.campaigns.plan.files import CONTROL, LIST_SCHEMA, TREATED
from serving.campaigns.reporting.following import follow
from serving.campaigns.reporting.lift_report import LiftReport, lift_report
from tests.serving.campaigns.briefs import BRIEF
from tests.serving.campaigns.plans import ORDER_AMT, list_of, plan_in
from tests.serving.campaigns.reporting.test_lift_report import NOW

ROUNDS, LEAST_HELD = 50, 44
CONTROL_RATIO, COST_AMT = 0.3, 20
LISTED = 5_000


@dataclass(frozen=True)
class Known:
    """A list and what is true of each of its customers, (n_customers,): with the contact, and without it."""

    rows: pa.Table
    if_shown: np.ndarray
    anyway: np.ndarray

    @property
    def lift(self) -> float:
        return float((self.if_shown - self.anyway).mean())

    @property
    def profit_amt(self) -> float:
        """Of one treated customer."""
        return self.lift * ORDER_AMT - COST_AMT


@pytest.fixture(scope="module")
def known() -> Known:
    """Customers reached by message or app, each with the offer whose uplift a model that errs thinks highest."""
    world = logged_world(seed=11)
    callers = draw_callers(world, 12_000)
    callers = callers.only(np.flatnonzero(callers.channel >= CHANNELS.index("app"))[:LISTED])
    truth, draw = offer_truth(world, callers), np.random.default_rng(4)
    said = np.where(callers.is_permitted, truth.uplift * np.exp(draw.normal(0, 0.5, truth.uplift.shape)), -1.0)
    best, at = said.argmax(axis=1), np.arange(len(callers))
    order = np.argsort(-said[at, best], kind="stable")
    uplift = np.maximum(said[at, best], 0.001)
    decile = np.empty(len(at), dtype=np.int8)
    decile[order] = np.arange(len(at)) * 10 // len(at) + 1
    own = {
        "customer_id": [f"C{one:06d}" for one in at],
        "offer_id": [OFFER_IDS[one] for one in best],
        "uplift": uplift,
        "propensity": uplift + 0.01,
        "value_amt": np.round(uplift * ORDER_AMT).astype(np.int64),
        "cost_amt": np.full(len(at), COST_AMT),
        "decile": decile,
    }
    rows = list_of(len(at))
    for name, values in own.items():
        place = LIST_SCHEMA.get_field_index(name)
        rows = rows.set_column(place, LIST_SCHEMA.field(name), pa.array(values, LIST_SCHEMA.field(name).type))
    return Known(rows, truth.taken_if_shown[at, best], truth.taken_anyway[at, best])


@pytest.fixture(scope="module")
def reports(known: Known, tmp_path_factory: pytest.TempPathFactory) -> list[LiftReport]:
    """The lift reports of campaigns that differ by who was drawn, and who then responded."""
    with_ledger = _ledger(tmp_path_factory.mktemp("record"))
    ledger = next(with_ledger)
    found = [_campaign(known, ledger, tmp_path_factory.mktemp("home"), number) for number in range(ROUNDS)]
    next(with_ledger, None)
    return found


def _ledger(folder: Path) -> Iterator[Ledger]:
    opened = open_ledger(Home(folder))
    yield opened
    opened.close()


def _campaign(known: Known, ledger: Ledger, folder: Path, number: int) -> LiftReport:
    ids = np.array(known.rows["customer_id"].to_pylist())
    is_control = is_drawn_control(ids, 7, f"round {number}", CONTROL_RATIO)
    arm = pa.array(np.where(is_control, CONTROL, TREATED))
    rows = known.rows.set_column(LIST_SCHEMA.get_field_index("arm"), LIST_SCHEMA.field("arm"), arm)
    brief = BRIEF.replace("control_ratio: 0.1", f"control_ratio: {CONTROL_RATIO}")
    draw = np.random.default_rng(1_000 + number).random(len(ids))
    responded = draw < np.where(is_control, known.anyway, known.if_shown)
    answers = folder / "responses.csv"
    lines = [f"{one},2026-12-05\n" for one in ids[responded]]
    answers.write_text("customer_id,responded_at\n" + "".join(lines), encoding="utf-8")
    plan = plan_in(folder, rows, brief=brief)
    return lift_report(plan, follow(plan, ledger, NOW, answers), NOW, seed=number)


def test_the_interval_of_the_measured_lift_holds_the_truth_in_44_to_50_of_50_campaigns(
    known: Known, reports: list[LiftReport]
):
    intervals = [one.lift.absolute for one in reports if one.lift is not None]
    assert len(intervals) == ROUNDS
    assert sum(one.low <= known.lift <= one.high for one in intervals) >= LEAST_HELD
    # An interval that held everything would hold the truth as well.
    assert np.mean([one.high - one.low for one in intervals]) < 1.5 * known.lift
    assert sum(one.low > 0 for one in intervals) >= LEAST_HELD


def test_so_does_that_of_the_relative_lift(known: Known, reports: list[LiftReport]):
    truth = float(known.if_shown.mean() / known.anyway.mean()) - 1.0
    relative = [one.lift.relative for one in reports if one.lift is not None and one.lift.relative is not None]
    assert sum(one.low <= truth <= one.high for one in relative) >= LEAST_HELD


def test_so_does_that_of_incremental_profit(known: Known, reports: list[LiftReport]):
    held = 0
    for one in reports:
        assert one.money is not None and one.lift is not None
        truth = known.profit_amt * one.lift.treated_count
        held += one.money.profit_amt.low <= truth <= one.money.profit_amt.high
    assert held >= LEAST_HELD


def test_the_middle_of_all_campaigns_is_the_truth_and_no_draw_is_called_mismatched(
    known: Known, reports: list[LiftReport]
):
    lifts = np.array([one.lift.absolute.value for one in reports if one.lift is not None])
    assert abs(lifts.mean() - known.lift) < 3 * lifts.std() / np.sqrt(ROUNDS)
    assert not any(one.sample_ratio is None or one.sample_ratio.is_mismatched for one in reports)


def test_who_responds_among_the_contacted_tells_no_lift(known: Known, reports: list[LiftReport]):
    # What came by itself is no work of the campaign: the plain response rate is far from what was added.
    rates = [one.lift.treated.value for one in reports if one.lift is not None]
    assert np.mean(rates) > 1.2 * known.lift

"""The components of a simulated bank as a decision gets them: their shapes, their sources, and who stands beside."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from linewise.core.errors import ModelMissing
from linewise.core.home import Home
from linewise.core.settings import load_settings
from linewise.decisioning.offers import modelled_of
from linewise.decisioning.scorers import DefaultCoefficients, Dose, LimitResponse
from linewise.decisioning.types import Customers, Ints
from serving.scoring.boosters import AmountModel, ProbabilityModel
from serving.scoring.opening import open_decider
from serving.scoring.registry import ModelFiles, Release, local_release
from serving.scoring.scorers import BoosterScorers, learnt_offers
from tests.builders import a_policy
from tests.training.builders import an_amount_dataset, an_amount_spec
from training.amounts import fit_amount
from training.artefact import learnt_numbers
from training.calibration import Calibration
from training.dose import bent

COUNT = 300
ECONOMICS = a_policy().decision.economics
LEARNT = {"CARD_JUNIOR", "CARD_CLASSIC", "CARD_GOLD", "CARD_TRAVEL", "BILL_INSTALMENT"}


@pytest.fixture(scope="module")
def release(served_home: Home) -> Release:
    found = local_release(served_home)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def customers(served_home: Home) -> Customers:
    recommender = open_decider(load_settings(home=served_home.root))
    decisions = recommender.decide(recommender.customer_ids()[:COUNT], recommender.context("voice", explain=False))
    return decisions.customers


@pytest.fixture(scope="module")
def scorers(release: Release) -> BoosterScorers:
    return BoosterScorers(release, ECONOMICS)


def rungs(customers: Customers) -> Ints:
    """Limits from the line in force up to four times it, (n_customers, 8)."""
    return np.rint(customers.current_limit_amt[:, None] * np.linspace(1.0, 4.0, 8)).astype(np.int64)


def only(customers: Customers, rows: slice) -> Customers:
    return replace(
        customers,
        customer_id=customers.customer_id[rows],
        as_of=customers.as_of[rows],
        features=customers.features[rows],
        current_limit_amt=customers.current_limit_amt[rows],
        facts={name: values[rows] for name, values in customers.facts.items()},
    )


def without(release: Release, *names: str) -> Release:
    return replace(release, models={name: one for name, one in release.models.items() if name not in names})


def told(response: LimitResponse) -> dict[str, set[str]]:
    """What anybody's components were taken from."""
    return {name: set(texts.tolist()) for name, texts in response.sources.items()}


def test_a_bank_with_cards_teaches_every_component(release: Release, scorers: BoosterScorers, customers: Customers):
    assert set(release.models) == {
        "default", "card_take_up", "card_default", "card_balance", "card_spend", "card_declined", "card_attrition",
        "offer_take_up",
    }  # fmt: skip
    response = scorers.limit_response(customers)
    assert told(response) == {
        # Of raises a bank of this size knows too little to go by what it has seen alone.
        "default": {"card_default:1 + assumption:unmodelled_default_slope"},
        "balance": {"card_balance:1"},
        "spend": {"card_spend:1"},
        "declined": {"card_declined:1"},
        "attrition": {"card_attrition:1 + assumption:decline_attrition_ratio"},
    }


def test_a_raise_takes_declined_purchases_and_leaving_away_and_adds_to_neither(
    scorers: BoosterScorers, customers: Customers
):
    response, limits = scorers.limit_response(customers), rungs(customers)
    assert response.declined is not None
    assert response.attrition is not None
    for falling in (response.declined, response.attrition):
        assert (falling.base >= 0).all()
        assert (falling.slope >= 0).all()
        assert (falling.slope_error >= 0).all()
        assert (np.diff(falling.dose.of(limits), axis=1) >= 0).all()
    assert (response.attrition.base < 1).all()
    assert response.declined.base.max() > 0


def test_what_no_model_has_learnt_of_leaving_is_left_to_the_register(release: Release, customers: Customers):
    response = BoosterScorers(without(release, "card_declined", "card_attrition"), ECONOMICS).limit_response(customers)
    assert (response.declined, response.attrition) == (None, None)
    assert set(response.sources) == {"default", "balance", "spend"}


def test_default_never_falls_and_amounts_rise_ever_more_slowly_with_the_limit(
    scorers: BoosterScorers, customers: Customers
):
    response, limits = scorers.limit_response(customers), rungs(customers)
    pd_12m = response.default.pd_12m(limits)
    assert (np.diff(pd_12m, axis=1) >= 0).all()
    assert ((pd_12m > 0) & (pd_12m < 1)).all()
    for curve in (response.balance, response.spend):
        amount = curve.amount(limits)
        steps = np.diff(amount, axis=1)
        assert (amount >= 0).all()
        assert (steps >= 0).all()
        assert (np.diff(steps, axis=1) <= 1e-6 * (1 + amount[:, 2:])).all()


def test_the_balance_of_the_line_in_force_is_about_what_is_owed_and_never_many_lines(
    scorers: BoosterScorers, customers: Customers
):
    balance = scorers.limit_response(customers).balance
    owed = np.nan_to_num(customers.feature("statement_balance_amt"))
    has_line = customers.current_limit_amt > 0
    assert (balance.base_amt[has_line] <= 2 * customers.current_limit_amt[has_line]).all()
    assert np.corrcoef(balance.base_amt[has_line], owed[has_line])[0, 1] > 0.5


def test_a_customers_curve_is_the_same_alone_and_in_a_chunk(scorers: BoosterScorers, customers: Customers):
    whole, limits = scorers.limit_response(customers), rungs(customers)
    for row in (0, 7, COUNT - 1):
        alone = scorers.limit_response(only(customers, slice(row, row + 1)))
        cut = limits[row : row + 1]
        assert (alone.default.pd_12m(cut)[0] == whole.default.pd_12m(limits)[row]).all()
        assert (alone.balance.amount(cut)[0] == whole.balance.amount(limits)[row]).all()
        assert (alone.spend.amount(cut)[0] == whole.spend.amount(limits)[row]).all()
        assert alone.declined is not None
        assert whole.declined is not None
        assert alone.declined.slope[0] == whole.declined.slope[row]
        assert (alone.declined.dose.of(cut)[0] == whole.declined.dose.of(limits)[row]).all()


def test_who_has_no_line_owes_nothing_at_the_anchor_and_still_has_a_curve(
    release: Release, scorers: BoosterScorers, customers: Customers
):
    first = only(customers, slice(0, 3))
    lineless = replace(first, current_limit_amt=np.zeros(3, dtype=np.int64))
    response = scorers.limit_response(lineless)
    limits = np.array([[0, 1_000_000, 5_000_000]] * 3)
    assert (response.balance.amount(limits)[:, 0] == 0).all()
    assert np.isfinite(response.default.pd_12m(limits)).all()
    assumed = BoosterScorers(without(release, "card_balance"), ECONOMICS).limit_response(lineless)
    assert told(assumed)["balance"] == {"assumption:first_line_borrowing_ratio"}


@pytest.mark.parametrize(
    ("missing", "component", "source"),
    [
        ("card_balance", "balance", "assumption:unmodelled_borrowing_ratio"),
        ("card_spend", "spend", "assumption:unmodelled_spend_ratio"),
    ],
)
def test_what_no_model_has_learnt_comes_from_the_register_and_says_so(
    release: Release, customers: Customers, missing: str, component: str, source: str
):
    response = BoosterScorers(without(release, missing), ECONOMICS).limit_response(customers)
    has_line = customers.current_limit_amt > 0
    assert set(response.sources[component][has_line].tolist()) == {source}
    ratio = getattr(ECONOMICS, source.removeprefix("assumption:"))
    curve, line = getattr(response, component), customers.current_limit_amt[has_line]
    little = np.column_stack([line, line + 100])
    full = np.zeros((len(customers), 2), dtype=np.int64)
    full[has_line] = little
    added = np.diff(curve.amount(full), axis=1)[has_line, 0]
    np.testing.assert_allclose(added, 100 * ratio, rtol=0.02)


def test_without_the_models_of_cards_default_is_that_of_loans(release: Release, customers: Customers):
    scorers = BoosterScorers(without(release, "card_default", "offer_take_up"), ECONOMICS)
    response = scorers.limit_response(customers)
    assert told(response)["default"] == {"default:1"}
    assert (response.default.dose.anchor_amt == 0).all()
    assert not scorers.has_control_group
    assert learnt_offers(without(release, "offer_take_up")) == frozenset()


def test_who_has_no_line_at_a_bank_of_loans_is_paid_out_whole(release: Release, customers: Customers):
    scorers = BoosterScorers(without(release, "card_default", "card_balance", "card_spend"), ECONOMICS)
    without_line = replace(customers, current_limit_amt=np.zeros(COUNT, dtype=np.int64))
    response = scorers.limit_response(without_line)
    limits = np.tile([0, 5_000_00, 1_000_000_00], (COUNT, 1))
    assert response.is_loan.all()
    assert told(response)["balance"] == {"loan"}
    np.testing.assert_allclose(response.balance.amount(limits), limits, rtol=1e-4)
    np.testing.assert_allclose(response.balance.cautious(2.0).amount(limits), limits, rtol=1e-4)
    assert not scorers.limit_response(customers).is_loan[customers.current_limit_amt > 0].any()


def test_a_slope_that_the_bank_hardly_knows_is_weighed_with_the_assumed_one(release: Release, customers: Customers):
    def slope(own: float, error: float) -> tuple[float, float]:
        files = release.models["card_default"]
        alike = {"knots": [0.0], "slopes": [own], "errors": [error]}
        spec = files.spec | {"dose": files.spec["dose"] | alike}
        models = release.models | {"card_default": replace(files, spec=spec)}
        default = BoosterScorers(replace(release, models=models), ECONOMICS).limit_response(customers).default
        return float(default.slope[0]), float(default.slope_error[0])

    assumed, assumed_error = ECONOMICS.unmodelled_default_slope, ECONOMICS.unmodelled_default_slope_error
    assert slope(0.0, 100.0) == pytest.approx((assumed, assumed_error), rel=1e-3)
    assert slope(0.8, 1e-4) == pytest.approx((0.8, 1e-4), rel=1e-3)
    middle, error = slope(0.0, assumed_error)
    assert middle == pytest.approx(assumed / 2)
    assert error < assumed_error


def test_a_slope_of_default_is_that_of_the_score_and_a_version_of_one_slope_still_serves(
    release: Release, customers: Customers
):
    files = release.models["card_default"]

    def default_of(dose: dict[str, Any]) -> DefaultCoefficients:
        models = release.models | {"card_default": replace(files, spec=files.spec | {"dose": dose})}
        return BoosterScorers(replace(release, models=models), ECONOMICS).limit_response(customers).default

    dose = files.spec["dose"]
    by_score = default_of(dose | {"knots": [-6.0, 0.0], "slopes": [0.0, 0.6], "errors": [1e-4, 1e-4]})
    expected = np.interp(by_score.offset, [-6.0, 0.0], [0.0, 0.6])
    np.testing.assert_allclose(by_score.slope, expected, atol=1e-4)
    kept = ("anchor", "scale_feature", "minimum_scale_amt")
    before = default_of({name: dose[name] for name in kept} | {"slope": 0.5, "slope_error": 1e-4})
    np.testing.assert_allclose(before.slope, 0.5, atol=1e-4)
    assert before.dose.bend_ratio == 1.0


def test_a_factor_and_a_bend_are_served_as_they_were_learnt(release: Release, tmp_path: Path):
    data = an_amount_dataset(6_000)
    assert data.principal_amt is not None
    more = np.where(data.x[:, 1] > 0, 0.4, 0.0) * bent(data.principal_amt / data.scale_amt, 0.1)
    data = replace(data, amount_amt=data.amount_amt + more * data.scale_amt)
    fitted = fit_amount(an_amount_spec(), data, 5)
    assert fitted.effect.factor is not None
    assert fitted.bend_ratio < 1.0
    fitted.booster.save_model(tmp_path / "model.txt")
    spec = learnt_numbers(an_amount_spec(), fitted) | {"inputs": ["x0", "x1", "x2"]}
    model = AmountModel(ModelFiles("card_balance", 1, "", tmp_path, spec, ""), 1)
    line = np.rint(data.scale_amt).astype(np.int64)
    dose = Dose(line, np.maximum(line, fitted.minimum_scale_amt), model.bend_ratio)
    served = model.coefficients(data.x, dose)
    raised = line + np.rint(data.principal_amt).astype(np.int64)
    expected = fitted.share(data) * np.maximum(data.scale_amt, fitted.minimum_scale_amt)
    np.testing.assert_allclose(served.amount(raised[:, None])[:, 0], expected, rtol=1e-4)
    alone = model.coefficients(data.x[7:8], Dose(line[7:8], dose.scale_amt[7:8], model.bend_ratio))
    assert alone.slope_amt[0] == served.slope_amt[7]


def test_a_calibration_that_bends_at_the_top_is_served_as_learnt_and_its_reasons_still_add_up(
    release: Release, customers: Customers
):
    files = release.models["card_default"]
    learnt = Calibration(0.3, 1.1, top_ratio=-0.6, centre=-3.9)
    told = {"intercept": 0.3, "slope": 1.1, "top_ratio": -0.6, "centre": -3.9}
    model = ProbabilityModel(replace(files, spec=files.spec | {"calibration": told}), 1)
    rows = customers.features_of(model.inputs)
    raw = np.asarray(model.forest.booster.predict(rows, raw_score=True))
    margin = model.margin(rows)
    np.testing.assert_allclose(margin, learnt.margin(raw), rtol=1e-12)
    base = np.asarray(model.forest.booster.predict(rows, pred_contrib=True))[:, -1]
    whole = learnt.margin(base) + model.contributions(rows).values.sum(axis=1)
    np.testing.assert_allclose(whole, margin, atol=1e-5)
    assert (model.margin(rows[7:8]) == margin[7:8]).all()


def test_what_the_bank_has_shown_is_scored_and_showing_never_adds_more_than_the_take_up_itself(
    release: Release, scorers: BoosterScorers, customers: Customers
):
    assert learnt_offers(release) == LEARNT
    assert scorers.has_control_group
    offers = a_policy().scored_by_models(learnt_offers(release)).decision.offers
    known = modelled_of(offers)
    assert set(known.offer_id) == LEARNT
    rows, columns = np.divmod(np.arange(COUNT * len(known)), len(known))
    take_up = scorers.take_up(customers, known, rows, columns)
    uplift = scorers.uplift(customers, known, rows, columns, take_up)
    assert ((take_up > 0) & (take_up < 0.7)).all()
    # Below nothing it may be: some are driven off by being asked.
    assert (uplift <= take_up).all()
    assert uplift.mean() > take_up.mean() / 2  # little is ordered by itself in ninety days
    assert scorers.take_up(customers, known, rows[:0], columns[:0]).shape == (0,)
    assert scorers.uplift(customers, known, rows[:0], columns[:0], take_up[:0]).shape == (0,)


def test_an_offer_that_no_model_has_learnt_keeps_what_stands_in_for_it():
    policy = a_policy()
    assert policy.scored_by_models(frozenset()) is policy
    offers = policy.scored_by_models({"BILL_INSTALMENT", "PAYMENT_DATE"}).decision.offers
    is_nan = dict(zip(offers.offer_id, np.isnan(offers.prior_take_up_ratio).tolist(), strict=True))
    assert is_nan["BILL_INSTALMENT"]
    assert not is_nan["CASH_INSTALMENT"]


def test_an_answer_says_whose_uplift_it_is(served_home: Home):
    recommender = open_decider(load_settings(home=served_home.root))
    decisions = recommender.decide(recommender.customer_ids()[:1], recommender.context("voice"))
    answer: dict[str, Any] = recommender.answer(decisions, 0)
    assert set(answer["versions"]["models"]) >= {"card_default", "card_balance", "card_spend", "offer_take_up"}


@pytest.mark.parametrize(
    ("champions", "missing"),
    [((), "card_take_up"), (("default",), "card_take_up"), (("offer_take_up", "card_spend"), "default")],
)
def test_a_release_needs_a_take_up_and_a_default_and_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, home: Home, tmp_path: Path, champions: tuple[str, ...], missing: str
):
    from serving.scoring import registry

    files = ModelFiles("m", 1, "r", tmp_path, {}, "")
    home.mlruns_dir.mkdir(parents=True)
    (home.mlruns_dir / "mlflow.db").touch()
    monkeypatch.setattr(registry, "_client", lambda _: None)
    monkeypatch.setattr(registry, "_champions", lambda _: dict.fromkeys(champions, files))
    with pytest.raises(ModelMissing) as caught:
        registry.pull_release(home)
    assert f"'{missing}'" in str(caught.value)

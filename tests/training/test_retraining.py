import numpy as np
import pytest

from linewise.core.errors import BankMissing, Conflict, DataCheckFailed, ModelMissing, UsageError
from linewise.core.home import Home
from linewise.core.settings import Settings, load_settings
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import world_of
from tests.linewise.bank.builders import small_tables, write_small
from tests.training.builders import a_dataset
from training import learnable
from training.alone import alone
from training.comparing import evaluate, write_pages
from training.labels import Labels
from training.promotion import history
from training.report.model_report import ModelReport
from training.retraining import fold_count, train
from training.search import Budget
from training.specs import SPECS, ModelSpec
from training.tracking import Registry

pytestmark = pytest.mark.slow

QUICK = ("repeat_count=1", "fold_count=2", "inner_fold_count=2", "tree_count=10")


def test_without_a_bank_training_says_what_to_run(home: Home):
    with pytest.raises(BankMissing) as caught:
        train(load_settings(home=home.root))
    assert "linewise bank import" in str(caught.value)


def test_without_a_champion_there_is_nothing_to_evaluate(home: Home):
    with pytest.raises(ModelMissing) as caught:
        evaluate(load_settings(home=home.root), ["default"])
    assert "linewise model train" in str(caught.value)
    assert not home.mlruns_dir.exists()


def test_an_unknown_model_is_refused_before_anything_is_read(home: Home):
    with pytest.raises(UsageError):
        train(load_settings(home=home.root), ["churn"])


def test_a_bank_without_loans_cannot_teach_default(home: Home):
    write_small(home, small_tables())
    with pytest.raises(DataCheckFailed) as caught:
        train(load_settings(home=home.root))
    assert "delivers no table 'instalments'" in str(caught.value)
    assert not home.mlruns_dir.exists()


def test_too_few_cases_leave_the_registry_as_it_was(home: Home):
    simulate_bank(home, world_of(customer_count=50, month_count=18, seed=1))
    with pytest.raises(DataCheckFailed) as caught:
        train(load_settings(home=home.root), ["card_take_up"])
    assert "customers have the label" in str(caught.value)
    assert not home.mlruns_dir.exists()


def test_the_progress_bar_knows_how_many_folds_there_will_be():
    assert fold_count() == 100 + 8 * 3
    assert fold_count(["default"], ["repeat_count=3"]) == 15


class OnlyLoans:
    """A bank whose tables teach the default of loans and nothing else."""

    def __init__(self, *_: object) -> None: ...

    def labels(self, spec: ModelSpec) -> Labels:
        if spec.name != "default":
            raise DataCheckFailed(f"The model {spec.name!r} cannot be trained: the bank delivers no cards.")
        data = a_dataset()
        ids = tuple(f"c{number}" for number in data.groups)
        return Labels(ids, np.zeros(len(ids), "datetime64[us]"), data.y, 12.0, np.empty((len(ids), 0)))


@pytest.fixture
def bank_of_loans(home: Home, undrawn: None, monkeypatch: pytest.MonkeyPatch) -> Settings:
    write_small(home, small_tables())
    monkeypatch.setattr(learnable, "LabelSources", OnlyLoans)
    monkeypatch.setattr(learnable, "read_frames", lambda _, labels: [None] * len(labels))
    monkeypatch.setattr(learnable, "build_dataset", lambda *_: a_dataset())
    return load_settings(home=home.root)


def test_the_first_version_is_champion_and_the_second_leaves_it_alone(bank_of_loans: Settings):
    settings = bank_of_loans
    first = train(settings, ["default"], QUICK).models[0]
    second = train(settings, ["default"], (*QUICK, "leaf_count=3")).models[0]
    assert (first.version, first.is_champion) == (1, True)
    assert (second.version, second.is_champion) == (2, False)
    assert [(row.version, row.previous_version) for row in history(settings)] == [(1, None)]
    (report,) = evaluate(settings, ["default"])
    assert (report.champion.version, report.latest.version) == (1, 2)
    gap = report.latest_minus_champion_auc
    assert gap is not None
    expected = report.latest.evaluation.auc.model.value - report.champion.evaluation.auc.model.value
    assert gap.value == pytest.approx(expected)

    train(settings.model_copy(update={"seed": 4}), ["default"], QUICK)
    (report,) = evaluate(settings, ["default"])
    assert report.latest.version == 3
    assert report.latest_minus_champion_auc is None


def test_without_names_what_the_bank_cannot_teach_is_left_out_with_the_reason(bank_of_loans: Settings):
    walked: list[int] = []
    report = train(bank_of_loans, overrides=QUICK, progress=walked.append)
    assert [one.name for one in report.models] == ["default"]
    assert [one.name for one in report.skipped] == [name for name in SPECS if name != "default"]
    assert all("delivers no cards" in one.why for one in report.skipped)
    assert sum(walked) == fold_count(overrides=QUICK)


def test_a_model_that_cannot_be_learnt_is_refused_by_name_and_nothing_is_registered(bank_of_loans: Settings):
    with pytest.raises(DataCheckFailed, match="'card_spend'"):
        train(bank_of_loans, ["default", "card_spend"], QUICK)
    assert not bank_of_loans.paths.mlruns_dir.exists()


def test_two_trainings_at_once_do_not_meet(bank_of_loans: Settings):
    with alone(bank_of_loans.paths, 0), pytest.raises(Conflict, match="Another training runs"):
        train(bank_of_loans, ["default"], QUICK)
    assert not bank_of_loans.paths.mlruns_dir.exists()


def test_an_interrupted_training_leaves_the_champion_and_the_next_one_goes_through(
    bank_of_loans: Settings, monkeypatch: pytest.MonkeyPatch
):
    train(bank_of_loans, ["default"], QUICK)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr("mlflow.MlflowClient.create_model_version", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(bank_of_loans, ["default"], QUICK)
    registry = Registry(bank_of_loans.paths)
    champion = registry.champion("default")
    assert champion is not None
    assert champion.version == 1
    assert len(registry.versions("default")) == 1
    assert [one.version for one in train(bank_of_loans, ["default"], QUICK).models] == [2]


def test_a_trained_version_carries_its_report_beside_the_recipe_in_service(bank_of_loans: Settings):
    train(bank_of_loans, ["default"], QUICK)
    train(bank_of_loans, ["default"], (*QUICK, "leaf_count=2"))
    registry = Registry(bank_of_loans.paths)
    first, second = (registry.report(version) for version in registry.versions("default"))
    assert isinstance(first, ModelReport)
    assert isinstance(second, ModelReport)
    assert first.peer("champion") is None
    champion = second.peer("champion")
    assert champion is not None
    assert champion.version == 1
    assert second.split.design == "out_of_fold"
    reports = evaluate(bank_of_loans, ["default"])
    assert reports[0].latest.report == second
    pages = write_pages(bank_of_loans, reports, bank_of_loans.home / "reports")
    assert [page.name for page in pages] == ["default-1.html", "default-2.html"]
    assert "recipe of version 1" in pages[1].read_text(encoding="utf-8")


def test_a_search_is_kept_with_the_version_that_it_made(bank_of_loans: Settings):
    budget = Budget(trials=3)
    walked: list[int] = []
    (made,) = train(bank_of_loans, ["default"], QUICK, walked.append, budget=budget).models
    assert sum(walked) == fold_count(["default"], QUICK, budget) == 5
    assert made.search is not None
    recipe = Registry(bank_of_loans.paths).recipe(Registry(bank_of_loans.paths).versions("default")[0])
    assert recipe is not None
    assert made.search.applied(recipe) == recipe

"""Fixtures that every room shares: an empty home, and the real public data where they are at hand."""

from pathlib import Path

import hypothesis
import pytest

from linewise.core.home import Home

# Machines are noisy, so an example may take long; the same examples each time, so that a run can be repeated.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("house")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home of this test alone."""
    return Home(tmp_path / "home")


@pytest.fixture(scope="session")
def berka_dir() -> Path:
    """The folder of the public Berka data; its tests skip where it is absent."""
    folder = SHARED_DATA / "berka"
    if not folder.is_dir():
        pytest.skip("the public Berka data (../shared/data/berka) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def served_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small simulated bank with features, models and a release, made once; tests only read it.

    What a test writes goes to the ledger alone, under its own customers.
    """
    from features.building import build_features, observation_pairs
    from features.materialising import materialise
    from linewise.core.settings import load_settings
    from linewise.simulation.simulating import simulate_bank
    from linewise.simulation.world import world_of
    from serving.scoring.registry import pull_release
    from training.retraining import train

    made = Home(tmp_path_factory.mktemp("served"))
    bank = simulate_bank(made, world_of(customer_count=2_000, month_count=36, seed=3))
    now = bank.manifest.data_until
    assert now is not None
    build_features(made, observation_pairs(bank, now))
    materialise(made, now)
    quick = ("repeat_count=1", "fold_count=2", "inner_fold_count=2")
    train(load_settings(home=made.root), overrides=quick)
    pull_release(made)
    return made

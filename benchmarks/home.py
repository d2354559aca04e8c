"""A served home for the benchmarks, made once of the simulated bank and kept in the checkout's data folder."""

from functools import cache

from features.building import build_features, observation_pairs
from features.materialising import materialise
from linewise.core.settings import Settings, checkout_dir, load_settings
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import world_of
from serving.scoring.readiness import examine
from serving.scoring.registry import pull_release
from training.promotion import promote
from training.retraining import train

__all__ = ["CUSTOMERS", "served_settings"]

CUSTOMERS = 2_000
MONTHS = 36
QUICK = ("repeat_count=1", "fold_count=2", "inner_fold_count=2")


@cache
def served_settings() -> Settings:
    """Settings of a home with bank, features, store and champions; made anew where a part is stale."""
    settings = load_settings(home=checkout_dir() / "data" / "bench", language="en")
    home = settings.paths
    if not home.bank_dir.exists() or any(finding.state != "ok" for finding in examine(settings)):
        bank = simulate_bank(home, world_of(customer_count=CUSTOMERS, month_count=MONTHS), overwrite=True)
        now = bank.clock(settings).now()
        build_features(home, observation_pairs(bank, now))
        materialise(home, now)
        trained = train(settings, overrides=QUICK)
        for model in trained.models:
            if not model.is_champion:
                promote(settings, model.name, model.version, reason="the benchmarks begin anew")
        pull_release(home)
    return settings

"""The home of a judged bank: simulated, with features, store and champions, made once and used again."""

from pathlib import Path

from features.building import build_features, observation_pairs
from features.materialising import materialise
from linewise.core.settings import Settings, load_settings
from linewise.simulation.labels import world_in
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import World
from serving.scoring.registry import pull_release
from training.retraining import train

__all__ = ["judged_settings"]

QUICK = ("repeat_count=1", "fold_count=2", "inner_fold_count=2")
"""How often a model is checked, not how it is made: the judge looks at decisions."""


def judged_settings(folder: Path, world: World) -> Settings:
    """Settings of a served home of this world in that folder, which is made if it is not there."""
    settings = load_settings(home=folder, language="en")
    home = settings.paths
    if home.bank_dir.exists() and world_in(home) == world:
        return settings
    bank = simulate_bank(home, world, overwrite=True)
    now = bank.clock(settings).now()
    build_features(home, observation_pairs(bank, now))
    materialise(home, now)
    train(settings, overrides=QUICK)
    pull_release(home)
    return settings

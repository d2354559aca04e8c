"""Served homes for the benchmarks, made once of the simulated bank and kept in the checkout's data folder."""

from functools import cache

from features.building import build_features, observation_pairs
from features.card_use.keeping import keep_card_use, serving_stamp
from features.materialising import materialise
from linewise.bank.tables import open_bank
from linewise.core.settings import Settings, checkout_dir, load_settings
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import world_of
from serving.scoring.readiness import examine
from serving.scoring.registry import champion_versions, pull_release
from training.promotion import promote
from training.retraining import train

__all__ = ["CUSTOMERS", "LARGEST", "card_use_kept", "served_settings"]

CUSTOMERS = 2_000
MONTHS = 36
QUICK = ("repeat_count=1", "fold_count=2", "inner_fold_count=2")
LARGEST = ("tree_count=100", "leaf_count=15", "depth=5")
"""The largest models that a spec allows: what a call may be asked to pay for."""


@cache
def served_settings(name: str = "bench", overrides: tuple[str, ...] = (), customer_count: int = CUSTOMERS) -> Settings:
    """Settings of a home with bank, features, store and champions; made anew where a part is stale.

    name: of its folder below data/, one for each size of bank and set of `overrides` of the models' specs.
    """
    settings = load_settings(home=checkout_dir() / "data" / name, language="en")
    home = settings.paths
    if not home.bank_dir.exists() or not _is_whole(settings):
        bank = simulate_bank(home, world_of(customer_count=customer_count, month_count=MONTHS), overwrite=True)
        now = bank.clock(settings).now()
        build_features(home, observation_pairs(bank, now))
        materialise(home, now)
        trained = train(settings, overrides=(*QUICK, *overrides))
        for model in trained.models:
            if not model.is_champion:
                promote(settings, model.name, model.version, reason="the benchmarks begin anew")
        pull_release(home)
    card_use_kept(settings)
    return settings


def card_use_kept(settings: Settings) -> None:
    """See to it that sums of card postings serve in a home that older code has made, as a filling would leave them."""
    bank = open_bank(settings.paths)
    now = bank.clock(settings).now()
    if serving_stamp(bank, now) is None:
        keep_card_use(bank, now)


def _is_whole(settings: Settings) -> bool:
    """Whether all is in order, and every model serves that this bank can teach: older code may have made the home."""
    is_in_order = all(finding.state == "ok" for finding in examine(settings))
    return is_in_order and None not in champion_versions(settings.paths).values()

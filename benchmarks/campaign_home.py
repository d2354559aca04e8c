"""The base of the benchmarks of campaigns: a simulated bank, its features in the store, and models to decide by."""

import shutil
from pathlib import Path

import yaml

from benchmarks.campaign_file import settings_of
from benchmarks.home import card_use_kept, served_settings
from features.building import build_features, observation_pairs
from features.materialising import materialise
from linewise.policy.standard_folder import policy_folder
from linewise.simulation.simulating import simulate_bank
from linewise.simulation.world import world_of

__all__ = ["base"]

MONTHS = 12
OFFERS = 12
COPIED = ("CARD_JUNIOR", "CARD_CLASSIC", "CARD_GOLD", "CARD_TRAVEL", "BILL_INSTALMENT")


def base(customer_count: int) -> dict[str, float]:
    """A simulated bank, its features in the store, and the champions of the benchmarks' small home; nothing is told."""
    settings = settings_of(customer_count)
    home = settings.paths
    if (home.root / "whole").exists():
        # A ledger of an older version is refused, and nothing in it is needed.
        for left in (
            home.data_dir.glob("ledger.db*"),
            [home.campaigns_dir, home.checkpoints_dir, home.keys_path.parent],
        ):
            for path in left:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        card_use_kept(settings)
        return {}
    shutil.rmtree(home.root, ignore_errors=True)
    small = served_settings("bench").paths
    bank = simulate_bank(home, world_of(customer_count=customer_count, month_count=MONTHS), overwrite=True)
    now = bank.manifest.horizon
    build_features(home, observation_pairs(bank, now))
    materialise(home, now)
    shutil.copytree(small.releases_dir, home.releases_dir, ignore=shutil.ignore_patterns("archive"))
    twelve_offers(home.root / "policy")
    (home.root / "whole").touch()
    return {}


def twelve_offers(folder: Path) -> None:
    """The standard policy with copies of its modelled offers in groups of their own, until there are twelve to sell."""
    shutil.copytree(policy_folder(None), folder)
    path = folder / "catalogue.yaml"
    catalogue = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {one["offer_id"]: one for one in catalogue["offers"]}
    sold = sum(one["kind"] == "promotional" for one in known.values())
    copies = [
        {**known[name], "offer_id": f"{name}_B", "group": f"{known[name]['group']}_{name.lower()}"} for name in COPIED
    ]
    catalogue["offers"] = [*copies[: OFFERS - sold], *catalogue["offers"]]
    path.write_text(yaml.safe_dump(catalogue, allow_unicode=True, sort_keys=False), encoding="utf-8")

"""A release before it serves: fetched, named, archived and noted, so that it can be looked at, signed and gone back to.

Nothing that decides changes by it. `serve_release` of the registry then moves the one pointer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from features.catalogue import definitions_hash
from linewise.bank.tables import Bank, open_bank
from linewise.core.clock import BankClock
from linewise.core.errors import BankMissing, NotReady
from linewise.core.settings import Settings
from linewise.ledger.releases import note_release
from linewise.ledger.store import open_ledger
from linewise.policy.standard_folder import policy_folder
from serving.scoring.archive import POLICY, archive_release
from serving.scoring.policy_terms import terms_for
from serving.scoring.registry import Release, fetch_release, local_release
from serving.scoring.release import Versions, policy_digests, solved_for, versions_of, with_prices
from serving.scoring.release_prices import prices_for
from serving.scoring.scorers import learnt_offers

__all__ = ["Staged", "served_now", "stage_release", "with_policy_held"]

STAGED = "staged before it serves"


@dataclass(frozen=True, slots=True)
class Staged:
    """A release on local disk and the versions of all its parts; versions: None where no bank is loaded yet."""

    release: Release
    versions: Versions | None

    @property
    def release_id(self) -> str:
        """The one hash over all parts; empty where no bank is loaded, for then no policy is."""
        return self.versions.release_id if self.versions else ""

    @property
    def policy(self) -> str:
        """The version of the policy; empty where no bank is loaded."""
        return self.versions.policy if self.versions else ""


def with_policy_held(settings: Settings, release: Release) -> Settings:
    """The settings with the policy that this release decides by: their own, or the one that a rollback holds.

    Raises NotReady where the archive of the latter is gone.
    """
    if not release.policy_of:
        return settings
    folder = settings.paths.archive_dir / release.policy_of / POLICY
    if not folder.is_dir():
        raise NotReady(
            f"The policy of the release {release.policy_of} is held, and {folder} is not there.",
            "The archive of that release was expected.",
            "Bring it back from a copy of the home, or let the settings' policy hold with: linewise model promote",
        )
    return settings.model_copy(update={"policy": folder})


def stage_release(settings: Settings, changes: Mapping[str, int] | None = None, policy_of: str = "") -> Staged:
    """Fetch the champions, of these models that version instead, and keep the release that they would make.

    policy_of: the archived release whose policy shall hold; where it is the settings' own one, nothing is held.
    Raises as `fetch_release`, NotReady where a model learnt from other feature definitions than those in force, and
    PolicyInvalid.
    """
    release = replace(fetch_release(settings.paths, changes), policy_of=_needed_hold(settings, policy_of))
    return _kept(settings, release, _enforce_definitions)


def served_now(settings: Settings) -> Staged | None:
    """What serves at this moment, kept in the same way; None where nothing does."""
    release = local_release(settings.paths)
    return _kept(settings, release, lambda _: None) if release is not None else None


def _needed_hold(settings: Settings, policy_of: str) -> str:
    held = settings.paths.archive_dir / policy_of / POLICY
    if not policy_of or not held.is_dir():
        return ""
    return "" if policy_digests(held) == policy_digests(policy_folder(settings.policy)) else policy_of


def _kept(settings: Settings, release: Release, enforce: Callable[[Release], None]) -> Staged:
    try:
        bank = open_bank(settings.paths)
    except BankMissing:
        return Staged(release, None)
    enforce(release)
    return Staged(release, _archived(with_policy_held(settings, release), bank, release))


def _archived(settings: Settings, bank: Bank, release: Release) -> Versions:
    folder, terms = policy_folder(settings.policy), terms_for(bank, settings)
    policy = terms.load(folder).scored_by_models(learnt_offers(release))
    versions = versions_of(release, policy, folder)
    prices = prices_for(settings.paths, solved_for(versions))
    versions = with_prices(versions, prices)
    archive_release(settings.paths, versions, release, folder, terms, prices)
    # It writes no decision, so it waits for no key service.
    ledger = open_ledger(settings.paths)
    try:
        note_release(ledger, versions.release_id, versions.digests, STAGED, BankClock().now())
    finally:
        ledger.close()
    return versions


def _enforce_definitions(release: Release) -> None:
    for name, model in release.models.items():
        if model.spec["definitions_hash"] != definitions_hash():
            raise NotReady(
                f"Version {model.version} of {name!r} learnt from other feature definitions than those in force.",
                "A release of it would decide nothing.",
                f"Train it anew with: linewise model train {name}",
            )

"""What a plan stands on as it is now: release, policy, features; a plan that stood on others is void."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from features.catalogue import definitions_hash
from features.online import OnlineStore
from linewise.bank.tables import open_bank
from linewise.core.errors import ApprovalVoid, NotReady
from linewise.core.settings import Settings
from linewise.ledger.approvals import Needed
from linewise.policy.controls import keeps_controls
from linewise.policy.policy import Policy
from linewise.policy.roles import load_roles
from linewise.policy.standard_folder import policy_folder
from serving.campaigns.plan.files import Plan
from serving.scoring.deciding import Decider
from serving.scoring.policy_terms import terms_for
from serving.scoring.registry import open_release
from serving.scoring.release import Versions, solved_for, versions_of, with_prices
from serving.scoring.release_prices import prices_for
from serving.scoring.scorers import learnt_offers
from serving.scoring.staging import with_policy_held

__all__ = ["Standing", "changed_since", "enforce_unchanged"]

VOIDING: Mapping[str, str] = {
    "release_id": "the release",
    "models": "the models",
    "policy_version": "the policy",
    "catalogue_version": "the catalogue",
    "definitions_hash": "the definitions of features",
    "generation": "the features",
}
"""What of a plan's versions must be as it was. The bank's tables may be newer: at the export everybody is looked at
once more, and whoever has refused meanwhile is left out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides in a home at this moment: versions by the names of a plan, policy, time zone, whose approval."""

    versions: Mapping[str, Any]
    policy: Policy
    time_zone: str
    needed: Needed

    @classmethod
    def of(cls, desk: Decider) -> Self:
        """That of a home that is open to decide. Raises FeaturesMissing, NotReady."""
        needed = load_roles(desk.settings.policy).needed["approve_campaign"]
        versions = _named(desk.versions, desk.generation().id)
        return cls(versions, desk.policy, desk.bank.manifest.time_zone, needed)

    @classmethod
    def now(cls, settings: Settings) -> Self:
        """That of a home that is not opened for it, which would read the bank's tables.

        Raises BankMissing, ModelMissing, FeaturesMissing or PolicyInvalid.
        """
        bank, release = open_bank(settings.paths), open_release(settings.paths)
        settings = with_policy_held(settings, release)
        policy = terms_for(bank, settings).load(settings.policy).scored_by_models(learnt_offers(release))
        versions = versions_of(release, policy, policy_folder(settings.policy))
        versions = with_prices(versions, prices_for(settings.paths, solved_for(versions)))
        needed = load_roles(settings.policy).needed["approve_campaign"]
        generation = OnlineStore(settings.paths).generation().id
        return cls(_named(versions, generation), policy, bank.manifest.time_zone, needed)

    def enforce_holds(self) -> None:
        """Raise NotReady where no rule in force keeps a campaign's offers from its control: nothing were measured."""
        if not keeps_controls(self.policy.rules.entries):
            raise NotReady(
                "No rule in force keeps a campaign's offers from its control group.",
                "The rule BANK-CAMPAIGN-CONTROL of the pack 'bank' was expected.",
                "Copy rules/bank_campaigns.yaml of the standard policy, with the pack 'bank' in the setting 'packs'.",
            )


def _named(versions: Versions, generation: str) -> dict[str, Any]:
    return {
        "release_id": versions.release_id,
        "models": dict(versions.models),
        "policy_version": versions.policy,
        "catalogue_version": versions.catalogue,
        "definitions_hash": definitions_hash(),
        "generation": generation,
    }


def changed_since(plan: Plan, standing: Standing) -> Sequence[str]:
    """What is no longer as it was when the campaign was planned, in words."""
    told = plan.told["versions"]
    return [words for name, words in VOIDING.items() if told.get(name) != standing.versions[name]]


def enforce_unchanged(plan: Plan, standing: Standing) -> None:
    """Raise ApprovalVoid, naming what has changed, where the plan was made on other things than decide now."""
    changed = changed_since(plan, standing)
    if changed:
        raise ApprovalVoid(plan.campaign_id, changed)

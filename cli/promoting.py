"""Promotion and rollback put together: what training knows of versions, serving of releases, the ledger of people."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from linewise.core.settings import Settings
    from linewise.ledger.store import Ledger
    from serving.scoring.staging import Staged
    from training.promotion_log import Promotion
    from training.tracking import Version

__all__ = ["Planned", "carry_out", "gate_of", "planned_promotion", "planned_rollback"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A move that has been checked and kept ready, and that changes nothing until it is carried out.

    staged: the release that would serve. lacks: what in production is still missing of signatures, as a sentence.
    """

    chosen: "Version"
    reason: str
    staged: "Staged"
    before: "Staged | None"
    by: tuple[str, ...]
    lacks: str
    undone: "Promotion | None" = None

    def as_json(self) -> dict[str, Any]:
        """What would be done."""
        return {
            "act": "rollback" if self.undone else "promote",
            "name": self.chosen.name,
            "version": self.chosen.version,
            "release_id": self.staged.release_id,
            "release_before": self.before.release_id if self.before else "",
            "policy": self.staged.policy,
            "policy_of": self.staged.release.policy_of,
            "by": list(self.by),
            "lacks": self.lacks,
        }


def gate_of(settings: "Settings", name: str, version: int, thresholds: "Path | None") -> str:
    """The hash of the report by which the version passed the gate; empty for the champion itself, which serves.

    Raises GateNotPassed where it did not pass, or where a finding stands against it.
    """
    from hashlib import sha256

    from cli.gating import enforce_no_findings
    from training.gate.judging import enforce_passed, latest_of
    from training.gate.thresholds import load_thresholds
    from training.tracking import Registry

    chosen, champion = latest_of(settings, name, version), Registry(settings.paths).champion(name)
    if champion is not None and champion.version == version:
        return ""
    report = enforce_passed(settings, chosen, load_thresholds(thresholds or settings.gate))
    enforce_no_findings(settings, chosen)
    return sha256(report.model_dump_json().encode()).hexdigest()


def planned_promotion(settings: "Settings", name: str, version: int, reason: str) -> Planned:
    """A version as the champion to be, its release fetched, archived and noted, with the policy of the settings."""
    from serving.scoring.staging import served_now, stage_release
    from training.promotion import champion_to_be

    before = served_now(settings)
    holds = before is not None and bool(before.release.policy_of)
    chosen = champion_to_be(settings, name, version, reason, again=holds)
    staged = stage_release(settings, {name: version})
    by, lacks = _signed(settings, staged)
    return Planned(chosen, reason.strip(), staged, before, by, lacks)


def planned_rollback(settings: "Settings", name: str | None, reason: str, by: str) -> Planned:
    """The version before the last promotion as the champion again, with the policy that decided beside it."""
    from serving.scoring.staging import served_now, stage_release
    from training.promotion import enforce_reason, undoing

    enforce_reason(reason)
    found = undoing(settings, name)
    restored = found.restored
    staged = stage_release(settings, {restored.name: restored.version}, policy_of=found.undone.release_before)
    _, lacks = _signed(settings, staged)
    return Planned(restored, reason.strip(), staged, served_now(settings), (by,), lacks, found.undone)


def carry_out(settings: "Settings", planned: Planned, gate_sha256: str = "") -> "Promotion":
    """Move the alias, write the row, and let the release serve; raises ApprovalMissing where signatures are missing."""
    from linewise.core.errors import ApprovalMissing
    from serving.scoring.registry import serve_release
    from training.promotion import Beside, make_champion
    from training.tracking import Registry

    if planned.lacks:
        release_id = planned.staged.release_id
        raise ApprovalMissing(
            f"The release {release_id} may not serve yet: {planned.lacks}. What serves goes on serving.",
            "In production the signatures of two people who did not make it were expected.",
            f"Run: linewise release propose {release_id}, then linewise release approve {release_id}, then this again.",
        )
    beside = Beside(
        act="rollback" if planned.undone else "promote",
        by=planned.by,
        release_id=planned.staged.release_id,
        release_before=planned.before.release_id if planned.before else "",
        policy=planned.staged.policy,
        gate_sha256=gate_sha256,
        undoes=planned.undone.number if planned.undone else None,
    )
    registry = Registry(settings.paths)
    moved = make_champion(settings.paths, registry, planned.chosen, planned.reason, beside=beside)
    serve_release(settings.paths, planned.staged.release)
    return moved


def _signed(settings: "Settings", staged: "Staged") -> tuple[tuple[str, ...], str]:
    """Who approved the release, and what is missing: a stop in every profile, signatures in production alone."""
    from cli.ledgers import opened_ledger
    from linewise.core.errors import BankMissing

    if not staged.release_id:
        if settings.profile == "production":
            raise BankMissing(str(settings.paths.root))
        return (), ""
    with opened_ledger(settings) as ledger:
        return _signatures(settings, ledger, staged.release_id)


def _signatures(settings: "Settings", ledger: "Ledger", release_id: str) -> tuple[tuple[str, ...], str]:
    from linewise.ledger.approvals import signatures_of
    from linewise.ledger.releases import read_release
    from linewise.ledger.stops import read_stops
    from linewise.policy.roles import load_roles

    with ledger.engine.connect() as connection:
        stopped = read_stops(connection).releases.get(release_id)
        signatures = signatures_of(connection, read_release(connection, release_id))
    by = tuple(dict.fromkeys(one.person.name for one in signatures.approvals))
    if stopped is not None:
        return by, f"it was stopped by {stopped.name}: {stopped.reason}"
    in_production = settings.profile == "production"
    return by, signatures.lacks(load_roles(settings.policy).needed["promote"]) if in_production else ""

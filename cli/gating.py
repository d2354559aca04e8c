"""The gate put together: what training knows of a version, how serving says it would behave, what people found."""

from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from cli.console import say

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from training.gate.checking import GateReport
    from training.gate.measures import Measure
    from training.gate.thresholds import CheckName, Thresholds
    from training.tracking import Version

__all__ = ["enforce_no_findings", "held_against_gate"]

SAMPLE = 500
PAIRED = ("score_psi", "score_correlation")


def held_against_gate(settings: "Settings", version: "Version", thresholds: "Thresholds", sample: int) -> "GateReport":
    """What the gate finds of the version: its evaluation, how it behaves on `sample` customers, findings, its card."""
    from training.gate.judging import judged

    behaviour = _behaviour(settings, version, sample) + _shadowed(settings, version)
    return judged(settings, version, thresholds, behaviour, len(_findings(settings, version)))


def enforce_no_findings(settings: "Settings", version: "Version") -> None:
    """Raise GateNotPassed where something stands against the version, also if it came after the gate."""
    from linewise.core.errors import GateNotPassed

    found = _findings(settings, version)
    if found:
        told = "; ".join(f"{one} " for one in found)
        raise GateNotPassed(
            f"Findings stand against version {version.version} of {version.name!r}: {told.strip()}.",
            "Each was expected to be closed by a validator.",
            f"Run: linewise model finding {version.name} {version.version} --close ID --says HOW --key FILE",
        )


def _findings(settings: "Settings", version: "Version") -> list[str]:
    from cli.ledgers import opened_ledger
    from linewise.ledger.model_findings import Subject, open_findings

    if not settings.paths.ledger_path.exists():
        return []
    subject = Subject(version.name, version.version, version.artefact_sha256)
    with opened_ledger(settings) as ledger:
        return [f"{one.says} ({one.name}, {one.finding_id})" for one in open_findings(ledger, subject)]


def _shadowed(settings: "Settings", version: "Version") -> "list[Measure]":
    from cli.ledgers import opened_ledger
    from linewise.ledger.model_findings import Subject
    from linewise.ledger.shadows import shadowed_days
    from training.gate.measures import Measure

    if not settings.paths.ledger_path.exists():
        return []
    subject = Subject(version.name, version.version, version.artefact_sha256)
    with opened_ledger(settings) as ledger:
        return [Measure("shadow_days", shadowed_days(ledger, subject), says="days on which it scored live calls")]


def _behaviour(settings: "Settings", version: "Version", sample: int) -> "list[Measure]":
    """How it would behave on the loaded bank; nothing where no bank is loaded, or nothing can decide."""
    from linewise.core.errors import NotReady
    from serving.scoring.behaving import behaviour_of
    from serving.scoring.opening import open_decider
    from serving.scoring.registry import MODEL_NAMES, fetch_release, local_release
    from training.gate.measures import Measure

    if version.name not in MODEL_NAMES:
        return []  # nothing is decided by it
    try:
        release = fetch_release(settings.paths, {version.name: version.version})
        decider = open_decider(settings, release=release)
        serves = local_release(settings.paths)
        beside = None if serves is None else decider.with_models(serves)
        # What it replaces has to be there to be compared with.
        known = beside if serves is not None and version.name in serves.models else None
        found = behaviour_of(decider, version.name, known, sample, settings.seed)
    except NotReady as err:
        say(f"How it would behave cannot be measured here. {err}")
        return []
    told = f"{found.customer_count} customers"
    values = {name: value for name, value in asdict(found).items() if name != "customer_count"}
    return [
        Measure(cast("CheckName", name), float(value), says=told) for name, value in values.items() if value is not None
    ]

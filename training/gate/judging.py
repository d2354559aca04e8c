"""A version held against the gate: what training knows of it, beside what others measured of how it behaves."""

from collections.abc import Sequence
from datetime import UTC, datetime

from linewise.core.errors import GateNotPassed
from linewise.core.settings import Settings
from training.card.making import card_of
from training.gate.checking import GATE_FILE, GateReport, checked
from training.gate.measures import Measure, measured_by_report, measured_when_trained
from training.gate.thresholds import Thresholds
from training.promotion_log import read_promotions
from training.specs import DECIDE_NOTHING, SPECS
from training.tracking import Registry, Version

__all__ = ["enforce_passed", "judged", "keep_gate", "latest_of", "refused"]


def latest_of(settings: Settings, name: str, version: int | None) -> Version:
    """That version, or the latest where none is named; raises NotFound."""
    registry = Registry(settings.paths)
    if version is None:
        known = registry.versions(name)
        version = known[-1].version if known else 1
    return registry.version(name, version)


def judged(
    settings: Settings, version: Version, thresholds: Thresholds, behaviour: Sequence[Measure], open_findings: int
) -> GateReport:
    """What the gate finds of the version; `behaviour` are the figures that serving measured, none where it could not.

    It reads the evaluation report of the version's run, or, of a version that nobody has evaluated since, what the
    cross-validation of its training said.
    """
    gaps = card_of(settings, version).gaps
    measures = [
        *_of_evaluation(settings, version, thresholds),
        *behaviour,
        Measure("open_findings_count", open_findings),
        Measure("card_gaps_count", len(gaps), says="; ".join(gaps)),
    ]
    spec = SPECS[version.name]
    return GateReport(
        name=version.name,
        version=version.version,
        artefact_sha256=version.artefact_sha256,
        at=datetime.now(UTC),
        profile=settings.profile,
        thresholds=thresholds.version,
        thresholds_sha256=thresholds.sha256,
        checks=checked(
            measures,
            thresholds,
            settings.profile,
            (spec.kind, spec.purpose),
            decides=version.name not in DECIDE_NOTHING,
        ),
    )


def keep_gate(settings: Settings, version: Version, report: GateReport) -> None:
    """Keep what the gate found among the artefacts of the version's run."""
    Registry(settings.paths).put_text(version, GATE_FILE, report.model_dump_json(indent=2))


def enforce_passed(settings: Settings, version: Version, thresholds: Thresholds) -> GateReport:
    """The report by which the version passed the gate that holds now.

    Raises GateNotPassed where it was not held against it, did not pass it, where thresholds or profile are others by
    now, or where it was rolled back since: what failed in service needs to be looked at anew.
    """
    kept = Registry(settings.paths).text_of(version, GATE_FILE)
    which = f"Version {version.version} of {version.name!r}"
    again = f"Run: linewise model gate {version.name} {version.version}"
    if kept is None:
        raise GateNotPassed(f"{which} was not held against the gate.", "It was expected to have passed.", again)
    report = GateReport.model_validate_json(kept)
    if not report.is_passed:
        raise refused(report)
    since = _rolled_back_at(settings, version)
    was = (report.artefact_sha256, report.thresholds_sha256, report.profile)
    if was != (version.artefact_sha256, thresholds.sha256, settings.profile):
        raise GateNotPassed(f"{which} passed the gate under other thresholds or in another profile.", "", again)
    if since is not None and report.at < since:
        raise GateNotPassed(f"{which} was rolled back after it had passed the gate.", "", again)
    return report


def refused(report: GateReport) -> GateNotPassed:
    """The error of a version that does not pass, naming what stops it."""
    told = "; ".join(
        f"{one.name}{f' ({one.cell})' if one.cell else ''} "
        + (f"{one.measured:.4g}, {one.bound} is asked" if one.measured is not None else one.says)
        for one in report.stopping
    )
    return GateNotPassed(
        f"Version {report.version} of {report.name!r} does not pass the gate: {told}.",
        "Nothing was promoted, and the champion is what it was.",
        f"See all figures with: linewise model gate {report.name} {report.version} --json",
    )


def _of_evaluation(settings: Settings, version: Version, thresholds: Thresholds) -> list[Measure]:
    registry = Registry(settings.paths)
    report = registry.report(version)
    if report is not None:
        return measured_by_report(report, thresholds)
    champion, ours = registry.champion(version.name), registry.evaluation(version)
    theirs = None
    if champion is not None:
        before = registry.evaluation(champion)
        folds = [(one.seed, one.fold_count, one.repeat_count) for one in (before, ours)]
        if champion.tags["data_hash"] == version.tags["data_hash"] and folds[0] == folds[1]:
            theirs = before
    return measured_when_trained(version.name, ours, theirs, thresholds)


def _rolled_back_at(settings: Settings, version: Version) -> datetime | None:
    rows = read_promotions(settings.paths)
    undone = [row.at for row in rows if row.act == "rollback" and row.name == version.name
              and row.previous_version == version.version]  # fmt: skip
    return max(undone, default=None)

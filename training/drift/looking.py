"""Whether anything has drifted at a moment: what comes in, what is said of it, what became of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import get_args

from dateutil.relativedelta import relativedelta

from linewise.bank.tables import Bank, open_bank
from linewise.core.errors import DriftAlarm, ModelMissing, NotReady
from linewise.core.settings import Settings
from linewise.policy.catalogue import Catalogue, load_catalogue
from linewise.policy.standard_folder import policy_folder
from training.drift.champions import champions_of
from training.drift.inputs import inputs_moved, scores_moved, snapshots
from training.drift.mixes import mixes_moved
from training.drift.offers import offers_moved
from training.drift.outcomes import outcomes_moved
from training.drift.report import DriftReport, Moved, Part
from training.drift.thresholds import DriftThresholds
from training.drift.vintages import vintages_moved
from training.querying import moments, paths_of, query
from training.tracking import Registry

__all__ = ["alarm_of", "look_for_drift"]

ALL: tuple[Part, ...] = get_args(Part)


def look_for_drift(settings: Settings, asked: DriftThresholds, parts: Collection[Part] = ALL) -> DriftReport:
    """What has moved at the bank's present moment against the same day a year before.

    Nothing is written but, where outcomes are asked for, the feature rows of their cases. What a short history, an
    absent table or a young champion leaves unsaid stands in the notes. Raises BankMissing, and ModelMissing where
    nothing is champion.
    """
    bank, registry = open_bank(settings.paths), Registry(settings.paths)
    as_of = bank.clock(settings).now()
    reference = as_of - relativedelta(years=1)
    champions = champions_of(registry)
    if not champions and {"input", "score", "calibration", "value"} & set(parts):
        raise ModelMissing("default")
    moved: list[Moved] = []
    notes: list[str] = []
    if "mix" in parts:
        moved += mixes_moved(bank, as_of, reference, asked)
    if "input" in parts:
        moved += offers_moved(bank, _catalogue_of(settings, bank).offers, champions, (as_of, reference), asked)
    known_days = _days_known(bank, reference)
    if {"input", "score"} & set(parts) and known_days > 0:
        names = list(dict.fromkeys(name for one in champions for name in one.feature_names))
        before, now = snapshots(bank, [reference, as_of], names, asked.sample_count, settings.seed)
        if "score" in parts:
            moved += scores_moved(now, before, champions, asked)
        moved += inputs_moved(now, before, names, known_days, asked) if "input" in parts else []
    elif {"input", "score"} & set(parts):
        notes.append("inputs and scores: the bank's data do not reach back a year, so no season is compared")
    if "vintage" in parts:
        moved += vintages_moved(bank, as_of, asked)
    if {"calibration", "value"} & set(parts):
        try:
            told, why = outcomes_moved(settings, bank, registry, champions, asked)
        except NotReady as err:
            told, why = [], [f"outcomes: {err.given}"]
        moved += [one for one in told if one.part in parts]
        notes += why
    return DriftReport(
        bank=bank.manifest.name,
        as_of=as_of,
        reference=reference,
        thresholds=asked.version,
        moved=tuple(moved),
        notes=tuple(notes),
    )


def alarm_of(report: DriftReport) -> DriftAlarm:
    """The error that ends the command, naming what has moved."""
    told = "; ".join(f"{one.part} {one.what} {one.figure:.3g} ({one.bound})" for one in report.alarms)
    return DriftAlarm(
        f"Since {report.reference:%Y-%m-%d} {told}.",
        "What comes in and what becomes of it was expected to be as in the same season.",
        "See all figures with --json; then: linewise model train, linewise model evaluate",
    )


def _catalogue_of(settings: Settings, bank: Bank) -> Catalogue:
    return load_catalogue(policy_folder(settings.policy), bank.manifest.currency)


def _days_known(bank: Bank, reference: datetime) -> int:
    """How many days of transactions there were at that date, 0 or less where there were none."""
    if not bank.has("transactions"):
        return 0
    found = query(
        "SELECT min(posted_at) AS first FROM read_parquet($files)", {}, {"files": paths_of(bank, "transactions")}
    )
    first = moments(found, "first")[0].astype("datetime64[us]").item()
    return int((reference.replace(tzinfo=None) - first) / timedelta(days=1))

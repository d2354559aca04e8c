"""What the champions foretold of cases that have shown their outcome since, and what acting on it has brought."""

from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

from linewise.bank.tables import Bank
from linewise.core.errors import DataCheckFailed
from linewise.core.settings import Settings
from linewise.policy.catalogue import load_catalogue
from linewise.policy.economics import load_economics
from linewise.policy.standard_folder import policy_folder
from training.dataset import Dataset
from training.drift.champions import Loaded
from training.drift.report import Moved
from training.drift.thresholds import DriftThresholds
from training.labels import DAYS_A_MONTH
from training.learnable import learnables
from training.report.stakes import Prices, stakes_of
from training.specs import SPECS
from training.tracking import Registry

__all__ = ["outcomes_moved"]

Floats = npt.NDArray[np.float64]


def outcomes_moved(
    settings: Settings, bank: Bank, registry: Registry, champions: list[Loaded], asked: DriftThresholds
) -> tuple[list[Moved], list[str]]:
    """Observed to expected, and value brought to value expected, of each champion on outcomes it has not learnt from.

    Gives the figures, and of champions without any why there is none.
    """
    specs = [
        SPECS[one.name].model_copy(update={"rows_maximum": max(asked.sample_count, 100)})
        for one in champions
        if SPECS[one.name].kind == "probability"
    ]
    if not specs:
        return [], []
    try:
        found, skipped = learnables(settings, bank, specs, is_named=False)
    except DataCheckFailed as err:
        return [], [f"outcomes: {err.given}"]
    prices = _prices(settings, bank)
    moved, notes = [], [f"{name}: {err.given}" for name, err in skipped.items()]
    by_name = {one.name: one for one in champions}
    for one in found:
        champion = by_name[one.spec.name]
        since = learnt_until(registry, champion)
        unseen = _unseen(one.data, since, bank.clock(settings).now())
        if unseen is None or len(unseen.y) < asked.cases_least:
            told = f"{since:%Y-%m-%d}" if since else "an unknown day"
            notes.append(f"{champion.name}: too few outcomes have matured of cases after {told}, which it learnt up to")
            continue
        moved += _judged(champion, unseen, prices, asked)
    return moved, notes


def learnt_until(registry: Registry, champion: Loaded) -> datetime | None:
    """The moment of the last case that the champion has learnt from, where its report tells it."""
    report = registry.report(champion.registered)
    return report.split.test.last_as_of if report is not None else None


def _unseen(data: Dataset, since: datetime | None, now: datetime) -> Dataset | None:
    """The rows after that moment whose label has had its whole horizon to show itself; None where no time is told.

    The label of a loan is that of its life so far: of a young one it says less than the model foretells.
    """
    if since is None or data.as_of is None:
        return None
    whole = now - timedelta(days=data.horizon_months * DAYS_A_MONTH)
    after, until = (np.datetime64(moment.replace(tzinfo=None), "us") for moment in (since, whole))
    return data.rows(np.flatnonzero((data.as_of > after) & (data.as_of <= until)))


def _judged(champion: Loaded, data: Dataset, prices: Prices, asked: DriftThresholds) -> list[Moved]:
    probability = champion.fitted.probability(data)
    what = f"{champion.name} {champion.version}"
    found = [_calibration(what, data, probability, asked)]
    stakes = stakes_of(SPECS[champion.name], data, prices)
    if stakes is not None:
        would = probability * stakes.with_it_amt + (1 - probability) * stakes.without_amt
        came = np.where(data.y == 1, stakes.with_it_amt, stakes.without_amt)
        acted = would > 0
        if acted.sum() >= asked.cases_least:
            found.append(_value(what, came[acted], would[acted], data.groups[acted], asked))
    return found


def _calibration(what: str, data: Dataset, probability: Floats, asked: DriftThresholds) -> Moved:
    rows, positives, expected = len(data.y), int(data.y.sum()), float(probability.mean())
    ratio = positives / rows / expected
    # Rows of one customer tell of the same person: together they are worth as many rows as there are customers.
    worth = len(np.unique(data.groups)) / rows
    p = float(beta.cdf(expected, worth * positives + 0.5, worth * (rows - positives) + 0.5))
    is_outside = not asked.calibration.at_least <= ratio <= asked.calibration.at_most
    return Moved(
        part="calibration",
        what=what,
        figure=ratio,
        bound=f"{asked.calibration.at_least:g} to {asked.calibration.at_most:g}",
        is_alarm=is_outside and min(p, 1 - p) < asked.test_p,
        says=f"{positives} of {rows} matured cases, {expected * rows:.1f} expected",
    )


def _value(what: str, came: Floats, would: Floats, groups: npt.NDArray[np.int64], asked: DriftThresholds) -> Moved:
    ratio = float(came.sum() / would.sum())
    _, customer = np.unique(groups, return_inverse=True)
    short = np.bincount(customer, would - came)
    error = float(np.sqrt((short**2).sum()))
    is_certain = short.sum() > 3 * error
    return Moved(
        part="value",
        what=what,
        figure=ratio,
        bound=f"at least {asked.value_ratio_least:g}",
        is_alarm=ratio < asked.value_ratio_least and bool(is_certain),
        says=f"{len(came)} cases that it would act on, by the register of assumptions",
    )


def _prices(settings: Settings, bank: Bank) -> Prices:
    currency, on = bank.manifest.currency, bank.clock(settings).now().date()
    folder = policy_folder(settings.policy)
    return Prices(load_economics(folder, currency, on), load_catalogue(folder, currency))

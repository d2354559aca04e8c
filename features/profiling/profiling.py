"""Profiling: the feature rows of one date read once, those of the reference date once, and compared."""

from collections.abc import Callable
from datetime import datetime

from features.catalogue import FAMILIES, FEATURES, Feature, definitions_hash
from features.freshness import freshness_of
from features.profiling.bars import bars_of
from features.profiling.dates import chosen_dates, row_counts
from features.profiling.distributions import Distribution, Gathering
from features.profiling.report import PERCENTS, FeatureProfile, Figures, Profile, Snapshot
from features.profiling.stability import band_of, bin_shares, bin_starts, chance_index, stability_index
from features.rows import rows_at
from linewise.bank.tables import open_bank
from linewise.core.clock import as_utc
from linewise.core.home import Home

__all__ = ["profile_features"]

Progress = Callable[[int], None]


def profile_features(
    home: Home,
    now: datetime,
    as_of: datetime | None = None,
    reference: datetime | None = None,
    progress: Progress | None = None,
) -> Profile:
    """The profile of the features as of a date (default: the newest), beside a reference date.

    Which dates are meant where none is given: `features.profiling.dates`. Each date's rows are read once, file
    by file, and no more of them is held than one file and a few thousand cells a feature. `progress` is
    told how many more rows are done. Raises BankMissing, FeaturesMissing, and UsageError
    where a given date has no rows.
    """
    manifest = open_bank(home).manifest
    counts = row_counts(home)
    shown, compared = chosen_dates(counts, as_of, reference)
    current = _gathered(home, shown, progress)
    former = None if compared is None else _gathered(home, compared, progress)
    profiles = tuple(
        _profiled(family, feature, current[feature.name], former[feature.name] if former else None)
        for family, features in FAMILIES.items()
        for feature in features
    )
    return Profile(
        bank=manifest.name,
        currency=manifest.currency,
        now=as_utc(now),
        age_days=(as_utc(now) - shown).days,
        freshness=freshness_of(shown, now),
        definitions_hash=definitions_hash(),
        current=Snapshot(shown, counts[shown]),
        reference=None if compared is None else Snapshot(compared, counts[compared]),
        chance_psi=None if compared is None else chance_index(_most_bins(profiles), counts[compared], counts[shown]),
        features=profiles,
        bars={
            feature.name: bars_of(current[feature.name], former[feature.name] if former else None, feature)
            for feature in FEATURES
        },
    )


def _gathered(home: Home, as_of: datetime, progress: Progress | None) -> dict[str, Distribution]:
    gatherings = {feature.name: Gathering(feature) for feature in FEATURES}
    for rows in rows_at(home, as_of, tuple(gatherings)):
        for name, gathering in gatherings.items():
            gathering.add(rows[name].to_numpy())
        if progress is not None:
            progress(rows.num_rows)
    return {name: gathering.distribution() for name, gathering in gatherings.items()}


def _profiled(family: str, feature: Feature, current: Distribution, reference: Distribution | None) -> FeatureProfile:
    psi, bins = (None, None) if reference is None else _moved(reference, current)
    return FeatureProfile(
        name=feature.name,
        family=family,
        meaning=feature.meaning,
        unit=feature.unit,
        declared_minimum=feature.minimum,
        declared_maximum=feature.maximum,
        default=feature.default,
        owner=feature.owner,
        allowed_for=feature.allowed_for,
        current=_figures(current),
        reference=None if reference is None else _figures(reference),
        psi=psi,
        bins=bins,
        band=None if psi is None else band_of(psi),
    )


def _moved(reference: Distribution, current: Distribution) -> tuple[float, int]:
    """The index and the number of its bins."""
    starts = bin_starts(reference)
    were, are = bin_shares(reference, starts), bin_shares(current, starts)
    return stability_index(were, are), int(((were > 0) | (are > 0)).sum())


def _figures(one: Distribution) -> Figures:
    p1, p25, median, p75, p99 = (one.percentile(percent) for percent in PERCENTS)
    return Figures(
        rows=one.rows,
        known=one.known,
        missing_ratio=one.missing / one.rows,
        at_default_ratio=None if one.at_default is None else one.at_default / one.rows,
        zero_ratio=one.zeros / one.rows,
        beyond_range=one.beyond_range,
        distinct=one.distinct,
        minimum=one.minimum,
        p1=p1,
        p25=p25,
        median=median,
        p75=p75,
        p99=p99,
        maximum=one.maximum,
        mean=one.mean,
    )


def _most_bins(profiles: tuple[FeatureProfile, ...]) -> int:
    return max(profile.bins or 1 for profile in profiles)

"""The figures of a profile: what each feature looks like as of a date, beside a reference date."""

from dataclasses import dataclass
from datetime import datetime

from features.feature import Purpose, Unit
from features.freshness import Freshness
from features.profiling.bars import Bars
from features.profiling.stability import Band

__all__ = ["MOSTLY_MISSING_ABOVE", "PERCENTS", "FeatureProfile", "Figures", "Profile", "Snapshot"]

PERCENTS = (1, 25, 50, 75, 99)

MOSTLY_MISSING_ABOVE = 0.5


@dataclass(frozen=True, slots=True)
class Figures:
    """One feature on one date; amounts in minor units, shares of all rows.

    at_default_ratio is None where the default is to be missing; distinct above 10,000 (DISTINCT_LIMIT); the
    rest where no value is known. beyond_range counts the values outside the declared range.
    """

    rows: int
    known: int
    missing_ratio: float
    at_default_ratio: float | None
    zero_ratio: float
    beyond_range: int
    distinct: int | None
    minimum: float | None
    p1: float | None
    p25: float | None
    median: float | None
    p75: float | None
    p99: float | None
    maximum: float | None
    mean: float | None

    @property
    def is_constant(self) -> bool:
        """Whether every known value is the same one."""
        return self.distinct == 1

    @property
    def is_never_filled(self) -> bool:
        """Whether no value is known at all."""
        return self.known == 0

    @property
    def is_mostly_missing(self) -> bool:
        """Whether more than half of the rows have no value."""
        return self.missing_ratio > MOSTLY_MISSING_ABOVE


@dataclass(frozen=True, slots=True)
class FeatureProfile:
    """One feature: its definition, its figures on both dates, and how far it has moved.

    psi and band are None where there is no reference. bins counts those of the index, that of the missing
    values included.
    """

    name: str
    family: str
    meaning: str
    unit: Unit
    declared_minimum: float
    declared_maximum: float
    default: float | None
    owner: str
    allowed_for: tuple[Purpose, ...]
    current: Figures
    reference: Figures | None
    psi: float | None
    bins: int | None
    band: Band | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of one observation date, a row a customer."""

    as_of: datetime
    rows: int


@dataclass(frozen=True, slots=True)
class Profile:
    """All features in catalogue order, and the bars of their plots by name.

    age_days and freshness: how old the current rows are at the bank's present moment. chance_psi is the largest
    index to expect of any feature were the two dates samples of one and the same population.
    """

    bank: str
    currency: str
    now: datetime
    age_days: int
    freshness: Freshness
    definitions_hash: str
    current: Snapshot
    reference: Snapshot | None
    chance_psi: float | None
    features: tuple[FeatureProfile, ...]
    bars: dict[str, Bars | None]

    def in_band(self, band: Band) -> tuple[FeatureProfile, ...]:
        """The features of a band, the furthest moved first."""
        return tuple(one for one in self.by_psi if one.band == band)

    @property
    def by_psi(self) -> tuple[FeatureProfile, ...]:
        """The features that have an index, the furthest moved first."""
        compared = [one for one in self.features if one.psi is not None]
        return tuple(sorted(compared, key=lambda one: (-(one.psi or 0.0), one.name)))

    @property
    def constant(self) -> tuple[FeatureProfile, ...]:
        """The features whose known values are all the same."""
        return tuple(one for one in self.features if one.current.is_constant)

    @property
    def mostly_missing(self) -> tuple[FeatureProfile, ...]:
        """The features that more than half of the customers have no value of."""
        return tuple(one for one in self.features if one.current.is_mostly_missing)

    @property
    def beyond_range(self) -> tuple[FeatureProfile, ...]:
        """The features with values outside their declared range."""
        return tuple(one for one in self.features if one.current.beyond_range)

"""People at a decision: what features show of them, what nobody sees, and what only a judge of fairness does."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy.special import expit, pdtr

from linewise.simulation.chance import Chance
from linewise.simulation.logged.worlds import LoggedWorld

__all__ = ["AGE_BANDS", "FEATURE_NAMES", "REGIONS", "SEXES", "People", "draw_people"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = Ints | npt.NDArray[np.bool_]

SEXES = ("female", "male")
AGE_BANDS = ("18-29", "30-44", "45-59", "60+")
REGIONS = ("north", "east", "south", "west", "centre")

_AGE_STARTS = (30, 45, 60)
_RISK_BY_AGE = np.array([0.35, 0.0, -0.10, -0.20])
_INCOME_BY_SEX = np.array([0.92, 1.08])
_INCOME_BY_REGION = np.array([0.95, 1.20, 1.08, 0.85, 0.92])

MINOR = 100
INCOME_MEDIAN_AMT = 8_000 * MINOR
LIMIT_STEP_AMT = 1_000 * MINOR
LIMIT_LEAST_AMT = 2_000 * MINOR
MOST_COUNT = 24


@dataclass(frozen=True, slots=True)
class People:
    """Customers at one decision each, (n_people,) unless said; amounts in minor units.

    number: the key of a customer's dice. month: of the decision. features (n_people, n_features) in the order of
    FEATURE_NAMES, whose names and units are the product's own; no learner is given anything else. limit_amt: the
    line in force; income_amt a month. risk, impatience, need (standard normal in `base`), revolves (share of a
    balance that is carried over) and shape (how effects bend, see `effect_of`) are hidden. sex, age_band, region
    number the names in SEXES, AGE_BANDS and REGIONS.
    """

    number: Ints
    month: Ints
    features: Floats
    limit_amt: Floats
    income_amt: Floats
    risk: Floats
    impatience: Floats
    need: Floats
    revolves: Floats
    shape: Ints
    sex: Ints
    age_band: Ints
    region: Ints

    def __len__(self) -> int:
        return len(self.number)

    def feature(self, name: str) -> Floats:
        """One feature of all people, (n_people,)."""
        return self.features[:, FEATURE_NAMES.index(name)]

    def only(self, rows: Rows) -> "People":
        """Some of the people."""
        return People(*(getattr(self, one.name)[rows] for one in fields(self)))


def draw_people(world: LoggedWorld, count: int, start: int = 0) -> People:
    """The people numbered from `start` on; a customer is the same whoever else is drawn.

    A log takes the first `world.log_count` numbers; whoever is judged stands far behind them.
    """
    who, chance = np.arange(start, start + count, dtype=np.int64), world.chance
    month = chance.between(0, world.month_count - 1, "month", who)
    has_drifted = (month >= world.drift_month).astype(np.float64)
    age = 18.0 + 52.0 * chance.uniform("age", who) ** 1.25
    age_band = np.searchsorted(_AGE_STARTS, age, side="right")
    sex = chance.between(0, len(SEXES) - 1, "sex", who)
    region = chance.between(0, len(REGIONS) - 1, "region", who)
    risk = chance.normal("risk", who) + _RISK_BY_AGE[age_band]
    impatience = 0.5 * risk + 0.866 * chance.normal("impatience", who)
    impatience = impatience + has_drifted * world.numbers.drift_impatience_add
    need = chance.normal("need", who)
    career = np.clip(0.75 + (age - 22.0) / 40.0, 0.6, 1.25)
    income = INCOME_MEDIAN_AMT * career * _INCOME_BY_SEX[sex] * _INCOME_BY_REGION[region]
    income = income * np.exp(0.5 * chance.normal("income", who) - 0.12 * risk)
    # Most people either pay in full or carry most of it over.
    revolves = expit(2.2 * (-0.05 + 0.75 * impatience + 0.35 * need + 0.5 * chance.normal("revolves", who)))
    seen_risk = 0.7 * risk + 0.7 * chance.normal("seen risk", who)
    line = income * np.exp(0.9 - 0.30 * seen_risk + 0.3 * chance.normal("line", who))
    limit = np.maximum(np.rint(line / LIMIT_STEP_AMT) * LIMIT_STEP_AMT, LIMIT_LEAST_AMT)
    hidden = _Hidden(chance, who, risk, impatience, need, revolves)
    shown = _shown(hidden, age, income, limit)
    return People(
        number=who,
        month=month,
        features=np.column_stack([shown[name] for name in FEATURE_NAMES]),
        limit_amt=limit,
        income_amt=income,
        risk=risk,
        impatience=impatience,
        need=need,
        revolves=revolves,
        shape=chance.between(0, 3, "shape", who),
        sex=sex,
        age_band=age_band.astype(np.int64),
        region=region,
    )


@dataclass(frozen=True, slots=True)
class _Hidden:
    """What the features are noisy readings of, and the dice of the noise."""

    chance: Chance
    who: Ints
    risk: Floats
    impatience: Floats
    need: Floats
    revolves: Floats

    def noise(self, purpose: str) -> Floats:
        """Standard normal."""
        return self.chance.normal(purpose, self.who)

    def count(self, purpose: str, mean: Floats) -> Floats:
        """A Poisson count, at most MOST_COUNT."""
        draw = self.chance.uniform(purpose, self.who)
        passed = np.zeros(len(draw))
        for k in range(MOST_COUNT):
            passed += draw > pdtr(k, mean)
        return passed

    def of_twelve(self, purpose: str, share: Floats) -> Floats:
        """About so many of twelve months."""
        return np.clip(np.rint(12.0 * share + 1.2 * self.noise(purpose)), 0.0, 12.0)


def _shown(hidden: _Hidden, age: Floats, income: Floats, limit: Floats) -> dict[str, Floats]:
    """The features by name, in the units of the product's own."""
    chance, who = hidden.chance, hidden.who
    risk, impatience, need, revolves = hidden.risk, hidden.impatience, hidden.need, hidden.revolves
    wanted = income * 0.28 * np.exp(0.35 * need + 0.25 * hidden.noise("wanted"))
    bought = np.minimum(wanted, 0.9 * limit)
    carried = revolves * expit(
        -0.2 + 0.8 * impatience + 0.4 * need + 0.4 * risk + 0.5 * hidden.noise("carried") - 0.4 * np.log(limit / income)
    )
    used = np.clip(0.6 * (1.0 - revolves) * bought / limit + carried, 0.0, 1.1)
    drawn = np.clip(used * np.exp(0.25 * hidden.noise("drawn")), 0.0, 1.2)
    mean_drawn = np.clip(used * np.exp(0.12 * hidden.noise("mean drawn")), 0.0, 1.2)
    overdue = hidden.count("overdue", np.exp(-1.7 + 0.85 * risk + 0.35 * impatience))
    is_overdue = chance.happens(np.minimum(0.12 * overdue, 0.6), "is overdue", who)
    worst = np.where(overdue > 0, chance.between(1, 45, "worst overdue", who) + 8.0 * np.maximum(overdue - 1, 0), 0.0)
    declined = hidden.count("declined", np.exp(-1.6 + 0.5 * need + 2.0 * (used - 0.5)))
    tenure = 180.0 + 5_000.0 * chance.uniform("tenure", who) * np.clip((age - 18.0) / 20.0, 0.1, 1.0)
    seen_income = income * np.exp(0.08 * hidden.noise("seen income"))
    return {
        "credit_limit_amt": limit,
        "utilisation_ratio": drawn,
        "utilisation_mean_ratio_180d": mean_drawn,
        "statement_balance_amt": np.rint(drawn * limit),
        "statement_count_365d": np.full(len(who), 12.0),
        "payment_ratio_180d": np.clip(1.0 - revolves + 0.05 * hidden.noise("paid"), 0.0, 1.0),
        "full_payment_count_365d": hidden.of_twelve("paid in full", 1.0 - revolves),
        "minimum_payment_count_365d": hidden.of_twelve("paid the minimum", 0.5 * revolves * expit(impatience)),
        "short_payment_count_365d": hidden.count("paid short", np.exp(-2.0 + 0.8 * risk + 0.4 * impatience)),
        "past_due_days": np.where(is_overdue, np.minimum(worst, 29.0), 0.0),
        "past_due_worst_days_180d": worst,
        "past_due_count_365d": np.minimum(overdue, 12.0),
        "cash_advance_count_90d": hidden.count("cash", np.exp(-1.6 + 0.7 * impatience + 0.3 * risk)),
        "negative_balance_days_180d": hidden.count("below zero", np.exp(0.1 + 0.6 * risk)),
        "enquiry_count_365d": hidden.count("enquiries", np.exp(-0.4 + 0.45 * risk + 0.3 * need)),
        "other_utilisation_ratio": expit(-0.8 + 0.7 * impatience + 0.5 * risk + 0.6 * hidden.noise("elsewhere")),
        "declined_count_90d": declined,
        "declined_sum_amt_90d": np.rint(declined * 0.05 * income * np.exp(0.4 * hidden.noise("ticket"))),
        "purchase_sum_amt_365d": np.rint(12.0 * bought * np.exp(0.10 * hidden.noise("bought"))),
        "purchase_sum_amt_90d": np.rint(3.0 * bought * np.exp(0.20 * hidden.noise("bought lately"))),
        "income_amt_12m": np.rint(12.0 * seen_income),
        "income_p25_amt_6m": np.rint(seen_income * np.exp(-0.12 - 0.10 * np.abs(hidden.noise("lean month")))),
        "deficit_months_count_6m": np.clip(np.rint(2.0 + need + 0.6 * risk + hidden.noise("deficit")), 0.0, 6.0),
        "credit_line_age_days": np.rint(0.8 * tenure),
        "tenure_days": np.rint(tenure),
        "limit_change_recency_days": np.minimum(chance.between(30, 900, "changed", who), 365).astype(np.float64),
    }


FEATURE_NAMES: tuple[str, ...] = (
    "credit_limit_amt", "utilisation_ratio", "utilisation_mean_ratio_180d", "statement_balance_amt",
    "statement_count_365d", "payment_ratio_180d", "full_payment_count_365d", "minimum_payment_count_365d",
    "short_payment_count_365d", "past_due_days", "past_due_worst_days_180d", "past_due_count_365d",
    "cash_advance_count_90d", "negative_balance_days_180d", "enquiry_count_365d", "other_utilisation_ratio",
    "declined_count_90d", "declined_sum_amt_90d", "purchase_sum_amt_365d", "purchase_sum_amt_90d", "income_amt_12m",
    "income_p25_amt_6m", "deficit_months_count_6m", "credit_line_age_days", "tenure_days", "limit_change_recency_days",
)  # fmt: skip
"""What a learner is given, in the order of the columns of `People.features`."""

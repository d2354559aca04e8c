"""How a release would behave on the loaded bank beside the one that decides: what no label tells a gate."""

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import spearmanr

from features.catalogue import FEATURE_NAMES
from features.online import OnlineRows
from features.profiling.stability import index_by_tenths
from linewise.decisioning.offers import Offers
from linewise.decisioning.rule import TAKING_EFFECTS
from linewise.decisioning.scorers import DefaultCoefficients, LimitResponse
from linewise.decisioning.types import Context, Customers, Decisions, Floats, Ints
from serving.scoring.deciding import Decider
from serving.scoring.scorers import BoosterScorers

__all__ = ["Behaviour", "behaviour_of"]

INCOME = ("income_mean_amt_6m", "income_p25_amt_6m", "income_amt_12m", "income_evidenced_amt", "income_verified_amt")
"""The features that say how much somebody earns: raised together, as of one who earns more."""

INCOME_FACTOR, RISK_SHIFT = 1.25, 0.7
"""A quarter more income; twice the odds of default."""

CHANNEL = "voice"
CALLS_TIMED = 100
CALLS_BEFORE = 10


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a release would do with a sample of the loaded bank's customers.

    income_reversals_ratio, risk_reversals_ratio: of whom the suggested limit falls with more income, or rises with
    more risk. policy_violations_count: offers shown that a rule takes away, limits above their cap or off the step.
    score_psi, score_correlation: the changed model's scores beside those of the release that decides, the stability
    index over tenths and the correlation of ranks; None where nothing decides yet. latency_p95_ms: of one decision
    without its record.
    """

    customer_count: int
    income_reversals_ratio: float
    risk_reversals_ratio: float
    policy_violations_count: int
    latency_p95_ms: float
    score_psi: float | None = None
    score_correlation: float | None = None


class _Riskier:
    """The same models, with the odds of default higher for everybody."""

    def __init__(self, known: BoosterScorers) -> None:
        self._known = known
        self.versions, self.has_control_group = known.versions, known.has_control_group
        self.take_up, self.uplift = known.take_up, known.uplift
        self.explain_take_up, self.explain_default = known.explain_take_up, known.explain_default

    def default(self, customers: Customers) -> DefaultCoefficients:
        """As the model says, at other odds."""
        return _riskier(self._known.default(customers))

    def limit_response(self, customers: Customers) -> LimitResponse:
        """As the models say, at other odds."""
        found = self._known.limit_response(customers)
        return replace(found, default=_riskier(found.default))


def _riskier(default: DefaultCoefficients) -> DefaultCoefficients:
    return replace(default, offset=default.offset + RISK_SHIFT)


def behaviour_of(decider: Decider, model: str, beside: Decider | None, sample_count: int, seed: int) -> Behaviour:
    """Let a release decide for a sample of the bank, drawn by the seed, as on a call in which nobody asks for anything.

    model: the one that differs from what decides (`beside`), whose scores are compared.
    """
    everybody = decider.customer_ids()
    drawn = np.random.default_rng(seed).permutation(len(everybody))[:sample_count]
    ids = [everybody[place] for place in np.sort(drawn)]
    context = decider.context(CHANNEL, explain=False)
    generation = decider.generation()
    rows = generation.read(ids)
    ids = [one for one, is_there in zip(ids, rows.found, strict=True) if is_there]
    plain = decider.decide_on(ids, context)
    richer = decider.decide_on(ids, context, _with_more_income)
    riskier = decider.decide_on(ids, context, scorers=_Riskier(decider.scorers))
    psi = correlation = None
    if beside is not None:
        ours, theirs = _scores(decider, plain, model), _scores(beside, plain, model)
        psi, correlation = index_by_tenths(theirs, ours), _correlation(theirs, ours)
    return Behaviour(
        customer_count=len(ids),
        income_reversals_ratio=float(np.mean(richer.limit.suggested_amt < plain.limit.suggested_amt)),
        risk_reversals_ratio=float(np.mean(riskier.limit.suggested_amt > plain.limit.suggested_amt)),
        policy_violations_count=_violations(plain, decider.policy.decision.limit.step_amt),
        latency_p95_ms=_latency(decider, ids, context),
        score_psi=psi,
        score_correlation=correlation,
    )


def _with_more_income(rows: OnlineRows) -> OnlineRows:
    values = rows.values.copy()
    places = [FEATURE_NAMES.index(name) for name in INCOME]
    values[:, places] = np.rint(values[:, places] * INCOME_FACTOR)
    return replace(rows, values=values)


def _violations(found: Decisions, step_amt: int) -> int:
    takes = np.array([rule.effect in TAKING_EFFECTS for rule in found.offers.rules], dtype=bool)
    shown = found.offers.rank >= 0
    taken_away = (found.offers.hits & takes).any(axis=2) & shown
    limit = found.limit
    is_raised = limit.suggested_amt > limit.current_amt
    above = is_raised & (limit.suggested_amt > limit.max_amt)
    off_step = is_raised & (limit.suggested_amt % step_amt != 0)
    return int(taken_away.sum() + above.sum() + off_step.sum())


def _scores(decider: Decider, found: Decisions, model: str) -> Floats:
    """What the release's model of that name says of the customers, (n_scores,)."""
    customers, offers = found.customers, decider.policy.decision.offers
    if "take_up" in model:
        rows, columns = _every_pair(customers, offers)
        return decider.scorers.take_up(customers, offers, rows, columns)
    response = decider.scorers.limit_response(customers)
    if "default" in model:
        return response.default.pd_12m(customers.current_limit_amt[:, None])[:, 0]
    taken_away = {"card_declined": response.declined, "card_attrition": response.attrition}.get(model)
    if taken_away is not None:
        return taken_away.base
    amount = response.balance if "balance" in model else response.spend
    return np.asarray(amount.amount(customers.current_limit_amt[:, None])[:, 0], dtype=np.float64)


def _every_pair(customers: Customers, offers: Offers) -> tuple[Ints, Ints]:
    rows, columns = np.meshgrid(np.arange(len(customers)), np.arange(len(offers)), indexing="ij")
    return rows.ravel(), columns.ravel()


def _correlation(one: Floats, other: Floats) -> float:
    # Of a constant no rank is told: two of them agree, one of them agrees with nothing.
    constant = [bool(np.ptp(values) == 0) for values in (one, other)]
    return float(all(constant)) if any(constant) else float(spearmanr(one, other).statistic)


def _latency(decider: Decider, ids: list[str], context: Context) -> float:
    taken = []
    for place in range(min(len(ids), CALLS_BEFORE + CALLS_TIMED)):
        begun = time.perf_counter()
        decider.decide(ids[place : place + 1], context)
        taken.append(1000 * (time.perf_counter() - begun))
    return float(np.quantile(taken[CALLS_BEFORE:] or taken, 0.95))

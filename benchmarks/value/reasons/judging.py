"""The product's principal reasons of refusals, beside what truly drives the risk as the features show it.

What truly drives it is planted: the log-odds of default that the world's equations give. A booster is fitted to them
without any noise, and its exact contributions, summed by the same codes, are the drivers of each customer.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import lightgbm as lgb
import numpy as np
from scipy.special import logit

from benchmarks.value.limits.learnt import datasets_of
from benchmarks.value.numbers import JUDGED_START, LEARNER_SEED, ORACLE_START
from benchmarks.value.task import Figures
from benchmarks.value.trees import grown
from linewise.decisioning.explaining import LIMIT_REASONS
from linewise.decisioning.reasons import reason_codes
from linewise.decisioning.scorers import Contributions
from linewise.decisioning.types import Bools, Floats
from linewise.policy.economics import load_economics, load_parameters
from linewise.policy.sentences import load_reasons
from linewise.policy.standard_folder import policy_folder
from linewise.simulation.logged import FEATURE_NAMES, LoggedWorld, People, draw_people, logged_world
from linewise.simulation.logged.limits import RAISES, limit_log, limit_truth
from training.dataset import Dataset
from training.fitting import FittedModel, fit_model
from training.specs import chosen_specs

__all__ = ["added_by_booster", "judged", "matched"]

Coded = tuple[tuple[str, float], ...]

ON = date(2026, 11, 24)
ASKED = RAISES.index(0.25)
PARAMETERS = {
    "objective": "regression", "num_leaves": 31, "learning_rate": 0.1, "min_data_in_leaf": 100, "max_bin": 127,
}  # fmt: skip
ROUNDS = 200


def added_by_booster(booster: lgb.Booster, rows: Floats, slope: float = 1.0) -> tuple[Contributions, Floats]:
    """What each input added, and the sum of all with the base, (n_rows,)."""
    added = slope * np.asarray(booster.predict(rows, pred_contrib=True, num_threads=1))
    return Contributions(FEATURE_NAMES, added[:, :-1]), added.sum(axis=1)


def _planted(world: LoggedWorld, count: int) -> lgb.Booster:
    """The log-odds of default that the world gives, as far as features show them."""
    people = draw_people(world, count, ORACLE_START)
    truth = logit(limit_truth(world, people).pd[:, 0])
    return grown(people.features, truth, ROUNDS, PARAMETERS)


def judged(world_name: str, log_count: int, judged_count: int, planted_count: int, seed: int) -> Figures:
    """Figures of one world: of who asks for a quarter more and is refused for the risk."""
    world = logged_world(name=world_name, seed=seed, log_count=log_count)
    (spec,) = chosen_specs(["card_default"])
    default, *_ = datasets_of(limit_log(world))
    fitted = fit_model(spec, default, LEARNER_SEED)
    people = draw_people(world, judged_count, JUDGED_START)
    refused = people.only(_is_refused(fitted, people))
    code_of = load_reasons(policy_folder(None)).code_of
    slope = fitted.calibration.slope
    ours, whole = added_by_booster(fitted.booster, refused.features, slope)
    raw = np.asarray(fitted.booster.predict(refused.features, raw_score=True, num_threads=1))
    against = np.ones(len(refused))
    reasons = reason_codes(ours, code_of, sign=against, most=LIMIT_REASONS)
    again = reason_codes(
        added_by_booster(fitted.booster, refused.features[::-1].copy(), slope)[0], code_of, sign=against,
        most=LIMIT_REASONS,
    )[::-1]  # fmt: skip
    planted = _planted(world, planted_count)
    drivers, _ = added_by_booster(planted, refused.features)
    true = reason_codes(drivers, code_of, sign=against, most=LIMIT_REASONS)
    gain = fitted.booster.feature_importance("gain")
    overall = _most_important(gain, code_of)
    return {
        "additivity": float(np.abs(whole - slope * raw).max()),
        "match": matched(reasons, true),
        "first_match": matched([one[:1] for one in reasons], [one[:1] for one in true]),
        "gain_match": matched([overall] * len(refused), true),
        "same_again": float(np.mean([one == two for one, two in zip(reasons, again, strict=True)])),
        "reasons": float(np.mean([len(one) for one in reasons])),
        "refused": float(len(refused)),
        "planted_correlation": float(
            np.corrcoef(planted.predict(people.features), logit(limit_truth(world, people).pd[:, 0]))[0, 1]
        ),
    }


def _is_refused(fitted: FittedModel, people: People) -> Bools:
    """Whose probability of default, the raise included, is above what the standard policy bears, (n_people,)."""
    folder = policy_folder(None)
    ceiling = load_parameters(folder, "CNY", load_economics(folder, "CNY", ON))[1].pd_ceiling_ratio
    rows = np.arange(len(people))
    asked = Dataset(
        name="card_default", feature_names=FEATURE_NAMES, offer_attributes=(), x=people.features,
        y=np.zeros(len(rows), dtype=np.int64), groups=rows, cases=rows, principal_amt=RAISES[ASKED] * people.limit_amt,
        scale_amt=people.limit_amt,
    )  # fmt: skip
    return np.asarray(fitted.probability(asked) > ceiling)


def matched(said: Sequence[Coded], true: Sequence[Coded]) -> float:
    """The share of the reasons said, all of everybody, that are among the true ones of that customer."""
    hits = [code in {name for name, _ in true_of} for one, true_of in zip(said, true, strict=True) for code, _ in one]
    return float(np.mean(hits))


def _most_important(gain: Floats, code_of: Mapping[str, str]) -> Coded:
    """The same reasons for everybody: those of the inputs that the trees gain most by."""
    total: dict[str, float] = {}
    for name, one in zip(FEATURE_NAMES, gain, strict=True):
        if name in code_of:
            total[code_of[name]] = total.get(code_of[name], 0.0) + float(one)
    return tuple(sorted(total.items(), key=lambda item: -item[1])[:LIMIT_REASONS])

"""What a raise did, as the bank's own data tell it, and as it was: naive, adjusted, randomised, true.

The unit is an account reviewed in a month; outcomes are the growth of what is owed and whether the account was
90 days overdue, both within twelve months. Borrowing is a unit of new limit; default a raise.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.simulation.chance import Floats, Ints
from linewise.simulation.lives.record import EXPOSURE, LIMIT_REASONS, OFFERS
from linewise.simulation.report.answers import borrowed_amt
from linewise.simulation.report.sample import (
    DEFAULTED,
    HORIZON_MONTHS,
    Sample,
    Undone,
)
from linewise.simulation.report.sums import GROUPS_COUNT, Sums, Totals, ratio

__all__ = ["OUTCOMES", "adjusted_effect", "collect", "naive_effect", "randomised_effect", "true_effect"]

OUTCOMES = ("owed_amt", "default")
"""What a raise may change: growth of what is owed (minor units), and 90 days overdue (0 or 1)."""

_HISTORY = 6
_RULE = LIMIT_REASONS.index("rule")
_HELD, _FIRST_ARM = OFFERS.index("LIMIT_HOLD"), OFFERS.index("LIMIT_10")
_CONFOUNDERS = 8
_COLUMNS = 2 + _CONFOUNDERS
_LEAST_FOR_LOG_AMT = 10_000


def collect(sample: Sample, sums: Sums) -> None:
    """Add raised and other accounts of every reviewed month, seen and true."""
    gram = np.zeros((GROUPS_COUNT, _COLUMNS * (_COLUMNS + len(OUTCOMES))))
    for undone in sample.undone:
        gram += _collect_month(sample, sums, undone)
    sums.put("regression", gram)


def _collect_month(sample: Sample, sums: Sums, undone: Undone) -> Floats:
    month, raises, n = undone.month, sample.raises, len(sample.people)
    given = raises.month == month
    limit_amt = np.zeros(n)
    limit_amt[raises.person[given]] = (raises.new_amt - raises.old_amt)[given]
    by_rule = np.zeros(n, dtype=np.bool_)
    by_rule[raises.person[given & (raises.reason == _RULE)]] = True
    owed, default = _outcomes(sample.months, month)
    is_usual = sample.is_open[:, month - 1] & (sample.months["bucket"][:, month - 1] == 0)
    is_slice = sample.people["is_explored"] == 1
    arm = _randomised_arm(sample, month)
    kinds = {
        "rule": is_usual & by_rule,
        "other": is_usual & ~is_slice & (limit_amt == 0),
        "random": arm >= _FIRST_ARM,
        "held": arm == _HELD,
    }
    for kind, rows in kinds.items():
        sums.add(f"{kind}_count", sample.group, where=rows)
        sums.add(f"{kind}_limit_amt", sample.group, limit_amt, where=rows)
        for name, outcome in zip(OUTCOMES, (owed, default), strict=True):
            sums.add(f"{kind}_{name}", sample.group, outcome, where=rows)
    held_owed, held_default = _outcomes(undone.lives.months, month)
    person = undone.person
    for kind in ("rule", "random"):
        rows = kinds[kind][person]
        effects = (owed[person] - held_owed, default[person] - held_default)
        for name, effect in zip(OUTCOMES, effects, strict=True):
            sums.add(f"{kind}_true_{name}", sample.group[person], effect, where=rows)
    rows = kinds["rule"] | kinds["other"]
    table = np.column_stack([kinds["rule"], np.ones(n), _confounders(sample, month)])[rows]
    return _gram(sample.group[rows], table, np.column_stack([owed, default])[rows])


def _outcomes(months: NDArray[Any], month: int) -> tuple[Floats, Floats]:
    """Growth of what is owed from the month before to eleven after, and default within, (n_customers,) each."""
    last = month + HORIZON_MONTHS - 1
    owed = borrowed_amt(months, month).astype(np.float64)
    default = (months["bucket"][:, month : last + 1] >= DEFAULTED).any(axis=1)
    return np.asarray(owed[:, last] - owed[:, month - 1]), np.asarray(default, dtype=np.float64)


def _randomised_arm(sample: Sample, month: int) -> Ints:
    """Of record.OFFERS, drawn for the customer in the slice in that month; -1 for none, (n_customers,)."""
    shown = sample.events(EXPOSURE)
    drawn = shown[(shown["g"] == 1) & (shown["a"] >= _HELD)]
    now = sample.cycle_of(drawn) == month
    arm = np.full(len(sample.people), -1, dtype=np.int64)
    arm[drawn["person"][now]] = drawn["a"][now]
    return arm


def _confounders(sample: Sample, month: int) -> Floats:
    """What a bank's analyst would adjust for, as known at the end of the month before, (n, _CONFOUNDERS)."""
    past = sample.months[:, month - _HISTORY : month]
    now = past[:, -1]
    used = np.maximum(past["balance_amt"], 0) / np.maximum(past["limit_amt"], 1)
    spent = np.maximum(past["spend_amt"], 0)
    return np.column_stack(
        [
            now["score"] / 100.0,
            used[:, -1],
            used.mean(axis=1),
            (past["bucket"] > 0).sum(axis=1),
            past["bucket"].max(axis=1),
            np.log(np.maximum(now["limit_amt"], _LEAST_FOR_LOG_AMT)),
            np.log(np.maximum(spent.mean(axis=1), _LEAST_FOR_LOG_AMT)),
            np.log(np.maximum(spent[:, -2:].mean(axis=1), _LEAST_FOR_LOG_AMT)),
        ]
    )


def _gram(group: Ints, table: Floats, outcomes: Floats) -> Floats:
    """X'X and X'y of each group in one row, (GROUPS_COUNT, _COLUMNS * (_COLUMNS + n_outcomes))."""
    both = np.column_stack([table, outcomes])
    parts = [table[group == at].T @ both[group == at] for at in range(GROUPS_COUNT)]
    return np.stack([part.ravel() for part in parts])


def naive_effect(totals: Totals, outcome: str) -> float:
    """Raised by the rule less not raised in the same months: what the data say at first sight."""
    return _per_unit(totals, outcome, "rule", _mean(totals, "rule", outcome) - _mean(totals, "other", outcome))


def adjusted_effect(totals: Totals, outcome: str) -> float:
    """The same by least squares on score, use, arrears, line and spending of the six months before."""
    square = totals["regression"].reshape(_COLUMNS, _COLUMNS + len(OUTCOMES))
    # A country may leave a column constant in a small sample: the shortest solution still answers for the raise.
    weights = np.linalg.lstsq(square[:, :_COLUMNS], square[:, _COLUMNS + OUTCOMES.index(outcome)], rcond=None)[0]
    return _per_unit(totals, outcome, "rule", float(weights[0]))


def randomised_effect(totals: Totals, outcome: str) -> float:
    """Raised less held within the randomised slice."""
    return _per_unit(totals, outcome, "random", _mean(totals, "random", outcome) - _mean(totals, "held", outcome))


def true_effect(totals: Totals, outcome: str, kind: str) -> float:
    """As those raised by the rule, or in the slice (`random`), lived, less the same people without that raise."""
    return _per_unit(totals, outcome, kind, ratio(totals[f"{kind}_true_{outcome}"], totals[f"{kind}_count"]))


def _mean(totals: Totals, kind: str, outcome: str) -> float:
    return ratio(totals[f"{kind}_{outcome}"], totals[f"{kind}_count"])


def _per_unit(totals: Totals, outcome: str, kind: str, effect: float) -> float:
    if outcome == "default":
        return effect
    return ratio(effect, ratio(totals[f"{kind}_limit_amt"], totals[f"{kind}_count"]))

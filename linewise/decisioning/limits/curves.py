"""How default, balance and spending answer to each candidate limit, how it is then used, and its worth, compiled."""

from math import erfc, exp, pi, sqrt
from typing import Any

import numpy as np

from linewise.core.compiling import compiled, elementwise
from linewise.decisioning.valuing import between, valued_one

__all__ = ["answered", "declined", "declined_share", "left", "line_values", "used"]

ROOT_OF_TWO, ROOT_OF_TWO_PI = sqrt(2.0), sqrt(2.0 * pi)


@compiled
def answered(default: Any, balance: Any, spend: Any, doses: Any, errors: float) -> Any:
    """What survives, what earns interest and what is spent, each (2, n_customers, n_grid).

    First as expected, then with so many errors more of the slope of default and fewer of the others, none below zero.
    default, balance, spend: base, slope and its error, each (n_customers,); doses: those of the three, each
    (n_customers, n_grid).
    """
    rows, width = doses[0].shape
    surviving, earning, spent = np.empty((2, rows, width)), np.empty((2, rows, width)), np.empty((2, rows, width))
    for row in range(rows):
        for end in range(2):
            worse, less, fewer = default[1][row], balance[1][row], spend[1][row]
            if end == 1:
                worse += errors * default[2][row]
                less = max(less - errors * balance[2][row], 0.0)
                fewer = max(fewer - errors * spend[2][row], 0.0)
            for at in range(width):
                surviving[end, row, at] = 1.0 / (1.0 + exp(default[0][row] + worse * doses[0][row, at]))
                earning[end, row, at] = max(balance[0][row] + less * doses[1][row, at], 0.0)
                spent[end, row, at] = max(spend[0][row] + fewer * doses[2][row, at], 0.0)
    return surviving, earning, spent


@compiled
def _declined(limit: float, mean: float, spread: float) -> float:
    """What lies above a line in a mean cycle: E[(demand - limit)+] of a normal demand."""
    deviation = max(spread, 1e-9)
    z = (limit - mean) / deviation
    return deviation * max(exp(-0.5 * z * z) / ROOT_OF_TWO_PI - z * (0.5 * erfc(z / ROOT_OF_TWO)), 0.0)


@elementwise(["float64(float64, float64, float64)"])
def declined(limit: Any, mean: Any, spread: Any) -> Any:
    """The same of arrays that broadcast."""
    return _declined(limit, mean, spread)


@compiled
def _declined_share(limit: float, mean: float, spread: float) -> float:
    return min(_declined(limit, mean, spread) / max(mean, 1.0), 1.0) if mean > 0.0 else 0.0


@elementwise(["float64(float64, float64, float64)"])
def declined_share(limit: Any, mean: Any, spread: Any) -> Any:
    """The same as a share of what is wanted, at most 1; 0 where nothing is."""
    return _declined_share(limit, mean, spread)


@compiled
def left(limit: Any, demand: Any, bought: Any, declines: Any, departures: Any, knows: Any, rates: Any) -> Any:
    """The probability of leaving within a year at each line, (2, n_customers, n_grid), as `leaving_ratio` says.

    demand: mean and spread of a cycle's; bought: of a year; declines, departures: base, slope and its error of what was
    learnt, (n_customers,) each, and their doses (n_customers, n_grid); knows: which of the two was learnt. rates: what
    of the share that is declined leaves, one standard error of that, the dose of a line that is doubled, and how many
    errors make the cautious end.
    """
    (assumed_rate, assumed_error, doubled_dose, errors), (mean, spread) = rates, demand
    (base, slope, error, dose), (level, keeps, keeps_error, keeps_dose) = declines, departures
    found = np.empty((2, *limit.shape))
    for row in range(limit.shape[0]):
        has_line = limit[row, 0] > 0
        of_model = knows[0] and has_line
        wanted = max(bought[row] + base[row], 1.0)
        doubled = _declined_share(2.0 * limit[row, 0], mean[row], spread[row])
        now = _declined_share(limit[row, 0], mean[row], spread[row])
        if of_model:
            # At the line in force both ends are one.
            now = min(max((base[row] - slope[row] * dose[row, 0]) / wanted, 0.0), 1.0)
            doubled = min(max((base[row] - slope[row] * doubled_dose) / wanted, 0.0), 1.0)
        trust = 0.0
        if knows[1] and has_line:
            unknown, seen = assumed_error * max(now - doubled, 0.0), keeps_error[row] * doubled_dose
            trust = unknown * unknown / max(unknown * unknown + seen * seen, 1e-300)
        for end in range(2):
            less, keeps_less = slope[row], keeps[row]
            if end == 1:
                less = max(less - errors * error[row], 0.0)
                keeps_less = max(keeps_less - errors * keeps_error[row], 0.0)
            for at in range(limit.shape[1]):
                if of_model:
                    share = min(max((base[row] - less * dose[row, at]) / wanted, 0.0), 1.0)
                else:
                    share = _declined_share(float(limit[row, at]), mean[row], spread[row])
                assumed = assumed_rate * share
                # A raise keeps nobody who would not have left.
                stays = max(level[row] - keeps_less * keeps_dose[row, at], 0.0)
                found[end, row, at] = trust * stays + (1.0 - trust) * assumed if knows[1] else assumed
    return found


@compiled
def used(limit: Any, owed: Any, utilisation: Any, whole_share: Any, added_share: Any) -> Any:
    """The share of each line in use, and what is owed by who defaults on it as it was raised, (n_customers, n_grid).

    utilisation (n_customers,). whole_share, added_share: bands of the exposure of a line, and of what is added to it,
    by how much of the line in force is used: who is near the limit fills the new line up again, so a raise makes nobody
    safer by lowering the share that is used.
    """
    in_use, at_default = np.empty(owed.shape), np.empty(owed.shape)
    for row in range(owed.shape[0]):
        current, owed_now, part = limit[row, 0], owed[row, 0], utilisation[row]
        of_whole = of_added = 0.0
        for at in range(owed.shape[1]):
            line, owes = limit[row, at], owed[row, at]
            # What is owed now, or will be by the model, whichever is more, and what is added.
            drawn = max(owes, part * current + owes - owed_now)
            if at == 0:
                habit = drawn / max(current, 1)
                of_whole = between(habit, whole_share[0], whole_share[1])
                of_added = between(habit, added_share[0], added_share[1])
            in_use[row, at] = drawn / max(line, 1)
            is_raised = current > 0 and line >= current
            at_default[row, at] = max(owes, of_whole * current + of_added * (line - current) if is_raised else 0.0)
    return in_use, at_default


@compiled
def line_values(limit: Any, dose: Any, owed: Any, leaving: Any, ends: Any, behaviour: Any, register: Any) -> Any:
    """What each line comes to, as in Valuation, (n_ends, n_customers, n_grid) each.

    limit, owed (n_customers, n_grid); dose alike, or one row for all; leaving (n_ends or 1, n_customers, n_grid): the
    probability of it; ends: default within a year, the balance that earns, and spending, (n_ends, n_customers,
    n_grid). behaviour: of CardBehaviour, (n_customers,) each; register: numbers of the economics, then the rates and
    bands of `valued_one`, and the bands of what is added to a line.
    """
    (pd, earning, spent), (revolves, utilisation, rate, cost) = ends, behaviour
    (ramp, conversion, margin, years), rates, bands, added = register
    in_use, at_default = used(limit, owed, utilisation, bands, added)
    value, loss, exposure, capital = np.empty(pd.shape), np.empty(pd.shape), np.empty(pd.shape), np.empty(pd.shape)
    for end in range(pd.shape[0]):
        left = leaving[min(end, len(leaving) - 1)]
        for row in range(pd.shape[1]):
            now, part, doses = earning[end, row, 0], revolves[row], dose[min(row, len(dose) - 1)]
            for at in range(pd.shape[2]):
                # A transactor begins to revolve the likelier the larger the raise, and new borrowing grows over a year.
                bears = part + (1.0 - part) * min(conversion * doses[at], 1.0)
                earns = earning[end, row, at]
                value[end, row, at], loss[end, row, at], exposure[end, row, at], capital[end, row, at] = valued_one(
                    float(limit[row, at]),
                    pd[end, row, at],
                    bears * (now + ramp * (earns - now)),
                    bears * earns,
                    (1.0 - bears) * owed[row, at],
                    at_default[row, at],
                    rate[row],
                    spent[end, row, at],
                    0.0,
                    left[row, at] * (1.0 - part) * margin,
                    cost[row] if limit[row, at] != limit[row, 0] else 0.0,
                    bears,
                    years,
                    in_use[row, at],
                    rates,
                    bands[0],
                    bands[1],
                )
    return value, loss, exposure, capital

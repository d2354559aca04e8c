"""Columns of the customer's credit at this bank: lines, loans, plans in force, requests."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from linewise.core.moments import DAY_US, NEVER
from linewise.decisioning.types import Floats, Ints
from serving.scoring.keyed import Rows, nought_if_missing
from serving.scoring.sight import Sight, in_force

__all__ = ["account_columns", "component_columns", "loan_columns", "request_columns"]

OBSERVATION_DAYS = 365
"""How long restructured debt is watched after it was settled (our default: one year)."""

RECENT_DAYS = 30
CARD_ROLES = ("principal", "supplementary")


def _open_accounts(sight: Sight) -> Rows:
    """Accounts in the books, opened and not closed; a later state than the customer's moment is not used."""
    rows = sight.facts.tables["accounts"].rows_of(sight.places)
    at = sight.at[rows.owner]
    is_there = (rows["recorded_at"] <= at) & (rows["opened_at"] <= at)
    # `closed` and `charged_off` tell of the end of the extract: with no moment beside them they hold at once.
    is_over = rows.is_word("status", "closed", "charged_off") & (rows["closed_at"] == NEVER)
    return in_force(rows.only(is_there & ~is_over), sight.at)


def _line_amt(rows: Rows, at: Ints) -> Floats:
    """The line of each account, (n_rows,): the temporary one between its dates, else the permanent one; 0 if none."""
    moment = at[rows.owner]
    is_temporary = (rows["temporary_limit_from"] <= moment) & (moment < rows["temporary_limit_until"])
    line = np.where(is_temporary, rows["temporary_limit_amt"], rows["permanent_limit_amt"])
    return nought_if_missing(np.where(np.isnan(line), rows["permanent_limit_amt"], line))


def _once_a_group(rows: Rows, values: Floats) -> Floats:
    """The sum over accounts, (n_customers,), where accounts that share a line count once, at the highest."""
    group = rows["limit_group"]
    alone = np.asarray(group == -1)
    total = rows.only(alone).total(values[alone])
    shared, of_shared = rows.only(~alone), values[~alone]
    if len(of_shared):
        pairs, place = np.unique(np.stack([shared.owner, shared["limit_group"]]), axis=1, return_inverse=True)
        highest = np.zeros(pairs.shape[1])
        np.maximum.at(highest, place.ravel(), of_shared)
        total = total + np.bincount(pairs[0], highest, rows.customer_count)
    return total


def account_columns(sight: Sight) -> dict[str, NDArray[Any]]:
    """Lines, cards and the stage in the books, (n_customers,)."""
    rows = _open_accounts(sight)
    line = _line_amt(rows, sight.at)
    cash = np.minimum(nought_if_missing(rows["cash_limit_amt"]), line)
    with_line = rows.only(line > 0)
    first = with_line.least(with_line["opened_at"].astype(np.float64))
    cards = rows.only(rows.is_word("card_role", *CARD_ROLES))
    return {
        "other_own_limit_amt": rows.total(nought_if_missing(rows["instalment_limit_amt"])),
        "non_cash_limit_amt": _once_a_group(rows, line - cash),
        "card_count": cards.count(),
        "provision_stage": rows.most(rows["provision_stage"]),
        "minimum_payment_ratio": with_line.most(with_line["minimum_payment_ratio"]),
        "minimum_payment_floor_amt": with_line.most(with_line["minimum_payment_floor_amt"]),
        "limit_review_age_days": _review_age_days(sight, first),
    }


def component_columns(sight: Sight) -> dict[str, NDArray[Any]]:
    """What the customer's line is made of, (n_customers,): accounts of one group share one line.

    A supplementary card draws on the principal's line and has none of its own.
    """
    every = _open_accounts(sight)
    rows = every.only(~every.is_word("card_role", "supplementary"))
    at = sight.at[rows.owner]
    is_temporary = (rows["temporary_limit_from"] <= at) & (at < rows["temporary_limit_until"])
    temporary = rows.only(is_temporary & ~np.isnan(rows["temporary_limit_amt"]))
    line = _line_amt(rows, sight.at)
    permanent = nought_if_missing(rows["permanent_limit_amt"])
    until = temporary.least(temporary["temporary_limit_until"].astype(np.float64))
    return {
        "permanent_limit_amt": _once_a_group(rows, permanent),
        "temporary_limit_amt": np.where(temporary.any(), _once_a_group(rows, line), np.nan),
        "temporary_limit_days": np.where(temporary.any(), (until - sight.at) / DAY_US, np.nan),
        "cash_limit_amt": _once_a_group(rows, np.minimum(nought_if_missing(rows["cash_limit_amt"]), line)),
        "instalment_limit_amt": rows.total(nought_if_missing(rows["instalment_limit_amt"])),
        "line_card_count": every.only(every.is_word("card_role", *CARD_ROLES)).count(),
    }


def _review_age_days(sight: Sight, first_line_us: Floats) -> Floats:
    """Since the latest of: a change of the limit, a request that was decided, the first line that still stands."""
    changes, requests = sight.rows("limit_changes"), sight.rows("limit_requests")
    decided = requests.only(requests.is_word("decision", "approved", "countered", "refused"))
    moments = [
        np.where(moment == NEVER, np.nan, moment.astype(np.float64))
        for moment in (changes.latest_moment("changed_at"), decided.latest_moment("requested_at"))
    ]
    latest = np.fmax(np.fmax(*moments), first_line_us)
    age = (sight.at - latest) / DAY_US
    return np.where(np.isnan(first_line_us), np.nan, age)


def _runs(rows: Rows, at: Ints) -> NDArray[np.bool_]:
    """Whether a loan or plan runs at the customer's moment, (n_rows,): a status observed later says nothing yet."""
    is_over = rows.is_word("status", "settled") & (rows["status_at"] <= at[rows.owner])
    return np.asarray(~is_over)


def loan_columns(sight: Sight) -> dict[str, NDArray[Any]]:
    """Loans and plans of this bank, (n_customers,); what is owed is the principal until a balance was observed.

    What is in a plan on a card takes up its line and is billed with it; a loan is paid apart.
    """
    rows = sight.rows("instalments")
    running = rows.only(_runs(rows, sight.at))
    is_observed = running["status_at"] <= sight.at[running.owner]
    owed = np.where(is_observed, running["remaining_amt"], running["principal_amt"])
    owed = np.where(np.isnan(owed), running["principal_amt"], owed)
    is_loan, payment = running.is_word("kind", "loan"), nought_if_missing(running["payment_amt"])
    art70 = rows.only(rows.is_word("kind", "art70"))
    runs = _runs(art70, sight.at)
    watched = runs | (art70["status_at"] > sight.at[art70.owner] - OBSERVATION_DAYS * DAY_US)
    return {
        "own_loan_balance_amt": running.only(is_loan).total(owed[is_loan]),
        "own_payment_sum_amt": running.total(running["payment_amt"]),
        "loan_payment_amt": running.only(is_loan).total(payment[is_loan]),
        "card_plan_payment_amt": running.only(~is_loan).total(payment[~is_loan]),
        "card_plan_left_amt": running.only(~is_loan).total(owed[~is_loan]),
        "is_in_art70_plan": art70.only(runs).any().astype(np.float64),
        "is_restructured": art70.only(watched).any().astype(np.float64),
        "has_loan_here": rows.any().astype(np.float64),
    }


def request_columns(sight: Sight) -> dict[str, NDArray[Any]]:
    """Requests for credit here, (n_customers,)."""
    rows = sight.rows("limit_requests")
    asked = rows.only(rows.is_word("initiated_by", "customer"))
    recent = asked.only(asked["requested_at"] > sight.at[asked.owner] - RECENT_DAYS * DAY_US)
    last = rows.latest("requested_at", "recorded_at")
    countered = last.only(last.is_word("decision", "countered") & np.isnan(last["taken_amt"]))
    return {
        "request_count_30d": recent.count(),
        "has_open_counter_offer": countered.any().astype(np.float64),
    }

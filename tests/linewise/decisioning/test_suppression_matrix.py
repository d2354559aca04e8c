"""The suppression matrix of the screen, every row by every column, through the one decision."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from linewise.decisioning.rule import takers
from linewise.decisioning.types import Decisions
from tests.builders import a_context, a_policy, decided, some_customers

OFFERS = a_policy().decision.offers
GOES, GONE = True, False
LINE_AMT = 2_000_000

LATE = {"is_late": 1.0}
GRACE, ARREARS = LATE | {"is_within_grace": 1.0}, LATE | {"is_within_grace": 0.0}

# signal: what is changed (state, context, facts); then whether a promotional offer without credit, one with
# credit, a raise and a plan that the bank proposes stay, and whether a raise and a plan that the customer asks for do.
MATRIX: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], tuple[bool, ...]]] = {
    "nothing": ({}, {}, {}, (GOES, GOES, GOES, GOES, GOES, GOES)),
    "complaint open": ({"has_open_complaint": True}, {}, {}, (GONE, GONE, GONE, GONE, GONE, GOES)),
    "complaint voiced": ({}, {"has_voiced_complaint": True}, {}, (GONE, GONE, GONE, GONE, GONE, GOES)),
    "fraud, lost card, dispute": ({"has_open_fraud_case": True}, {}, {}, (GONE,) * 6),
    "identity not verified": ({}, {"is_identity_verified": False}, {}, (GONE,) * 6),
    "late within grace": ({}, {}, GRACE, (GOES,) * 6),
    "early arrears": ({}, {}, ARREARS, (GOES, GONE, GONE, GONE, GONE, GONE)),
    "hardship established": ({"is_in_hardship": True}, {}, {}, (GONE,) * 6),
    "hardship signalled": ({}, {"has_signalled_hardship": True}, {}, (GONE,) * 6),
    "vulnerable": ({}, {}, {"is_vulnerable": 1.0}, (GONE,) * 6),
    "strong negative tone": ({}, {"tone": "upset"}, {}, (GONE, GONE, GONE, GONE, GOES, GOES)),
    "marketing opt-out": ({"is_opted_out": True}, {}, {}, (GONE, GONE, GONE, GONE, GOES, GOES)),
    "personalisation opt-out": ({}, {}, {"is_personalisation_off": 1.0}, (GOES,) * 6),
    "Art 70 plan active": ({}, {}, {"is_in_art70_plan": 1.0}, (GOES, GONE, GONE, GONE, GONE, GONE)),
}  # fmt: skip


def decision(state: dict[str, Any], context: dict[str, Any], facts: dict[str, Any], asked_for: str) -> Decisions:
    customers = some_customers(current_limit_amt=LINE_AMT, statement_count_365d=12.0, statement_balance_amt=LINE_AMT)
    known = {**customers.facts} | {name: np.array([value]) for name, value in facts.items()}
    told = {name: np.array([value]) for name, value in context.items()}
    # What is voiced in the call counts, whatever an ordinary customer's facts say of it.
    known = {name: value for name, value in known.items() if name not in told}
    asked_amt = {"plan": LINE_AMT, "limit": 2 * LINE_AMT}.get(asked_for)
    asks = a_context(**context, asked_for=asked_for, is_customer_initiated=bool(asked_for), asked_amt=asked_amt)
    return decided(replace(customers, facts=known), context=asks, **state)


def stays(decisions: Decisions, kind: str, column: int = 0) -> bool:
    """Whether no rule takes the candidate away."""
    of = {"offer": decisions.offers, "limit": decisions.limit, "plan": decisions.plans}[kind]
    hits = of.hits[0] if kind == "limit" else of.hits[0, column]
    is_asked_for = decisions.context.asked_for == kind
    return not takers(of.rules, hits, is_asked_for=is_asked_for)


def promotional(*, is_credit: bool) -> list[int]:
    return [
        column
        for column, kind in enumerate(OFFERS.kind)
        if kind == "promotional" and bool(OFFERS.is_credit[column]) is is_credit
    ]


@pytest.mark.parametrize("signal", MATRIX)
def test_each_signal_has_its_effect_on_offers_raise_and_plan(signal: str):
    state, context, facts, expected = MATRIX[signal]
    proposed, asks_limit, asks_plan = (decision(state, context, facts, what) for what in ("", "limit", "plan"))
    ordinary = decision({}, {}, {}, "")
    # Of the offers only those that the ordinary customer may have tell of the signal.
    open_otherwise = [column for column in range(len(OFFERS)) if stays(ordinary, "offer", column)]
    offers = [
        any(stays(proposed, "offer", column) for column in promotional(is_credit=is_credit) if column in open_otherwise)
        for is_credit in (False, True)
    ]
    found = (
        *offers,
        stays(proposed, "limit"),
        stays(proposed, "plan"),
        stays(asks_limit, "limit"),
        stays(asks_plan, "plan"),
    )
    columns = ("offer", "credit offer", "raise", "plan", "asked raise", "asked plan")
    assert dict(zip(columns, found, strict=True)) == dict(zip(columns, expected, strict=True))


@pytest.mark.parametrize("signal", MATRIX)
def test_help_is_there_whatever_is_suppressed(signal: str):
    state, context, facts, _ = MATRIX[signal]
    decisions = decision(state, context, facts, "")
    assert (decisions.offers.help_rank[0] >= 0).any()
    shown_sales = decisions.offers.rank[0][OFFERS.serves]
    assert (shown_sales < 0).all()

"""What a feature asks of rows is read from its own expression, or refused with what was expected."""

from collections.abc import Callable
from typing import Any

import ibis
import pytest

from features.engine.plan import EVER, Window, asked, plan_of
from features.expressions import average, distinct, number, share, total

ROWS = ibis.table({"age_days": "int64", "kind": "string", "amt": "int64", "is_debit": "boolean"}, name="rows")


@pytest.mark.parametrize(
    ("condition", "window"),
    [
        (ROWS.is_debit, EVER),
        (ROWS.is_debit & (ROWS.age_days < 90), Window(0, 90)),
        ((ROWS.age_days < 90) & ROWS.is_debit, Window(0, 90)),
        ((ROWS.age_days >= 90) & (ROWS.age_days < 180) & ROWS.is_debit, Window(90, 180)),
        (ROWS.is_debit & (ROWS.age_days >= 30), Window(30, None)),
        (ROWS.is_debit & (ROWS.age_days < 90) & (ROWS.age_days < 30), Window(0, 30)),
    ],
)
def test_a_condition_is_taken_apart_into_row_and_window(condition: Any, window: Window) -> None:
    told = asked(condition.ifelse(ROWS.amt, None).sum())
    assert told.window == window
    assert told.measure == asked(ROWS.is_debit.ifelse(ROWS.amt, None).sum()).measure


def test_a_window_alone_asks_every_row() -> None:
    assert asked((ROWS.age_days < 30).ifelse(ROWS.amt, None).max()).measure.where is None


def test_what_two_features_ask_alike_is_asked_once() -> None:
    recent = ROWS.is_debit & (ROWS.age_days < 90)
    plan = plan_of({"sum": total(ROWS.amt, recent), "mean": average(ROWS.amt, recent), "count": number(recent)}, "r")
    assert len(plan.asked) == 2
    assert plan.columns == ("r0", "r1")


def test_the_arithmetic_over_reductions_is_the_definitions_own() -> None:
    plan = plan_of({"share_ratio": share(total(ROWS.amt, ROWS.is_debit), number(ROWS.is_debit))}, "r")
    answered = ibis.memtable({"r0": [10, 7, None], "r1": [4, 0, 0]}, schema={"r0": "int64", "r1": "int64"})
    made = answered.select(**plan.answers(answered)).to_pandas()["share_ratio"]
    assert made[0] == 2.5
    assert made[1:].isna().all()


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (lambda t: t.amt.sum(), "condition.ifelse"),
        (lambda t: t.is_debit.ifelse(t.amt, 0).sum(), "condition.ifelse"),
        (lambda t: t.amt.sum(where=t.is_debit), "condition.ifelse"),
        (lambda t: t.is_debit.ifelse(t.amt, None).quantile(0.5), "condition.ifelse"),
        (lambda t: total(t.amt, t.age_days > 90), "age_days < days"),
        (lambda t: total(t.amt, t.is_debit | (t.age_days < 90)), "age_days < days"),
        (lambda t: total(t.amt, t.age_days < t.amt), "age_days < days"),
        (lambda t: distinct(t.kind, (t.age_days >= 30) & (t.age_days < 90)), "from day 0"),
        (lambda t: total(t.amt, t.is_debit) + t.amt, "outside of a reduction"),
    ],
)
def test_an_expression_of_another_kind_is_refused_with_what_was_expected(
    expression: Callable[[Any], Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        plan_of({"feature": expression(ROWS)}, "r")

"""Boxes of a condition hold every row where it is true: checked against the conditions themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linewise.policy.checking.regions import Span, boxes_of, covers
from linewise.policy.rules import compile_rules, read_rules
from linewise.policy.rules.language import read_expression
from tests.linewise.policy.checking.folder import a_folder

COLUMNS = {"a": "number", "b": "number", "is_c": "flag", "t": "text"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory):
    """Any rule: the language wants one, to say where a mistake stands."""
    return read_rules(a_folder(tmp_path_factory.mktemp("regions") / "policy"), "CNY", ["bank"])[0]


def boxes(text: str, source):
    return boxes_of(read_expression(text, "when", source, COLUMNS, ("flag",)))


@pytest.mark.parametrize(
    "text",
    [
        "a < 3 AND a > 5", "a = 1 AND a <> 1", "is_c = 1 AND is_c = 0", "a BETWEEN 5 AND 3", "a < 3 AND NOT a <= 4",
        "(a < 1 OR a > 9) AND a IN (2, 3)", "NOT (a < 5 OR a >= 5)", "b > 0 AND a < 3 AND b <= 0", "3 < a AND a < 3",
        "FALSE",
    ],
)  # fmt: skip
def test_a_condition_that_contradicts_itself_has_no_box(text: str, source):
    assert boxes(text, source) == []


@pytest.mark.parametrize(
    "text", ["a < 3", "a < b", "t = 'x' AND t = 'y'", "a * 2 > 3", "a IS NULL", "COALESCE(a, 0) > 1"]
)
def test_what_may_hold_has_a_box(text: str, source):
    assert boxes(text, source)


def test_a_condition_of_very_many_parts_is_not_analysed(source):
    parts = " AND ".join(f"(a <> {i} OR b <> {i})" for i in range(9))
    assert boxes(parts, source) is None


comparisons = st.builds(
    lambda column, sign, value: f"{column} {sign} {value}",
    st.sampled_from("ab"),
    st.sampled_from(["<", "<=", ">", ">=", "=", "<>"]),
    st.integers(-2, 2),
)
leaves = comparisons | st.sampled_from(["is_c = 1", "is_c = 0", "a IN (0, 2)", "a < b"])
words = st.sampled_from(["AND", "OR"])
conditions = st.recursive(
    leaves,
    lambda inner: st.builds("({} {} {})".format, inner, words, inner) | inner.map("(NOT {})".format),
    max_leaves=5,
)


@given(text=conditions)
def test_every_row_where_a_condition_holds_lies_in_one_of_its_boxes(text: str, source):
    found = boxes(text, source)
    if found is None:
        return
    values = np.arange(-3.0, 3.5, 0.5)
    a, b, is_c = (grid.ravel() for grid in np.meshgrid(values, values, [0.0, 1.0]))
    rule = source.rule.model_copy(update={"when": text, "value": None, "threshold": None, "on_missing": "pass"})
    of_rule = type(source)(rule, source.pack, source.path, source.position, source.params)
    hit = compile_rules([of_rule], COLUMNS, "offer").evaluate({"a": a, "b": b, "is_c": is_c}, len(a)).hit[:, 0]
    rows = {"a": a, "b": b, "is_c": is_c}

    def lies_in(box):
        inside = np.ones(len(a), dtype=bool)
        for name, span in box.spans.items():
            value = rows[name]
            inside &= (value > span.low) | ((value == span.low) & (not span.is_low_open))
            inside &= (value < span.high) | ((value == span.high) & (not span.is_high_open))
        return inside

    covered = np.any([lies_in(box) for box in found], axis=0) if found else np.zeros(len(a), dtype=bool)
    assert (covered | ~hit).all()
    exact = [box for box in found if box.is_exact]
    if exact:
        assert (hit | ~np.any([lies_in(box) for box in exact], axis=0)).all()


@pytest.mark.parametrize(
    ("spans", "is_flag", "is_covered"),
    [
        ([Span(high=18, is_high_open=True), Span(low=18)], False, True),
        ([Span(high=18, is_high_open=True), Span(low=18, is_low_open=True)], False, False),
        ([Span(high=18), Span(low=17)], False, True),
        ([Span(low=0)], False, False),
        ([Span(high=0)], False, False),
        ([Span()], False, True),
        ([], False, False),
        ([Span(0, 0), Span(1, 1)], True, True),
        ([Span(1, 1)], True, False),
    ],
)
def test_spans_that_leave_no_value_over_are_told(spans, is_flag, is_covered):
    assert covers(spans, is_flag=is_flag) is is_covered


def test_spans_meet_and_hold_each_other():
    assert Span(1, 2).meet(Span(3, 4)).is_empty
    assert Span(1, 5).holds(Span(2, 3))
    assert not Span(1, 5, is_high_open=True).holds(Span(2, 5))

"""The machine beside SQLite: whatever the rule and whatever is missing, they say the same."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linewise.policy.rules import compile_rules
from linewise.policy.rules.language import Kind, read_expression
from linewise.policy.rules.program import Expression, Program
from tests.linewise.policy.rules.builders import a_source
from tests.linewise.policy.rules.in_sqlite import LookupEngine

KINDS: dict[str, Kind] = {
    "age_years": "number",
    "balance_amt": "number",
    "score": "number",
    "is_student": "flag",
    "is_staff": "flag",
    "channel": "text",
    "tone": "text",
}
WORDS = ("voice", "app", "", "O'Neil", "上网", "10")

numbers = st.sampled_from(["age_years", "balance_amt", "score"])
flags = st.sampled_from(["is_student", "is_staff"])
texts = st.sampled_from(["channel", "tone"])
constants = st.one_of(
    st.integers(-3, 3).map(str),
    st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: f"{value:.6f}"),
    st.sampled_from(["0.1", "1e300", "-1e300", ":least", "9007199254740993"]),
)
words = st.sampled_from(WORDS).map(lambda word: "'" + word.replace("'", "''") + "'")


def both(form: str, left: Any, right: Any) -> Any:
    return st.tuples(left, right).map(lambda pair: form.format(*pair))


def compared(operator: str, left: Any, right: Any) -> Any:
    return st.tuples(left, right).map(lambda pair: f"({pair[0]} {operator} {pair[1]})")


amounts = st.recursive(
    numbers | constants,
    lambda one: st.one_of(
        both("({} + {})", one, one),
        both("({} - {})", one, one),
        both("({} * {})", one, one),
        one.map(lambda text: f"(- ({text}))"),
        both("COALESCE({}, {})", one, one),
        both("LEAST({}, {})", one, one),
        both("GREATEST({}, {})", one, one),
    ),
    max_leaves=5,
)
comparisons = st.one_of(
    *(compared(operator, amounts, amounts) for operator in ("=", "<>", "<", "<=", ">", ">=")),
    *(compared(operator, texts, words | texts) for operator in ("=", "<>")),
    *(compared(operator, flags, st.sampled_from(["0", "1", "TRUE", "is_staff"])) for operator in ("=", "<>")),
    both("({} IN ({}, 18, -1))", numbers, constants),
    both("({} NOT IN ({}, 'app'))", texts, words),
    st.tuples(amounts, amounts, amounts).map(lambda three: "({} BETWEEN {} AND {})".format(*three)),
    st.tuples(amounts, amounts, amounts).map(lambda three: "({} NOT BETWEEN {} AND {})".format(*three)),
    (amounts | texts | flags).map(lambda text: f"({text} IS NULL)"),
    (amounts | texts | flags).map(lambda text: f"({text} IS NOT NULL)"),
    flags,
    both("COALESCE({}, {})", flags, st.sampled_from(["0", "1"])),
    st.sampled_from(["TRUE", "FALSE"]),
)  # fmt: skip
conditions = st.recursive(
    comparisons,
    lambda one: st.one_of(
        both("({} AND {})", one, one), both("({} OR {})", one, one), one.map(lambda text: f"(NOT {text})")
    ),
    max_leaves=6,
)
values = st.fixed_dictionaries(
    {
        **{
            name: st.one_of(
                st.just(np.nan), st.integers(-3, 3).map(float), st.floats(allow_nan=True), st.just(9007199254740992.0)
            )
            for name in ("age_years", "balance_amt", "score")
        },
        **{name: st.sampled_from([np.nan, 0.0, 1.0, 1.0, -2.0]) for name in ("is_student", "is_staff")},
        **{name: st.sampled_from([None, *WORDS]) for name in ("channel", "tone")},
    }
)


class Machine:
    """The program as the engine beside it is asked: guards apart, expressions outermost."""

    def __init__(self, conditions: list, guards: list[bool], numbers: list, kinds: dict[str, Kind]) -> None:
        guarded = [Expression(tree, guard, i) for i, (tree, guard) in enumerate(zip(conditions, guards, strict=True))]
        self._program = Program(guarded, [Expression(tree, None, i) for i, tree in enumerate(numbers)], kinds)

    def evaluate(self, columns: dict[str, np.ndarray], rows: int, number_count: int) -> tuple[np.ndarray, np.ndarray]:
        hit, numbers = self._program.run(columns, (rows, 1), number_count, number_count)
        return hit[:, 0].T, numbers[:, 0].T


def as_kind(kind: Kind, expressions: Any) -> Any:
    return expressions.map(lambda text: (kind, text))


def columns_of(rows: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    return {
        name: np.array([row[name] for row in rows], dtype=object if KINDS[name] == "text" else float) for name in KINDS
    }


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(
    written=st.lists(as_kind("flag", conditions) | as_kind("number", amounts), min_size=1, max_size=4),
    rows=st.lists(values, min_size=1, max_size=4),
    least=st.floats(-5, 5),
)
def test_the_machine_gives_what_sqlite_gives_for_any_rule_and_any_row(
    written: list[tuple[Kind, str]], rows: list[dict], least: float
):
    source = a_source(params={"least": least})
    kinds = [kind for kind, _ in written]
    trees = [read_expression(text, "when", source, KINDS, (kind,)) for kind, text in written]
    columns = columns_of(rows)
    numbers = [tree for tree, kind in zip(trees, kinds, strict=True) if kind == "number"]
    conditions = [tree for tree, kind in zip(trees, kinds, strict=True) if kind == "flag"]
    # Where a condition gives the same whether NULL counts as true or as false, it is not NULL in either engine.
    for guard in (True, False):
        parts = (conditions, [guard] * len(conditions), numbers, KINDS)
        by_sqlite, ours = (
            engine(*parts).evaluate(columns, len(rows), len(numbers)) for engine in (LookupEngine, Machine)
        )
        np.testing.assert_array_equal(by_sqlite[0], ours[0], err_msg=str(written))
        np.testing.assert_array_equal(by_sqlite[1], ours[1], err_msg=str(written))


def known(engine: type, when: str, row: dict[str, Any]) -> float:
    """A condition's value for one row: 1, 0, or NaN where it depends on what NULL counts as."""
    tree = read_expression(when, "when", a_source(), KINDS, ("flag",))
    columns = {name: np.array([value]) for name, value in row.items()}
    true, false = (bool(engine([tree], [guard], [], KINDS).evaluate(columns, 1, 0)[0][0, 0]) for guard in (True, False))
    return float(true) if true == false else np.nan


@pytest.mark.parametrize(
    ("when", "row", "expected"),
    [
        ("age_years < 18 OR is_student", {"is_student": 1.0}, 1.0),
        ("age_years < 18 OR is_student", {"is_student": 0.0}, np.nan),
        ("age_years < 18 AND is_student", {"is_student": 0.0}, 0.0),
        ("age_years < 18 AND is_student", {"is_student": 1.0}, np.nan),
        ("NOT age_years < 18", {}, np.nan),
        ("age_years IN (17, 18)", {}, np.nan),
        ("age_years BETWEEN 18 AND 20", {"age_years": 18.0}, 1.0),
        ("age_years BETWEEN 18 AND 20", {"age_years": 20.1}, 0.0),
        ("age_years IS NULL", {}, 1.0),
        ("COALESCE(is_student, 0) = 1", {}, 0.0),
        ("is_student = 0", {"is_student": 0.0}, 1.0),
        ("is_student <> 1", {}, np.nan),
        ("is_student", {"is_student": -2.0}, 1.0),
        ("channel = 'voice'", {"channel": "voice"}, 1.0),
        ("channel <> 'voice'", {}, np.nan),
        ("channel = 'VOICE'", {"channel": "voice"}, 0.0),
        ("LEAST(age_years, balance_amt) > 1", {"age_years": 5.0}, np.nan),
        ("GREATEST(age_years, 3) > 4", {"age_years": 5.0}, 1.0),
        ("balance_amt - balance_amt = 0", {"balance_amt": np.inf}, np.nan),
        ("score = 9007199254740993", {"score": 9007199254740992.0}, 1.0),
    ],
)
@pytest.mark.parametrize("engine", [LookupEngine, Machine])
def test_unknown_is_neither_true_nor_false(when: str, row: dict[str, Any], expected: float, engine: type):
    assert known(engine, when, row) == pytest.approx(expected, nan_ok=True)


def test_a_missing_input_fails_closed_where_the_rule_guards_and_open_where_it_does_not():
    sources = [
        a_source(when="age_years < 18", value="age_years", threshold="18"),
        a_source(when="is_student = 1", on_missing="pass"),
        a_source(effect="CAP", when="score > 0", cap="balance_amt * 2"),
    ]
    rules = compile_rules(sources, KINDS, "limit")
    columns = {
        "age_years": np.array([17.0, 18.0, np.nan]),
        "is_student": np.array([1.0, np.nan, 0.0]),
        "score": np.array([1.0, np.nan, 1.0]),
        "balance_amt": np.array([5.0, 5.0, np.nan]),
    }
    found = rules.evaluate(columns, 3)
    assert found.hit.tolist() == [[True, True, True], [False, False, True], [True, False, True]]
    assert found.cap_amt[:, 2].tolist() == [10.0, 10.0, 0.0]


def test_one_value_stands_for_all_rows_in_both_engines():
    tree = read_expression("channel = 'voice' AND age_years > 5", "when", a_source(), KINDS, ("flag",))
    columns = {"channel": np.array(["voice"]), "age_years": np.array([4.0, 6.0, np.nan])}
    for engine in (LookupEngine, Machine):
        assert engine([tree], [True], [], KINDS).evaluate(columns, 3, 0)[0].tolist() == [[False, True, True]]


@pytest.mark.parametrize("engine", [LookupEngine, Machine])
def test_a_rule_without_a_column_holds_for_all_rows_alike(engine: type):
    always = read_expression("TRUE", "when", a_source(), KINDS, ("flag",))
    number = read_expression("-5", "value", a_source(), KINDS, ("number",))
    hit, numbers = engine([always], [False], [number], {}).evaluate({}, 2, 1)
    assert (hit.tolist(), numbers.tolist()) == ([[True, True]], [[-5.0, -5.0]])


@pytest.mark.parametrize("engine", [LookupEngine, Machine])
@pytest.mark.parametrize(
    "values",
    [
        np.array(["app", None, np.nan], dtype=object),
        np.array([1, 0, 2]),
        np.array([True, False, True]),
        np.array([1.0, np.nan, 0.0]),
    ],
    ids=["objects", "integers", "truths", "floats"],
)
def test_a_column_is_read_whatever_its_array_is_made_of(engine: type, values: np.ndarray):
    name = "channel" if values.dtype == object else "age_years"
    when = "channel = 'app'" if name == "channel" else "age_years = 1"
    tree = read_expression(when, "when", a_source(), KINDS, ("flag",))
    hit, _ = engine([tree], [False], [], KINDS).evaluate({name: values}, 3, 0)
    assert hit[0].tolist() == [value in ("app", 1) for value in values.tolist()]

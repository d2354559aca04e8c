"""What rules may name of candidates: which of several that know a column goes first."""

import numpy as np
import pytest

from linewise.decisioning.described import Described, Known
from linewise.decisioning.gates import asked_for, is_asked_for, known_of
from tests.builders import a_context, a_policy, a_state, some_customers

CUSTOMERS = some_customers({"age_years": 30.0}, {"age_years": 60.0})


def a_column(value: float) -> np.ndarray:
    return np.array([value, value])


@pytest.mark.parametrize(
    ("own", "told", "fixed", "found"),
    [
        (1.0, 2.0, 3.0, 1.0),
        (None, 2.0, 3.0, 2.0),
        (None, None, 3.0, 30.0),
    ],
)
def test_what_a_decision_says_goes_before_what_is_told_and_that_before_features_and_policy(own, told, fixed, found):
    columns = [{} if one is None else {"age_years": a_column(one)} for one in (own, told, fixed)]
    described = Described(Known(CUSTOMERS, columns[1]), columns[0], columns[2])
    assert described.get("age_years")[0] == found
    assert list(described).count("age_years") == 1


def test_the_policy_speaks_where_nobody_else_does_and_nobody_of_what_none_knows():
    described = Described(Known(CUSTOMERS, {}), {}, {"is_credit": a_column(1.0)})
    assert described.get("is_credit").tolist() == [1.0, 1.0]
    assert described.get("no_such_column") is None


def test_what_is_told_of_a_customer_stands_in_the_place_of_what_is_proposed():
    described = Described(Known(CUSTOMERS, {"proposed_limit_amt": a_column(5.0)}))
    whole = described.of_candidates({"proposed_limit_amt": a_column(9.0), "is_new_line": a_column(1.0)}, {})
    assert whole.get("proposed_limit_amt").tolist() == [5.0, 5.0]
    assert whole.get("is_new_line").tolist() == [1.0, 1.0]


@pytest.mark.parametrize(("kind", "is_asked"), [("offer", False), ("limit", True), ("plan", False)])
def test_who_asks_for_a_limit_has_asked_for_nothing_else(kind: str, is_asked: bool):
    context = a_context(is_customer_initiated=True, asked_for="limit")
    known = known_of(CUSTOMERS, a_state(CUSTOMERS, a_policy().decision.offers), context)
    assert is_asked_for(asked_for(known, context, kind)).tolist() == [is_asked, is_asked]


def test_some_of_the_customers_are_described_alike():
    described = Described(Known(CUSTOMERS, {"is_late": np.array([0.0, 1.0])}), {"is_new_line": np.array([1.0, 0.0])})
    second = described.only(np.array([1]))
    assert [second.get(name).tolist() for name in ("is_late", "is_new_line", "age_years")] == [[1.0], [0.0], [60.0]]
    assert described.only(slice(None)) is described


def test_what_one_reads_of_customers_is_made_once_for_each_who_reads():
    known, made = Known(CUSTOMERS, {}), []

    def reader(one: Known) -> int:
        made.append(one)
        return len(one)

    assert [known.read_by(reader), known.read_by(reader)] == [2, 2]
    assert made == [known]
    assert known.read_by(lambda _: "another") == "another"

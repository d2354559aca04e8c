"""What is known only in the call: one definition, the same by Feast, online and as of the past, and by plain arrays."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from features.catalogue import FEATURE_NAMES, FEATURES
from features.on_call import CALL_FEATURES, CALL_REASONS, COMPARED_WITH, call_features
from features.online import OnlineStore
from features.store import applied_store, quietly
from features.view import CALL_VIEW
from linewise.bank.dictionary import load_dictionary
from linewise.core.home import Home
from linewise.simulation.lives import record
from tests.features.builders import NOW, feature_rows, write_row_files

NAMES = [feature.name for feature in CALL_FEATURES]
NAN = float("nan")
CALLS = [("a", "limit", 3_000), ("b", "", 0), ("nobody", "a new word", 100), ("c", "complaint", 100)]


def of_call(
    reason: str | None, requested_amt: float | None, income: float = 100, balance: float = 50
) -> dict[str, float]:
    stored = {name: [income if word == "income" else balance] for word, name in COMPARED_WITH.items()}
    return {name: float(values[0]) for name, values in call_features([reason], [requested_amt], stored).items()}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("filled"))
    write_row_files(home, feature_rows(("a", NOW, 1_000), ("b", NOW, 5), ("c", NOW, -7)))
    with quietly():
        applied_store(home).materialize(NOW - timedelta(days=1), NOW)
    return home


def by_plain_arrays(home: Home) -> pd.DataFrame:
    rows = OnlineStore(home).read([customer_id for customer_id, _, _ in CALLS])
    stored = {name: rows.values[:, FEATURE_NAMES.index(name)] for name in COMPARED_WITH.values()}
    _, reasons, amounts = zip(*CALLS, strict=True)
    return pd.DataFrame(call_features(reasons, amounts, stored))[NAMES]


def test_the_names_are_those_of_the_definitions() -> None:
    assert list(of_call("limit", 1)) == NAMES
    assert set(COMPARED_WITH.values()) <= set(FEATURE_NAMES)
    assert CALL_REASONS == record.CALL_REASONS


@pytest.mark.parametrize("reason", CALL_REASONS)
def test_a_reason_sets_its_own_flag_alone(reason: str) -> None:
    flags = {one: of_call(reason, None)[f"is_call_about_{one}"] for one in CALL_REASONS}
    assert flags == {one: float(one == reason) for one in CALL_REASONS}


def test_an_unknown_reason_is_another_one_and_none_noted_is_unknown() -> None:
    assert of_call("lottery", None)["is_call_about_other"] == 1
    assert all(np.isnan(of_call(none, None)[f"is_call_about_{one}"]) for none in ("", None) for one in CALL_REASONS)


@pytest.mark.parametrize(
    ("requested_amt", "income", "expected"),
    [
        (250, 100, 2.5),
        (0, 100, NAN),
        (None, 100, NAN),
        (-5, 100, NAN),
        (250, 0, NAN),
        (250, -100, NAN),
        (250, NAN, NAN),
    ],
)
def test_a_ratio_needs_an_amount_and_something_to_hold_it_against(
    requested_amt: float | None, income: float, expected: float
) -> None:
    np.testing.assert_equal(of_call("limit", requested_amt, income=income)["requested_to_income_ratio"], expected)


def test_a_reason_has_no_part_in_risk_limit_or_price() -> None:
    (told,) = [column.allowed_for for column in load_dictionary()["calls"].columns if column.name == "reason"]
    flags = [feature for feature in CALL_FEATURES if feature.unit == "flag"]
    assert flags
    assert all(set(feature.allowed_for) <= set(told) for feature in flags)
    assert all(not {"risk", "limit", "price"} & set(feature.allowed_for) for feature in flags)


def test_a_ratio_is_for_whom_the_stored_amount_is_for() -> None:
    stored = {feature.name: feature.allowed_for for feature in FEATURES}
    ratios = {feature.name: feature.allowed_for for feature in CALL_FEATURES if feature.unit == "ratio"}
    assert ratios == {f"requested_to_{word}_ratio": stored[name] for word, name in COMPARED_WITH.items()}


def test_feast_answers_in_the_call_what_plain_arrays_give(filled: Home) -> None:
    rows = [dict(zip(("customer_id", "call_reason", "requested_amt"), call, strict=True)) for call in CALLS]
    answer = applied_store(filled).get_online_features([f"{CALL_VIEW}:{name}" for name in NAMES], rows).to_df()
    pd.testing.assert_frame_equal(answer[NAMES].astype("float64"), by_plain_arrays(filled))


def test_feast_answers_for_the_past_what_plain_arrays_give(filled: Home) -> None:
    asked = pd.DataFrame(CALLS, columns=["customer_id", "call_reason", "requested_amt"]).assign(event_timestamp=NOW)
    store = applied_store(filled)
    with quietly():
        answer = store.get_historical_features(asked, store.get_feature_service("decisioning_in_call")).to_df()
    pd.testing.assert_frame_equal(answer[NAMES].astype("float64"), by_plain_arrays(filled))
    assert answer["income_mean_amt_6m"].fillna(0).tolist() == [1_000, 5, 0, -7]

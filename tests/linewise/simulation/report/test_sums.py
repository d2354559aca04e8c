import numpy as np
import pytest

from linewise.simulation.report.sums import GROUPS_COUNT, Sums, jackknifed, ratio


def mean(totals):
    return ratio(totals["amount"], totals["count"])


def sums_of(group: np.ndarray, amount: np.ndarray) -> Sums:
    sums = Sums()
    sums.add("amount", group, amount)
    sums.add("count", group)
    return sums


def test_the_standard_error_of_a_mean_is_that_of_the_means_of_equal_groups():
    rng = np.random.default_rng(3)
    amount = rng.normal(5.0, 2.0, size=(GROUPS_COUNT, 50))
    group = np.repeat(np.arange(GROUPS_COUNT), 50)
    [found] = jackknifed(sums_of(group, amount.ravel()), mean)
    assert found.value == pytest.approx(amount.mean())
    # For a mean the jackknife is the textbook formula on the means of the groups.
    assert found.standard_error == pytest.approx(amount.mean(axis=1).std(ddof=1) / np.sqrt(GROUPS_COUNT))


def test_customers_whose_months_are_alike_are_not_taken_for_many():
    rng = np.random.default_rng(4)
    each = rng.normal(size=400)
    group = np.arange(400) % GROUPS_COUNT
    [once] = jackknifed(sums_of(group, each), mean)
    [again] = jackknifed(sums_of(np.repeat(group, 12), np.repeat(each, 12)), mean)
    assert again.standard_error == pytest.approx(once.standard_error)


def test_sums_do_not_depend_on_how_customers_were_cut_into_lots():
    group, amount = np.arange(60) % GROUPS_COUNT, np.arange(60.0)
    whole = sums_of(group, amount)
    merged = Sums()
    for lot in (slice(0, 7), slice(7, 31), slice(31, 60)):
        merged.merge(sums_of(group[lot], amount[lot]))
    assert {name: total.tolist() for name, total in merged.totals().items()} == {
        name: total.tolist() for name, total in whole.totals().items()
    }


def test_amounts_are_added_at_their_places_and_only_where_asked():
    sums = Sums()
    group, amount = np.array([0, 1, 1]), np.array([[1.0, 2.0], [4.0, 8.0], [16.0, 32.0]])
    sums.add("by_month", group[:, None], amount, at=np.array([0, 1]), size=3, where=amount > 1.0)
    assert sums.totals()["by_month"].tolist() == [20.0, 42.0, 0.0]
    assert sums.without(1)["by_month"].tolist() == [0.0, 2.0, 0.0]


def test_a_share_of_nothing_is_not_a_number():
    assert np.isnan(ratio([0.0], [0.0]))
    [found] = jackknifed(sums_of(np.array([0]), np.array([1.0])), mean)
    assert found.value == 1.0
    assert np.isnan(found.standard_error)

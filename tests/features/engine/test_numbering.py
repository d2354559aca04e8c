"""Rows of the same values are a class, and classes are numbered as they are met."""

import numpy as np
import pandas as pd

from features.engine.numbering import numbered_classes


def test_more_values_than_a_number_holds_still_make_classes() -> None:
    values = [np.array([0, 1, 0, 1, 0]), np.array([2**40, 5, 2**40, 5, 7]), np.array([3, 3, 3, 4, 3])]
    class_of, first = numbered_classes([(column, 2**41) for column in values], 5)
    assert (class_of.tolist(), first.tolist()) == ([0, 1, 0, 2, 3], [0, 1, 3, 4])


def test_thousands_of_classes_are_numbered_in_the_order_in_which_they_are_met() -> None:
    values = np.random.default_rng(3).integers(0, 30_000, 100_000)
    class_of, first = numbered_classes([(values, 30_000)], len(values))
    expected, met = pd.factorize(values)
    assert (class_of == expected).all()
    assert (values[first] == met).all()


def test_no_column_makes_one_class() -> None:
    assert numbered_classes([], 3)[0].tolist() == [0, 0, 0]

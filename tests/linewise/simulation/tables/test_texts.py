import numpy as np

from linewise.simulation.tables.texts import identifiers


def test_an_identifier_joins_a_prefix_and_numbers_of_fixed_width() -> None:
    found = identifiers("T", (np.array([7, 12_345_678]), 8), (np.array([42, 999_999]), 6))
    assert found.to_pylist() == ["T00000007000042", "T12345678999999"]


def test_identifiers_of_any_width_show_every_digit() -> None:
    for width in range(1, 16):
        number = 123_456_789_012_345 % 10**width
        assert identifiers("X", (np.array([number]), width)).to_pylist() == [f"X{number:0{width}d}"]


def test_the_order_of_identifiers_is_that_of_their_numbers() -> None:
    numbers = np.array([1, 2, 9, 10, 99, 100, 10_000, 99_999_999])
    found = identifiers("C", (numbers, 8)).to_pylist()
    assert found == sorted(found)


def test_identifiers_of_nobody_are_none() -> None:
    found = identifiers("C", (np.array([], dtype=np.int64), 8))
    found.validate(full=True)
    assert found.to_pylist() == []

"""Things made ahead: all of them, in order, no more than were asked for, and nothing after a failure."""

from threading import Event

import pytest

from linewise.core.ahead import made_ahead


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("given", [0, 1, 2, 7])
def test_all_are_made_in_their_order(given, count):
    assert list(made_ahead(lambda one: one * one, range(given), count)) == [one * one for one in range(given)]


@pytest.mark.parametrize("count", [1, 2])
def test_no_more_are_taken_than_the_one_that_is_used_and_those_ahead(count):
    taken = []

    def noted():
        for one in range(9):
            taken.append(one)
            yield one

    made = made_ahead(lambda one: one, noted(), count)
    for used in range(5):
        assert next(made) == used
        assert taken == list(range(used + count + 1))
    made.close()


def test_the_next_is_made_while_one_is_used():
    is_made = [Event(), Event()]
    made = made_ahead(lambda one: is_made[one].set(), range(2), 1)
    next(made)
    assert is_made[1].wait(10)


def test_a_failure_is_raised_in_its_turn_and_what_comes_after_it_is_not_made():
    made = []

    def make(one):
        if one == 1:
            raise ValueError("the second")
        made.append(one)
        return one

    ahead = made_ahead(make, range(1000), 1)
    assert next(ahead) == 0
    with pytest.raises(ValueError, match="the second"):
        list(ahead)
    assert max(made) < 4

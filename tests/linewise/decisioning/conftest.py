"""A property that is never put to the test holds of anything: the count of examples that do so."""

from collections.abc import Callable, Iterator

import pytest


@pytest.fixture
def reached() -> Iterator[Callable[[object], None]]:
    """Called with whether an example came to what the test is about; in a tenth of them at the least it must.

    The test suppresses COUNTED (drawn.py), so that one count goes over all of its examples.
    """
    came: list[bool] = []
    yield lambda is_there: came.append(bool(is_there))
    assert sum(came) >= len(came) / 10, f"only {sum(came)} of {len(came)} examples come to what the test is about"

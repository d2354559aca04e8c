"""Things that are made in threads while the one before them is used."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["made_ahead"]

Given = TypeVar("Given")
Made = TypeVar("Made")


def made_ahead(make: Callable[[Given], Made], given: Iterable[Given], count: int) -> Iterator[Made]:
    """What is made of each, in order, with so many more of them being made, or waiting to be used.

    What is given is taken as late as that allows. Raises what making one raises, when its turn comes.
    """
    with ThreadPoolExecutor(max_workers=count) as making:
        waiting: deque[Future[Made]] = deque()
        try:
            for one in given:
                waiting.append(making.submit(make, one))
                if len(waiting) > count:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            making.shutdown(cancel_futures=True)

"""Memory for answers that is used again: the kernel empties new pages, which takes a third as long as the walk."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Room"]


class Room:
    """Room for so many numbers of eight bytes; pages that nothing was written to cost nothing.

    What does not fit any more, or all where the size is 0, gets memory of its own. `hands` may fill it side by side.
    """

    def __init__(self, size: int = 0, hands: int = 1) -> None:
        self._held, self._used = np.empty(size, dtype=np.int64), 0
        self.hands = hands

    def array(self, height: int, width: int) -> NDArray[np.int64]:
        """An array (height, width) that holds anything, valid until the room is cleared."""
        start, end = self._used, self._used + height * width
        if end > len(self._held):
            return np.empty((height, width), dtype=np.int64)
        self._used = end
        return self._held[start:end].reshape(height, width)

    def clear(self) -> None:
        """Nobody reads any more what was put in here."""
        self._used = 0

"""All topics of the table, in its order."""

from benchmarks.value.real import topic as real
from benchmarks.value.task import Topic

__all__ = ["TOPICS"]

TOPICS: tuple[Topic, ...] = (real.TOPIC,)

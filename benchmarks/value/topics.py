"""All topics of the table, in its order."""

from benchmarks.value import risk_calibration
from benchmarks.value.fairness import topic as fairness
from benchmarks.value.limits import topic as limits
from benchmarks.value.offers import topic as offers
from benchmarks.value.plans import topic as plans
from benchmarks.value.real import topic as real
from benchmarks.value.reasons import topic as reasons
from benchmarks.value.task import Topic

__all__ = ["TOPICS"]

TOPICS: tuple[Topic, ...] = (
    offers.TOPIC,
    limits.TOPIC,
    risk_calibration.TOPIC,
    plans.TOPIC,
    reasons.TOPIC,
    fairness.TOPIC,
    real.TOPIC,
)

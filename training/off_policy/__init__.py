"""What another policy would have earned on the decisions of the past, from the probabilities they were logged with."""

from training.off_policy.clustered import Clusters
from training.off_policy.estimators import METHODS, Logged, Method, PolicyValue, value_of_policy
from training.off_policy.support import Support, support_of

__all__ = ["METHODS", "Clusters", "Logged", "Method", "PolicyValue", "Support", "support_of", "value_of_policy"]

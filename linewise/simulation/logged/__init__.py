"""Decisions and what would have come of every other one, in closed form: for judging what was learnt from a log.

No transactions are lived. A customer at a decision is a row of features, a hidden part that no learner sees, and what
only a judge of fairness sees; the truth says what every action is expected to bring, and the log shows one of them.
"""

from linewise.simulation.logged.people import FEATURE_NAMES, People, draw_people
from linewise.simulation.logged.worlds import LOGGED_WORLDS, LoggedWorld, WorldNumbers, logged_world

__all__ = ["FEATURE_NAMES", "LOGGED_WORLDS", "LoggedWorld", "People", "WorldNumbers", "draw_people", "logged_world"]

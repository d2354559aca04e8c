"""Rules that never hit, or always do, on the customers of the loaded bank."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from linewise.core.yaml_lines import line_in
from linewise.decisioning.rule import TAKING_EFFECTS
from linewise.policy.checking.finding import Finding, Grade
from linewise.policy.rules import RuleSource

__all__ = ["Firing", "firing_findings"]


@dataclass(frozen=True, slots=True)
class Firing:
    """How often a rule hit: hits of `rows` candidates, over all the kinds that it is for."""

    hits: int
    rows: int


def firing_findings(root: Path, sources: Iterable[RuleSource], fired: Mapping[str, Firing]) -> Iterator[Finding]:
    """A rule that always hits takes something from everybody; one that never does may look at nothing.

    fired: by rule_id; a rule that was not evaluated is not in it. root: the policy folder.
    """
    for source in sources:
        rule = source.rule
        firing = fired.get(rule.rule_id)
        if firing is None or firing.rows == 0:
            continue
        if 0 < firing.hits < firing.rows:
            continue
        file = source.path.relative_to(root).as_posix()
        line = line_in(source.path, ("rules", source.position, "when"))
        if firing.hits == firing.rows:
            problem = f"it hits all {firing.rows:,} candidates of the loaded bank."
            next_step = "See whether its columns are known at all: what is missing counts as a hit where it guards."
            # A cap, a disclosure or a notice may be meant for everybody; what takes away from everybody is not.
            grade: Grade = "warning" if rule.effect in TAKING_EFFECTS else "note"
            yield Finding("firing", grade, file, line, rule.rule_id, problem, next_step)
        else:
            problem = f"it hits none of the {firing.rows:,} candidates of the loaded bank."
            yield Finding("firing", "note", file, line, rule.rule_id, problem, "Nothing, if it guards what is rare.")

"""A rule as a decision sees it: what it does to a candidate, what it obliges to, which hit is the headline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from linewise.decisioning.types import Bools, Floats, Ints

__all__ = [
    "EFFECTS",
    "SEVERITIES",
    "STOP_RULE",
    "TAKING_EFFECTS",
    "CandidateKind",
    "Hits",
    "Rule",
    "RuleDuty",
    "headline",
    "in_precedence",
    "precedence",
    "takers",
    "takers_of_each",
    "takes_away",
    "taking",
]

CandidateKind = Literal["offer", "limit", "plan"]

TAKING_EFFECTS = ("BLOCK", "SUPPRESS", "HUMAN_REVIEW", "REQUIRE_CONSENT", "HOLD")
"""These take a candidate away; HOLD only what the bank proposes, never what the customer asked for."""

EFFECTS = (*TAKING_EFFECTS, "CAP", "REQUIRE_DOC", "DISCLOSE", "NOTIFY", "LOG", "REPORT")
"""All effects of a rule; those behind CAP leave a candidate where it is and become duties or lines of a log."""

STOP_RULE = "BANK-STOP-OFFER"
"""The rule of the kill switches: the one that takes away service and what must be told as well."""

SEVERITIES = ("legal", "safety", "consent", "cap", "contact", "eligibility", "ranking")
"""In the order of precedence: what is told first where several rules hit."""


@dataclass(frozen=True, slots=True)
class RuleDuty:
    """What somebody must do because a rule hit.

    what: sentences by language; audience: who must be served or act. One of due_days (calendar days) and
    due_working_days is given. is_blocking: nothing is completed while it is open.
    """

    what: Mapping[str, str]
    audience: Literal["customer", "agent", "reviewer", "compliance"]
    due_days: int | None
    due_working_days: int | None
    is_blocking: bool


# Compared by identity: what follows from a list of rules is kept, and asked for at every decision.
@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule: where it stands, what it does, what may be said about it.

    applies_to: the kind of candidate, or the scope for rules that a decision does not evaluate. because and
    neutral are sentences by language; the neutral one is for those to whom the rule may not be told. tell:
    customer, agent or risk_only. duty: present where the effect obliges somebody to something.
    """

    rule_id: str
    stage: str
    applies_to: str
    effect: str
    because: Mapping[str, str]
    neutral: Mapping[str, str]
    tell: str
    severity: str = "eligibility"
    pack: str = "bank"
    duty: RuleDuty | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """hit (…, n_rules): the rule holds, or an input is missing and it fails closed.

    value, threshold (…, n_rules): what made it hit and where it bites, NaN where the rule names none.
    cap_places: the rules that cap, few among many; caps (…, n_caps): what each sets, minor units, zero
    where it is not known and fails closed, infinite where it is not known and does not.
    """

    rules: tuple[Rule, ...]
    hit: Bools
    value: Floats
    threshold: Floats
    cap_places: tuple[int, ...]
    caps: Floats

    @property
    def cap_amt(self) -> Floats:
        """The caps of all rules, (…, n_rules), infinite for those that cap nothing."""
        every = np.full(self.hit.shape, np.inf)
        every[..., list(self.cap_places)] = self.caps
        return every

    @property
    def capping_amt(self) -> Floats:
        """What each capping rule allows, (…, n_caps): infinite where it does not hit."""
        return np.where(self.hit[..., list(self.cap_places)], self.caps, np.inf)


def takes_away(rules: tuple[Rule, ...], is_asked_for: Bools) -> Bools:
    """Which rules take a candidate away when they hit, (n_customers, n_rules).

    is_asked_for (n_customers,): what the customer asked for is never held.
    """
    proposed, asked = taking(rules)
    return np.where(is_asked_for[:, None], asked, proposed)


@lru_cache(maxsize=64)
def taking(rules: tuple[Rule, ...]) -> tuple[Bools, Bools]:
    """Which rules take away what the bank proposes, and what the customer asked for, each (n_rules,)."""
    proposed, asked = (
        np.array([_takes(rule, is_asked_for=one) for rule in rules], dtype=bool) for one in (False, True)
    )
    return proposed, asked


def _takes(rule: Rule, *, is_asked_for: bool) -> bool:
    return rule.effect in TAKING_EFFECTS and not (is_asked_for and rule.effect == "HOLD")


@lru_cache(maxsize=64)
def precedence(rules: tuple[Rule, ...]) -> Ints:
    """The place of each rule in the order in which hits are told, (n_rules,): the order of SEVERITIES.

    Rules of one severity keep the order of their files.
    """
    place = np.empty(len(rules), dtype=np.int64)
    place[_by_severity(rules, range(len(rules)))] = np.arange(len(rules))
    return place


def _by_severity(rules: Sequence[Rule], places: Iterable[int]) -> list[int]:
    """The places, which come in the order of the files, with the gravest first."""
    return sorted(places, key=lambda i: SEVERITIES.index(rules[i].severity))


def headline(rules: tuple[Rule, ...], hits: Bools) -> Ints:
    """The rule that is told first among those that hit, (…,) of hits (…, n_rules); -1 where none hit.

    It chooses words only: all hits are kept, and each has its effect.
    """
    place = np.where(hits, precedence(rules), len(rules))
    return np.asarray(np.append(in_precedence(rules), -1)[place.min(axis=-1, initial=len(rules))])


@lru_cache(maxsize=64)
def in_precedence(rules: tuple[Rule, ...]) -> Ints:
    """The rules in the order in which they are told, (n_rules,)."""
    return np.argsort(precedence(rules), kind="stable").astype(np.int64)


def takers(rules: tuple[Rule, ...], hits: Bools, *, is_asked_for: bool) -> list[int]:
    """The rules that took one candidate away, the gravest first: places in `rules` of hits (n_rules,)."""
    return takers_of_each(rules, hits[None], is_asked_for=is_asked_for)[0]


def takers_of_each(rules: tuple[Rule, ...], hits: Bools, *, is_asked_for: bool) -> list[list[int]]:
    """The same for each of some candidates, of hits (n_candidates, n_rules)."""
    order, (proposed, asked) = in_precedence(rules), taking(rules)
    took = (hits & (asked if is_asked_for else proposed))[:, order]
    found: list[list[int]] = [[] for _ in hits]
    candidates, places = np.nonzero(took)
    for candidate, place in zip(candidates.tolist(), order[places].tolist(), strict=True):
        found[candidate].append(place)
    return found

"""A policy folder as it is being written: every entry that can be read, and where each stands."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from linewise.core.yaml_lines import YamlDocument
from linewise.policy.amounts import amount_in_minor
from linewise.policy.catalogue.entry import OfferEntry, Proposals, Treatment
from linewise.policy.catalogue.texts import SpeakingRate
from linewise.policy.checking.finding import Finding, Grade
from linewise.policy.economics import EconomicsFile, ParametersFile
from linewise.policy.rules import RuleSource
from linewise.policy.sentences import ReasonsFile

__all__ = ["CATALOGUE", "Bank", "Draft", "Loc", "Placed", "kinds_of"]

Loc = tuple[str | int, ...]

CATALOGUE = "catalogue.yaml"


def kinds_of(source: RuleSource) -> tuple[str, ...]:
    """The kinds of candidate that a rule is for, or its scope where it is for none."""
    return tuple(source.rule.applies_to) or (source.rule.scope,)


@dataclass(frozen=True, slots=True)
class Bank:
    """For whom a policy is checked.

    allowed_for: what each feature may be used for, by name; absent_tables: contract tables that the bank
    declares absent; feature_tables: the tables that a feature is computed from. packs: None takes those of
    the currency.
    """

    currency: str
    on: date
    packs: Sequence[str] | None = None
    allowed_for: Mapping[str, Collection[str]] = field(default_factory=dict)
    feature_tables: Mapping[str, frozenset[str]] = field(default_factory=dict)
    absent_tables: frozenset[str] = frozenset()

    @property
    def rule_features(self) -> tuple[str, ...]:
        """The features that rules may name."""
        return tuple(name for name, purposes in self.allowed_for.items() if "eligibility" in purposes)


@dataclass(frozen=True, slots=True)
class Placed:
    """An action of the catalogue and its place in the file."""

    entry: OfferEntry
    position: int

    def loc(self, *steps: str | int) -> Loc:
        """The place of a part of the entry."""
        return ("offers", self.position, *steps)


@dataclass(slots=True)
class Draft:
    """What could be read of a policy folder; the mistakes met on the way are findings already."""

    root: Path
    bank: Bank
    documents: dict[str, YamlDocument] = field(default_factory=dict)
    offers: list[Placed] = field(default_factory=list)
    treatments: dict[str, Treatment] = field(default_factory=dict)
    proposals: Proposals | None = None
    rules: list[RuleSource] = field(default_factory=list)
    packs: dict[str, str] = field(default_factory=dict)
    chosen_packs: tuple[str, ...] = ()
    speaking_rate: SpeakingRate | None = None
    reasons: ReasonsFile | None = None
    parameters: ParametersFile | None = None
    economics: EconomicsFile | None = None
    found: list[Finding] = field(default_factory=list)

    def finding(
        self, check: str, grade: Grade, file: str, loc: Loc, subject: str, problem: str, next_step: str
    ) -> Finding:
        """A finding at a place of a file of the folder."""
        document = self.documents.get(file)
        line = document.line(loc) if document and loc else 0
        return Finding(check, grade, file, line, subject, problem, next_step)

    def about_offer(self, check: str, grade: Grade, offer: Placed, steps: Loc, problem: str, next_step: str) -> Finding:
        """A finding at a part of an action of the catalogue."""
        loc = offer.loc(*steps)
        return self.finding(check, grade, CATALOGUE, loc, offer.entry.offer_id, problem, next_step)

    def about_rule(
        self, check: str, grade: Grade, rule: RuleSource, steps: Loc, problem: str, next_step: str
    ) -> Finding:
        """A finding at a part of a rule."""
        loc = ("rules", rule.position, *steps)
        return self.finding(check, grade, self.name_of(rule.path), loc, rule.rule.rule_id, problem, next_step)

    def minor(self, amounts: Mapping[str, float]) -> int | None:
        """An amount in minor units of the bank's currency; None where it has none."""
        code = self.bank.currency
        return amount_in_minor(amounts[code], code) if code in amounts else None

    def name_of(self, path: Path) -> str:
        """A file of the folder as findings name it."""
        return path.relative_to(self.root).as_posix()

    def rules_that_hold(self) -> Iterator[RuleSource]:
        """The rules of the chosen packs that are switched on and in force on the day."""
        for source in self.rules:
            rule = source.rule
            if source.pack not in self.chosen_packs:
                continue
            is_in_force = rule.effective_from <= self.bank.on and (
                rule.effective_to is None or self.bank.on <= rule.effective_to
            )
            if rule.is_on and is_in_force:
                yield source

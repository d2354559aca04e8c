"""Every text of a policy that a person hears or reads, with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from linewise.policy.catalogue.texts import Sentences
from linewise.policy.checking.draft import CATALOGUE, Draft, Loc
from linewise.policy.checking.finding import Finding, Grade

__all__ = ["PolicyText", "texts_of"]

Role = Literal["title", "benefit", "spoken", "terms", "disclosure"]


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A text in both languages; kind: that of the action it belongs to, empty for rules and reasons.

    role: `spoken` for what an agent says sentence by sentence.
    """

    file: str
    loc: Loc
    subject: str
    kind: str
    role: Role
    text: Sentences

    def finding(self, draft: Draft, check: str, grade: Grade, language: str, problem: str, next_step: str) -> Finding:
        """A finding about this text in one language."""
        return draft.finding(check, grade, self.file, (*self.loc, language), self.subject, problem, next_step)


def texts_of(draft: Draft) -> Iterator[PolicyText]:
    """Of the catalogue, then of the rules of all packs, then of the reasons."""
    yield from _of_catalogue(draft)
    yield from _of_treatments(draft)
    yield from _of_rules(draft)
    yield from _of_reasons(draft)


def _of_catalogue(draft: Draft) -> Iterator[PolicyText]:
    for offer in draft.offers:
        entry = offer.entry
        parts: list[tuple[Role, Loc, Sentences]] = [
            ("title", ("title",), entry.title),
            ("benefit", ("benefit",), entry.benefit),
            ("spoken", ("talk_track",), entry.talk_track),
            ("terms", ("terms",), entry.terms),
            ("disclosure", ("disclosure", "text"), entry.disclosure.text),
        ]
        if entry.menu_line is not None:
            parts.append(("spoken", ("menu_line",), entry.menu_line))
        if entry.rebuttals is not None:
            parts.append(("spoken", ("rebuttals", "too_expensive"), entry.rebuttals.too_expensive))
            parts.append(("spoken", ("rebuttals", "no_need"), entry.rebuttals.no_need))
        for role, steps, sentences in parts:
            yield PolicyText(CATALOGUE, offer.loc(*steps), entry.offer_id, entry.kind, role, sentences)


def _of_treatments(draft: Draft) -> Iterator[PolicyText]:
    for position, (channel, way) in enumerate(draft.treatments.items()):
        parts = {("answer",): way.answer, ("then", "says"): way.then.says}
        parts[("then_for_credit", "says")] = way.then_for_credit.says
        for steps, sentences in parts.items():
            yield PolicyText(CATALOGUE, ("treatments", position, *steps), channel, "", "spoken", sentences)
    for what in ("limit", "plan") if draft.proposals is not None else ():
        proposal = getattr(draft.proposals, what)
        roles: dict[str, Role] = {"title": "title", "benefit": "benefit", "talk_track": "spoken", "menu_line": "spoken"}
        for name, role in roles.items():
            yield PolicyText(CATALOGUE, ("proposals", what, name), what, "", role, getattr(proposal, name))
        for name in ("too_expensive", "no_need"):
            loc = ("proposals", what, "rebuttals", name)
            yield PolicyText(CATALOGUE, loc, what, "", "spoken", getattr(proposal.rebuttals, name))
        for place, disclosure in enumerate(proposal.disclosures):
            yield PolicyText(
                CATALOGUE, ("proposals", what, "disclosures", place, "text"), what, "", "disclosure", disclosure.text
            )


def _of_rules(draft: Draft) -> Iterator[PolicyText]:
    for source in draft.rules:
        rule, file = source.rule, draft.name_of(source.path)
        parts: list[tuple[Loc, Sentences | None]] = [
            (("because",), rule.because),
            (("neutral",), rule.neutral),
            (("duty", "what"), rule.duty.what if rule.duty else None),
        ]
        for steps, sentences in parts:
            if sentences is not None:
                yield PolicyText(file, ("rules", source.position, *steps), rule.rule_id, "", "spoken", sentences)


def _of_reasons(draft: Draft) -> Iterator[PolicyText]:
    if draft.reasons is None:
        return
    for position, reason in enumerate(draft.reasons.reasons):
        for name in ("raises", "lowers", "take_up"):
            loc = ("reasons", position, name)
            yield PolicyText("reasons.yaml", loc, reason.code, "", "spoken", getattr(reason, name))
    for position, constraint in enumerate(draft.reasons.constraints):
        loc = ("constraints", position, "text")
        yield PolicyText("reasons.yaml", loc, constraint.code, "", "spoken", constraint.text)

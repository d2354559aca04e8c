"""Reading a policy folder entry by entry, so that a mistake in one does not hide those in the others."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from linewise.core.yaml_lines import YamlDocument
from linewise.policy.amounts import amount_in_minor
from linewise.policy.catalogue.entry import CatalogueFile, OfferEntry, Proposals, Treatment
from linewise.policy.catalogue.texts import SpeakingRate
from linewise.policy.checking.draft import CATALOGUE, Bank, Draft, Loc, Placed
from linewise.policy.checking.finding import Finding
from linewise.policy.economics import EconomicsFile, ParametersFile
from linewise.policy.rules import RuleEntry, RuleSource, default_packs
from linewise.policy.sentences import ReasonsFile
from linewise.policy.yaml_source import Model

__all__ = ["read_draft"]

MEND = "Mend the line named; the other entries were checked without it."


class _Reader:
    """Fills a draft; what cannot be read becomes a finding."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def document(self, file: str) -> YamlDocument | None:
        """The file, or None and a finding where it is missing or is no YAML."""
        path = self.draft.root / file
        if not path.is_file():
            self._found(file, 0, file, "the file is missing.", "Copy it from the standard policy folder.")
            return None
        try:
            document = YamlDocument(path)
        except yaml.MarkedYAMLError as err:
            line = err.problem_mark.line + 1 if err.problem_mark else 1
            self._found(file, line, file, f"{err.problem or err.context}.", "Write readable YAML.")
            return None
        self.draft.documents[file] = document
        return document

    def entry(self, file: str, part: Any, at: Loc, model: type[Model]) -> Model | None:
        """One part of a file as a model; each of its mistakes is a finding of its own."""
        read, mistakes = self.draft.documents[file].read(part, at, model)
        for line, problem in mistakes:
            self._found(file, line, _named(part), f"{problem}.", MEND)
        return read

    def entries(self, file: str, key: str) -> list[Any]:
        """The list under a key, or nothing and a finding."""
        plain = self.draft.documents[file].plain
        listed = plain.get(key) if isinstance(plain, Mapping) else None
        if not isinstance(listed, list) or not listed:
            self._found(file, 1, key, f"a list of at least one entry was expected under {key!r}.", MEND)
            return []
        return listed

    def _found(self, file: str, line: int, subject: str, problem: str, next_step: str) -> None:
        self.draft.found.append(Finding("shape", "error", file, line, subject, problem, next_step))


def _named(part: Any) -> str:
    """How an entry that cannot be read is called."""
    names = ("rule_id", "offer_id", "channel", "code")
    return next((str(part[name]) for name in names if isinstance(part, Mapping) and name in part), "the file")


def _read_catalogue(reader: _Reader) -> None:
    document = reader.document(CATALOGUE)
    if document is None:
        return
    for position, part in enumerate(reader.entries(CATALOGUE, "treatments")):
        if treatment := reader.entry(CATALOGUE, part, ("treatments", position), Treatment):
            reader.draft.treatments[treatment.channel] = treatment
    worded = document.plain.get("proposals")
    reader.draft.proposals = reader.entry(CATALOGUE, worded, ("proposals",), Proposals)
    for position, part in enumerate(reader.entries(CATALOGUE, "offers")):
        if offer := reader.entry(CATALOGUE, part, ("offers", position), OfferEntry):
            reader.draft.offers.append(Placed(offer, position))
    rate = document.plain.get("speaking_rate")
    reader.draft.speaking_rate = reader.entry(CATALOGUE, rate, ("speaking_rate",), SpeakingRate)
    for key in sorted(set(document.plain) - set(CatalogueFile.model_fields)):
        reader.draft.found.append(
            reader.draft.finding("shape", "error", CATALOGUE, (key,), key, "this key is unknown.", MEND)
        )


def _params(entry: RuleEntry, currency: str) -> dict[str, float]:
    """The numbers of a rule; of a pack that is not this bank's, an amount in another currency stands in."""
    amounts = {
        name: float(amount_in_minor(by.get(currency, next(iter(by.values()), 0.0)), currency))
        for name, by in entry.params_amt.items()
    }
    return entry.params | amounts


def _read_rules(reader: _Reader) -> None:
    draft = reader.draft
    for path in sorted((draft.root / "rules").glob("*.yaml")):
        file = draft.name_of(path)
        document = reader.document(file)
        if document is None:
            continue
        pack = str(document.plain.get("pack", "")) if isinstance(document.plain, Mapping) else ""
        draft.packs[file] = pack
        for position, part in enumerate(reader.entries(file, "rules")):
            if entry := reader.entry(file, part, ("rules", position), RuleEntry):
                draft.rules.append(RuleSource(entry, pack, path, position, _params(entry, draft.bank.currency)))


def _read_reasons(reader: _Reader) -> None:
    file = "reasons.yaml"
    if document := reader.document(file):
        reader.draft.reasons = reader.entry(file, document.plain, (), ReasonsFile)


def _read_registers(reader: _Reader) -> None:
    if document := reader.document("economics.yaml"):
        reader.draft.economics = reader.entry("economics.yaml", document.plain, (), EconomicsFile)
    if document := reader.document("parameters.yaml"):
        reader.draft.parameters = reader.entry("parameters.yaml", document.plain, (), ParametersFile)


PARTS: tuple[Callable[[_Reader], None], ...] = (_read_catalogue, _read_rules, _read_reasons, _read_registers)


def read_draft(root: Path, bank: Bank) -> Draft:
    """All that can be read of a policy folder; what cannot is in `found`, with file and line."""
    packs = default_packs(bank.currency) if bank.packs is None else bank.packs
    draft = Draft(root, bank, chosen_packs=tuple(packs))
    reader = _Reader(draft)
    for read in PARTS:
        read(reader)
    return draft

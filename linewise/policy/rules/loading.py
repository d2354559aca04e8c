"""The rules that hold for one bank on one day: of its packs, in force, switched on, and able to be evaluated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from linewise.core.errors import PolicyInvalid
from linewise.policy.amounts import amount_in
from linewise.policy.rules.entry import RulesFile
from linewise.policy.rules.source import RuleSource
from linewise.policy.yaml_source import load_checked

__all__ = ["default_packs", "read_rules", "rules_in_force"]

PACKS_OF_CURRENCY = {"CNY": ("cn", "bank"), "USD": ("us", "bank")}
"""Whose rules are taken where the settings name no packs; any other currency takes those of the Union."""


def default_packs(currency: str) -> tuple[str, ...]:
    """The packs of a bank that names none, by the currency in which it keeps its books."""
    return PACKS_OF_CURRENCY.get(currency, ("eu", "bank"))


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    content: RulesFile


def _files(folder: Path) -> list[_File]:
    return [_File(path, load_checked(path, RulesFile)) for path in sorted((folder / "rules").glob("*.yaml"))]


def _chosen(files: Sequence[_File], packs: Sequence[str] | None, currency: str, folder: Path) -> list[_File]:
    """The files of the packs, in the order in which the packs are named."""
    there = {file.content.pack for file in files}
    packs = default_packs(currency) if packs is None else packs
    for pack in packs:
        if pack not in there:
            raise PolicyInvalid(
                f"There is no rule pack {pack!r} in {folder / 'rules'}.",
                f"There are: {', '.join(sorted(there)) or 'none'}.",
                "Name others in the setting 'packs'.",
            )
    return [file for pack in dict.fromkeys(packs) for file in files if file.content.pack == pack]


def _sources(file: _File, currency: str) -> Iterator[RuleSource]:
    for position, entry in enumerate(file.content.rules):
        amounts = {
            name: float(amount_in(by_currency, currency, f"{entry.rule_id}.params_amt.{name}", file.path))
            for name, by_currency in entry.params_amt.items()
        }
        yield RuleSource(entry, file.content.pack, file.path, position, entry.params | amounts)


def read_rules(folder: Path, currency: str, packs: Sequence[str] | None = None) -> list[RuleSource]:
    """All rules of the packs of a policy folder, whatever their dates, in the order of packs and files.

    packs: None takes those of the currency. Raises PolicyInvalid for a pack that is not there, a doubled id,
    an amount without a value in the bank's currency, and whatever a file has wrong.
    """
    found: list[RuleSource] = []
    seen: set[str] = set()
    for file in _chosen(_files(folder), packs, currency, folder):
        for source in _sources(file, currency):
            if source.rule.rule_id in seen:
                raise source.invalid("rule_id", "the id stands more than once")
            seen.add(source.rule.rule_id)
            found.append(source)
    return found


def rules_in_force(sources: Sequence[RuleSource], on: date) -> list[RuleSource]:
    """The rules that are switched on and whose dates hold on that day.

    Raises PolicyInvalid where none is: without rules everything would be allowed.
    """
    in_force = [
        source
        for source in sources
        if source.rule.is_on
        and source.rule.effective_from <= on
        and (source.rule.effective_to is None or on <= source.rule.effective_to)
    ]
    if not in_force:
        raise PolicyInvalid(
            f"No rule of the policy is in force on {on:%Y-%m-%d}.",
            "Without rules everything would be allowed.",
            "Look at is_on, effective_from and effective_to of the rules, and at the setting 'packs'.",
        )
    return in_force

"""One policy: rules, catalogue, economics, parameters and sentences of a folder, in a bank's currency."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from linewise.core.errors import PolicyInvalid
from linewise.core.files import sha256_of
from linewise.decisioning.cells import CellPolicy
from linewise.decisioning.columns import RULE_COLUMNS, columns_of
from linewise.decisioning.decide import DecisionPolicy
from linewise.policy.catalogue import Catalogue, load_catalogue
from linewise.policy.economics import load_economics, load_parameters
from linewise.policy.promises import PromisePolicy, load_promises
from linewise.policy.rules import CompiledRules, load_rules
from linewise.policy.sentences import ReasonBook, load_reasons
from linewise.policy.standard_folder import policy_folder
from linewise.policy.terms import Terms, load_cells, load_terms

__all__ = ["Policy", "load_policy"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What decides (`decision`), what is said (`catalogue`, `reasons`), and the hash of all its files."""

    version: str
    currency: str
    decision: DecisionPolicy
    rules: CompiledRules
    catalogue: Catalogue
    reasons: ReasonBook
    cells: CellPolicy
    terms: Terms
    promises: PromisePolicy

    def scored_by_models(self, offer_ids: Collection[str]) -> "Policy":
        """The same where models score these offers too, whatever stands in for their take-up in the catalogue."""
        offers = self.decision.offers.scored_by_models(offer_ids)
        return self if offers is self.decision.offers else replace(self, decision=replace(self.decision, offers=offers))


def _version(root: Path, rules: CompiledRules) -> str:
    """Twelve characters of the hash over all files and the rules of them that are in force."""
    in_force = " ".join(entry.rule_id for entry in rules.entries)
    files = sha256_of(*sorted(root.rglob("*.yaml")))
    return hashlib.sha256(f"{files} {in_force}".encode()).hexdigest()[:12]


def _enforce_relevance(root: Path, catalogue: Catalogue, feature_names: Sequence[str]) -> None:
    """What makes an action relevant is a column of a decision; raises PolicyInvalid."""
    counted = {name for name in columns_of("offer") if RULE_COLUMNS[name].kind != "text"}
    known = {*counted, *feature_names}
    for offer in catalogue.offers:
        for name in offer.relevant_when:
            if name not in known:
                raise PolicyInvalid(
                    f"{root / 'catalogue.yaml'}: {offer.offer_id} is relevant when {name!r}, which is no column.",
                    "A feature, or a flag or a number that rules may name was expected.",
                )
        if offer.saves is not None and offer.saves.of not in feature_names:
            raise PolicyInvalid(
                f"{root / 'catalogue.yaml'}: {offer.offer_id} saves by {offer.saves.of!r}, which is no feature.",
                "A feature in minor units over six months was expected, such as 'fee_sum_amt_180d'.",
            )


def load_policy(
    folder: Path | None,
    currency: str,
    feature_names: Sequence[str],
    on: date,
    packs: Sequence[str] | None = None,
    absent_tables: Collection[str] = (),
    rule_features: Mapping[str, frozenset[str]] | None = None,
) -> Policy:
    """Check and compile a policy folder (None: the standard one) for a currency and a day.

    feature_names are the features of a decision, rule_features those among them that rules may name, with
    the tables that each needs (None: all of them, which need none). packs are those of the rules (None: by
    currency); rules over absent_tables are switched off. Raises PolicyInvalid with file and line.
    """
    root = policy_folder(folder)
    catalogue = load_catalogue(root, currency, on)
    economics = load_economics(root, currency, on)
    affordability, limit, plan, hardship, arbitration = load_parameters(root, currency, economics)
    _enforce_relevance(root, catalogue, feature_names)
    nameable = dict.fromkeys(feature_names, frozenset[str]()) if rule_features is None else rule_features
    rules = load_rules(root, tuple(nameable), on, currency, packs, absent_tables, nameable)
    reasons = load_reasons(root)
    return Policy(
        version=_version(root, rules),
        currency=currency,
        decision=DecisionPolicy(
            offers=catalogue.columns(),
            rules=rules,
            economics=economics,
            affordability=affordability,
            limit=limit,
            plan=plan,
            hardship=hardship,
            arbitration=arbitration,
            reason_code_of=reasons.code_of,
        ),
        rules=rules,
        catalogue=catalogue,
        reasons=reasons,
        cells=load_cells(root),
        terms=load_terms(root, currency),
        promises=load_promises(root, currency),
    )

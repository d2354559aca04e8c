"""`linewise policy vet`: a campaign, a model's promotion or a screen, held against the rules made for it."""

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.console import say, show_json, show_table
from cli.options import home_options, json_option

if TYPE_CHECKING:
    from linewise.core.settings import Settings
    from linewise.policy.scopes import Finding, ScopeChecks

__all__ = ["vet"]

CURRENCY_WITHOUT_BANK = "CNY"


@click.command("vet")
@click.argument("described", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--part", is_flag=True, help="FILE tells of a part only: leave out rules that ask for more.")
@json_option
@home_options
def vet(settings: "Settings", described: Path, part: bool, as_json: bool) -> None:
    """Hold what FILE describes against the rules of its scope: campaign, promotion, screen or bank.

    FILE is YAML with `scope`, `name` and `facts`: columns that docs/rules.md lists. What a whole thing does
    not tell fails closed. The exit code is 4 where a rule stops it; what is only to be reported is shown.

    \b
    Example:
      linewise policy vet spring-campaign.yaml
    """
    from linewise.core.errors import PolicyCheckFailed
    from linewise.policy.described import columns_described

    thing, columns = columns_described(described)
    checks = _checks(settings)
    found = checks.check_part(thing.scope, columns) if part else checks.check(thing.scope, columns)
    if as_json:
        show_json({"scope": thing.scope, "name": thing.name, "findings": [_told(one) for one in found]})
    else:
        rows = [(one.rule.effect, one.rule.rule_id, one.sentence(settings.language)) for one in found]
        show_table(f"{thing.scope} {thing.name}", ["", "rule", "what it says"], rows)
        say(f"{len(checks.rule_ids(thing.scope))} rules for a {thing.scope}, {len(found)} of them hold.")
    stopping = [one.rule.rule_id for one in found if one.stops]
    if stopping:
        raise PolicyCheckFailed(
            f"The {thing.scope} {thing.name!r} is stopped by {', '.join(stopping)}.",
            "No rule was to stop it.",
            "Mend it, or tell in the file what it does not say yet.",
        )


def _checks(settings: "Settings") -> "ScopeChecks":
    from linewise.bank.tables import open_bank
    from linewise.core.clock import BankClock
    from linewise.core.errors import BankMissing
    from linewise.policy.rules import read_rules, rules_in_force
    from linewise.policy.scopes import ScopeChecks
    from linewise.policy.standard_folder import policy_folder

    try:
        currency = open_bank(settings.paths).manifest.currency
    except BankMissing:
        currency = CURRENCY_WITHOUT_BANK
        say(f"No bank is loaded: the rules are those for a bank in {currency}.")
    sources = read_rules(policy_folder(settings.policy), currency, settings.packs)
    return ScopeChecks(rules_in_force(sources, BankClock().now().date()))


def _told(finding: "Finding") -> dict[str, object]:
    rule = finding.rule
    value = None if isnan(finding.value) else finding.value
    return {
        "rule_id": rule.rule_id,
        "effect": rule.effect,
        "stops": finding.stops,
        "because": dict(rule.because),
        "value": value,
    }

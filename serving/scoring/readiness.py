"""Every part of a home looked at in the order of the way of the data: there, missing, or stale."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Literal

from features.card_use.keeping import serving_stamp
from features.catalogue import FEATURE_NAMES, definitions_hash
from features.online import OnlineStore
from features.rows import open_rows
from linewise.bank.tables import open_bank
from linewise.core.clock import BankClock
from linewise.core.errors import LinewiseError, ModelMissing
from linewise.core.settings import Settings
from linewise.decisioning.prices import NO_PRICES
from linewise.ledger.campaign_holds import live_campaigns
from linewise.ledger.store import ledger_of, open_ledger
from linewise.policy.controls import keeps_controls
from linewise.policy.economics import WARNED_BEFORE, read_economics
from linewise.policy.standard_folder import policy_folder
from serving.scoring.answer import utc_of
from serving.scoring.facts import read_roster
from serving.scoring.policy_terms import terms_for
from serving.scoring.registry import NEEDED, champion_versions, local_release
from serving.scoring.release import solved_for, versions_of
from serving.scoring.release_prices import SOLVE_COMMAND, other_prices, read_prices
from serving.scoring.staging import with_policy_held

__all__ = ["OLD_AFTER", "Finding", "examine"]

OLD_AFTER = timedelta(days=2)
"""A nightly build may fail once; features older than two nights are stale."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: whether it is there and fresh, what was found, what to run."""

    part: str
    state: Literal["ok", "missing", "stale"]
    detail: str
    command: str = ""


def _settings(settings: Settings) -> Finding:
    path = settings.paths.settings_path
    found = f"profile {settings.profile}, {path}" if path.exists() else f"profile {settings.profile}, all defaults"
    return Finding("settings", "ok", found)


def _bank(settings: Settings) -> Finding:
    manifest = open_bank(settings.paths).manifest
    rows = sum(table.rows for table in manifest.tables.values())
    return Finding("bank", "ok", f"{manifest.name}: {rows:,} rows, data hash {manifest.data_hash[:12]}")


def _online_features(settings: Settings) -> Finding:
    bank = open_bank(settings.paths)
    roster, now = read_roster(bank), bank.clock(settings).now()
    customer_ids = list(roster.row_of)
    rows = OnlineStore(settings.paths).read(customer_ids)
    refill = "linewise features build && linewise features materialize"
    if open_rows(settings.paths).data_hash != bank.manifest.data_hash:
        return Finding("online features", "stale", "built from other tables than are loaded now", refill)
    absent = len(customer_ids) - int(rows.found.sum())
    if absent:
        return Finding("online features", "stale", f"{absent:,} of {len(customer_ids):,} customers are absent", refill)
    ages = [roster.observed_at(one, now) - utc_of(at) for one, at in zip(customer_ids, rows.as_of, strict=True)]
    oldest = max(ages, default=timedelta(0))
    if oldest > OLD_AFTER:
        return Finding("online features", "stale", f"the oldest row is {oldest.days} days behind the bank", refill)
    found = f"{len(customer_ids):,} customers × {len(FEATURE_NAMES)} features"
    kept = serving_stamp(bank, now)
    if kept is None:
        return Finding("online features", "ok", f"{found}; card postings are summed at each opening, for none are kept")
    return Finding("online features", "ok", f"{found}; card postings summed as of {kept.moment:%Y-%m-%d %H:%M}")


def _models(settings: Settings) -> Finding:
    champions = {name: one for name, one in champion_versions(settings.paths).items() if one is not None}
    for names in NEEDED:
        if not set(names) & set(champions):
            raise ModelMissing(names[0])
    release = local_release(settings.paths)
    serving = {} if release is None else {name: model.version for name, model in release.models.items()}
    named = ", ".join(f"{name} {version}" for name, version in sorted(champions.items()))
    if release is None or serving != champions:
        return Finding("models", "stale", f"champions are {named}; served are {serving or 'none'}", "linewise serve")
    if any(model.spec["definitions_hash"] != definitions_hash() for model in release.models.values()):
        return Finding("models", "stale", "trained on other feature definitions than today's", "linewise model train")
    if release.policy_of:
        named += f"; a rollback holds the policy of the release {release.policy_of} until the next promotion"
    return Finding("models", "ok", named)


def _policy(settings: Settings) -> Finding:
    today = BankClock().now().date()
    policy = terms_for(open_bank(settings.paths), settings).load(settings.policy)
    register = read_economics(policy_folder(settings.policy))
    if soon := register.expired(today + timedelta(days=WARNED_BEFORE)):
        until = min(register.assumptions[name].expires_on for name in soon)
        detail = f"{', '.join(soon)}: the first of them expires on {until}, and nothing is decided from then on"
        return Finding("policy", "stale", detail, "linewise policy check")
    found = f"{len(policy.rules.entries)} rules, {len(policy.catalogue.offers)} offers, version {policy.version}"
    if off := policy.rules.switched_off:
        tables = ", ".join(sorted(frozenset().union(*off.values())))
        found += f"; {len(off)} rules are switched off for want of {tables}"
    return Finding("policy", "ok", found)


def _prices(settings: Settings) -> Finding:
    release = local_release(settings.paths)
    if release is None:
        return Finding("prices", "ok", "none: nothing decides here yet")
    settings = with_policy_held(settings, release)
    policy = terms_for(open_bank(settings.paths), settings).load(settings.policy)
    parts = solved_for(versions_of(release, policy, policy_folder(settings.policy)))
    solved, others = read_prices(settings.paths, parts), other_prices(settings.paths, parts)
    if solved.prices != NO_PRICES:
        named = ", ".join(f"{name} {price:.4g}" for name, price in asdict(solved.prices).items() if price)
        return Finding("prices", "ok", named)
    if others:
        detail = f"solved for other models, rules or code ({', '.join(others)}); they count for nothing here"
        return Finding("prices", "stale", detail, SOLVE_COMMAND)
    return Finding("prices", "ok", "none: nothing is scarce until a portfolio is solved")


def _campaigns(settings: Settings) -> Finding:
    if not settings.paths.ledger_path.exists():
        return Finding("campaigns", "ok", "none lives")
    bank, ledger = open_bank(settings.paths), open_ledger(settings.paths)
    with closing(ledger), ledger.engine.connect() as connection:
        found = live_campaigns(connection, bank.clock(settings).now())
    if not found:
        return Finding("campaigns", "ok", "none lives")
    named = ", ".join(one.campaign_id for one in found)
    if not keeps_controls(terms_for(bank, settings).load(settings.policy).rules.entries):
        detail = f"no rule in force keeps the offers of {named} from their controls: copy rules/bank_campaigns.yaml"
        return Finding("campaigns", "stale", detail, "linewise policy check")
    return Finding("campaigns", "ok", f"{named}: every door keeps their offers from their controls")


def _ledger(settings: Settings) -> Finding:
    path = settings.paths.ledger_path
    if not path.exists():
        return Finding("ledger", "ok", "empty: the first decision makes it")
    ledger_of(settings).close()
    return Finding("ledger", "ok", str(path))


PARTS: dict[str, Callable[[Settings], Finding]] = {
    "settings": _settings,
    "bank": _bank,
    "online features": _online_features,
    "models": _models,
    "policy": _policy,
    "prices": _prices,
    "campaigns": _campaigns,
    "ledger": _ledger,
}


def examine(settings: Settings) -> list[Finding]:
    """One finding a part, in the order of the way of the data; what a part raises becomes its finding."""
    findings = []
    for part, look in PARTS.items():
        try:
            findings.append(look(settings))
        except LinewiseError as err:
            findings.append(Finding(part, "missing", err.given, err.next_step.removeprefix("Run: ")))
    return findings
